import { Effect, type Redacted } from "effect"
import type { AuthContext, Credentials } from "../../AuthContext.ts"
import type { BlinkConfig } from "../../BlinkConfig.ts"
import type { Budget } from "../../Budget.ts"
import type { Transport } from "../http/Transport.ts"
import { currentContext, renewContext } from "./currentContext.ts"
import { makeRefreshTier } from "./refreshTier.ts"
import { SessionStateStore } from "./store/SessionStateStore.ts"
import { finishHosted, startHosted } from "./signIn/hostedSignIn.ts"
import { signIn } from "./signIn/passwordSignIn.ts"
import { submitPin } from "./signIn/submitPin.ts"
import { signOut } from "./signOut.ts"
import { TokenRenewal } from "./TokenRenewal.ts"

type Dependencies = BlinkConfig | Budget | SessionStateStore | TokenRenewal | Transport

/** `Session`: the steps of its state machine with their services. */
export const makeSession = Effect.gen(function* () {
  const dependencies = yield* Effect.context<Dependencies>()
  const { state } = yield* SessionStateStore
  const { invalidateToken } = yield* TokenRenewal
  const refreshTier = yield* makeRefreshTier
  const provide = <A, E>(effect: Effect.Effect<A, E, Dependencies>) => Effect.provide(effect, dependencies)

  return {
    state,
    signIn: (credentials: Credentials) => provide(signIn(credentials)),
    submitPin: (pin: Redacted.Redacted) => provide(submitPin(pin)),
    startHosted: provide(startHosted),
    finishHosted: (finalUrl: Redacted.Redacted) => provide(finishHosted(finalUrl)),
    current: provide(currentContext),
    renew: (rejected: AuthContext) => provide(renewContext(rejected)),
    invalidate: (rejected: AuthContext) => invalidateToken(rejected.token),
    refreshTier: (rejected: AuthContext) => provide(refreshTier(rejected)),
    logout: provide(signOut),
  }
})
