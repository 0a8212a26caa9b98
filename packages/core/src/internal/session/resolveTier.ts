import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Equal, Option } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import { BlinkConfig } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Budget } from "../../Budget.ts"
import { PinRequired } from "../../Reason.ts"
import type { StoredGrant, StoredSession } from "../../StoredSession.ts"
import type { Transport } from "../http/Transport.ts"
import { tierRetry } from "../rateLimit/retryPolicy.ts"
import { budgeted } from "./budgeted.ts"
import { fetchRegistration, sendPin } from "./clientRegistration.ts"
import { type LocatedGrant, toAuthContext } from "./grants.ts"
import { SessionStateStore } from "./store/SessionStateStore.ts"
import { fetchTier } from "./tier.ts"

/** Waits for another code. A working session stays in use until then. */
const awaitVerification = Effect.fnUntraced(function* (
  stored: StoredSession,
  grant: LocatedGrant,
  channel: string,
) {
  const settings = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  // Only the user sees whether the code arrived; a new sign-in sends another.
  const resendSeconds = yield* Effect.option(
    budgeted(sendPin(toAuthContext(settings, grant, grant.location))),
  )
  const isNew = stored.grant === null || !Equal.equals(stored.grant.accessToken, grant.accessToken)
  const now = yield* Clock.currentTimeMillis
  yield* sessionState.persist({
    ...stored,
    grant: isNew ? stored.grant : null,
    pending: {
      dialect: "oauth",
      channel,
      grant,
      startedAt: timestampFromMillis(now),
      resendAfter: timestampFromMillis(now + Option.getOrElse(resendSeconds, () => 0) * 1000),
      wrongPins: 0,
    },
  })
  return yield* blinkError("use session", new PinRequired({ channel }), "no")
})

/**
 * Fetches the account's tier and, the first time, the client registration, and stores both. Tokens are kept
 * when this fails. Fails with `PinRequired` when the client must be verified first.
 */
export const resolveTier = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
  const settings = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  const location = yield* budgeted(fetchTier(grant.accessToken)).pipe(Effect.retry(tierRetry))
  const located: LocatedGrant = { ...grant, location }
  // The sign-in must not fail because of this request.
  const registration =
    grant.registrationId === null
      ? Option.getOrNull(
          yield* Effect.option(budgeted(fetchRegistration(toAuthContext(settings, located, location)))),
        )
      : null
  const complete = registration === null ? located : { ...located, registrationId: registration.id }
  if (registration?.needsPin === true) return yield* awaitVerification(stored, complete, registration.channel)
  yield* sessionState.persist({ ...stored, grant: complete })
  return toAuthContext(settings, complete, location)
})

/** Auth context of `grant`; fetches the tier first if it is unknown. */
export const withTier = Effect.fnUntraced(function* (
  grant: StoredGrant,
): Effect.fn.Return<AuthContext, BlinkError, BlinkConfig | Budget | SessionStateStore | Transport> {
  const settings = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  if (grant.location !== null) return toAuthContext(settings, grant, grant.location)
  return yield* sessionState.withLock((stored) => {
    if (stored.grant === null) return sessionState.noSession
    const { location } = stored.grant
    return location === null
      ? resolveTier(stored, stored.grant)
      : Effect.succeed(toAuthContext(settings, stored.grant, location))
  })
})
