import { Effect, Redacted } from "effect"
import { BlinkConfig, hostedIdentity } from "../../../BlinkConfig.ts"
import { blinkError } from "../../../BlinkError.ts"
import { SignedOut } from "../../../Reason.ts"
import type { StoredSession } from "../../../StoredSession.ts"
import { authorizeUrl } from "../oauth/pageRequest.ts"
import { challengeOf, randomText } from "../oauth/pkce.ts"
import { finishHostedSignIn } from "../oauth/tokens.ts"
import { SessionStateStore } from "../store/SessionStateStore.ts"
import { awaitPin, completeSignIn, whileAuthorizing } from "./signInSteps.ts"

const startStored = Effect.fnUntraced(function* (stored: StoredSession) {
  const settings = yield* BlinkConfig
  const verifier = yield* randomText
  const state = yield* randomText
  const pending = {
    dialect: "hosted",
    channel: "browser",
    verifier: Redacted.make(verifier),
    state,
  } as const
  yield* awaitPin(stored, pending, 0)
  const query = { state, prompt: "login", dark_mode: "false" }
  return authorizeUrl(settings, hostedIdentity, stored.hardwareId, yield* challengeOf(verifier), query)
})

/** Starts a sign-in on the vendor's page. Returns its address. */
export const startHosted = SessionStateStore.use(({ withLock }) => withLock(startStored))

/** Finishes a sign-in on the vendor's page with the address to which it redirected. */
export const finishHosted = Effect.fn("Session.finishHosted")(function* (finalUrl: Redacted.Redacted) {
  const { withLock } = yield* SessionStateStore
  yield* withLock(
    Effect.fnUntraced(function* (stored: StoredSession) {
      const { pending } = stored
      if (pending?.dialect !== "hosted" || !pending.verifier || pending.state === undefined)
        return yield* blinkError("finish sign-in", new SignedOut({}), "no")
      const tokens = finishHostedSignIn(pending.verifier, pending.state, finalUrl)
      return yield* whileAuthorizing(completeSignIn(stored, tokens, hostedIdentity.clientId))
    }),
  )
})
