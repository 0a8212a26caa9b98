import {
  type BlinkAccount,
  type BlinkError,
  type CredentialProvider,
  ensureSignedIn,
} from "@blink-streams/core"
import { Effect, Layer, type Scope } from "effect"
import { type AccountConfig, accountServices } from "./accountServices.ts"

/** The services of one account after `ensureSignedIn` of core, until the scope closes. */
export const signedIn = <E>(
  config: AccountConfig,
  credentials: CredentialProvider<E>,
): Effect.Effect<Layer.Layer<BlinkAccount.BlinkServices>, E | BlinkError, Scope.Scope> =>
  Effect.gen(function* () {
    const context = yield* Layer.build(accountServices(config))
    yield* ensureSignedIn(credentials).pipe(Effect.provideContext(context))
    return Layer.succeedContext(context)
  })
