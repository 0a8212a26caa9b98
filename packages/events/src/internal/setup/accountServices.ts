import {
  BlinkAccount,
  type BlinkError,
  blinkError,
  type CredentialProvider,
  ensureSignedIn,
  SignedOut,
} from "@blink-streams/core"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import type { AccountMonitorServices } from "../../AccountMonitorContract.ts"
import type { MonitorAccountOptions, SignInPrompt } from "./MonitorAccountOptions.ts"

/** Credentials from prompts. Without `onPrompt` each is rejected with `SignedOut`. */
const promptThrough = (onPrompt: MonitorAccountOptions["onPrompt"]): CredentialProvider<BlinkError> => {
  const prompt = (request: SignInPrompt): Effect.Effect<string, BlinkError> =>
    onPrompt === undefined
      ? Effect.fail(blinkError("sign in", new SignedOut({}), "no"))
      : Effect.promise(() => onPrompt(request))
  const secret = (request: SignInPrompt) => Effect.map(prompt(request), (value) => Redacted.make(value))
  return {
    attended: false,
    email: prompt({ kind: "email" }),
    password: secret({ kind: "password" }),
    pin: ({ attempt, channel }) => secret({ kind: "two_factor", attempt, channel }),
  }
}

/** The services of one account over `fetch`, signed in. **Errors.** Those of the sign-in. */
export const accountServices = ({
  store,
  onPrompt,
  dialect,
  apiUrl,
  oauthUrl,
}: MonitorAccountOptions): Layer.Layer<AccountMonitorServices, BlinkError> => {
  const account = Layer.provide(
    BlinkAccount.layer({ config: { dialect, apiUrl, oauthUrl }, store }),
    FetchHttpClient.layer,
  )
  return Layer.provideMerge(Layer.effectDiscard(ensureSignedIn(promptThrough(onPrompt))), account)
}
