import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Duration, Effect } from "effect"
import type { Credentials } from "../../../AuthContext.ts"
import { BlinkConfig } from "../../../BlinkConfig.ts"
import type { StoredGrant, StoredSession } from "../../../StoredSession.ts"
import { budgeted } from "../budgeted.ts"
import { openPage } from "../oauth/openPage.ts"
import { submitPassword } from "../oauth/submitPassword.ts"
import { finishPasswordSignIn } from "../oauth/tokens.ts"
import { SessionStateStore } from "../store/SessionStateStore.ts"
import { legacyLogin } from "./legacyLogin.ts"
import { signInRateLimit } from "./signInRateLimit.ts"
import { awaitPin, completeSignIn, whileAuthorizing } from "./signInSteps.ts"

/** Validity of a legacy token. The response does not contain it. */
const legacyTokenLifetime = Duration.toMillis("24 hours")

const signInOauth = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
  const { identity } = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  const rateLimited = yield* signInRateLimit(stored, credentials.attended ?? false)
  yield* sessionState.saveUnpublished(rateLimited)
  const flow = yield* budgeted(openPage(stored.hardwareId)).pipe(
    // Nothing was sent: a machine that starts before its network must not use up the daily sign-ins.
    Effect.tapError(({ reason }) =>
      reason._tag === "Unreachable" ? sessionState.saveUnpublished(stored) : Effect.void,
    ),
  )
  const outcome = yield* budgeted(submitPassword(flow, credentials))
  if (outcome.step === "pin") {
    const pending = { dialect: "oauth", channel: outcome.channel, ...outcome.flow } as const
    return yield* awaitPin(rateLimited, pending, outcome.resendSeconds)
  }
  const tokens = finishPasswordSignIn(outcome.flow, stored.hardwareId)
  return yield* completeSignIn(rateLimited, tokens, identity.clientId)
})

const signInLegacy = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
  const sessionState = yield* SessionStateStore
  const rateLimited = yield* signInRateLimit(stored, credentials.attended ?? false)
  yield* sessionState.saveUnpublished(rateLimited)
  const { grant, channel, resendSeconds } = yield* budgeted(legacyLogin(credentials, stored.hardwareId))
  const now = yield* Clock.currentTimeMillis
  const storedGrant: StoredGrant = {
    dialect: "legacy",
    accessToken: grant.token,
    expiresAt: timestampFromMillis(now + legacyTokenLifetime),
    location: { accountId: grant.accountId, tier: grant.tier },
    registrationId: grant.registrationId,
  }
  yield* channel === null
    ? sessionState.persist({ ...rateLimited, grant: storedGrant, pending: null })
    : awaitPin(rateLimited, { dialect: "legacy", channel, grant: storedGrant }, resendSeconds)
})

/** Signs in with a password, in the API of the settings. */
export const signIn = Effect.fn("Session.signIn")(function* (credentials: Credentials) {
  const { dialect } = yield* BlinkConfig
  const { withLock } = yield* SessionStateStore
  const signInStored = dialect === "oauth" ? signInOauth : signInLegacy
  yield* withLock((stored) => whileAuthorizing(signInStored(stored, credentials)))
})
