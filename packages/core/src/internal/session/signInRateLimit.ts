import { timestampFromMillis, timestampToMillis } from "@blink-streams/model"
import { Clock, Duration, Effect } from "effect"
import { blinkError, SignInPaused } from "../../BlinkError.ts"
import type { StoredSession } from "../../StoredSession.ts"

const minimumInterval = Duration.toMillis("10 minutes")
const day = Duration.toMillis("1 day")
const maxPerDay = 5

/**
 * Counts one more sign-in, or fails with `SignInPaused`: at most one in 10 minutes and 5 in a day unless a person
 * asks (`attended`). The count is on disk, so that a program that is restarted in a loop is held back as well.
 */
export const signInRateLimit = Effect.fnUntraced(function* (stored: StoredSession, attended: boolean) {
  const now = yield* Clock.currentTimeMillis
  // One that lies well ahead was counted by a clock that has been set back since: it must not hold for years.
  const recent = stored.signIns.filter(
    (at) => timestampToMillis(at) > now - day && timestampToMillis(at) <= now + minimumInterval,
  )
  const latest = recent.at(-1)
  const oldestCounted = recent.at(-maxPerDay)
  const allowedAt = Math.max(
    latest === undefined ? 0 : timestampToMillis(latest) + minimumInterval,
    oldestCounted === undefined ? 0 : timestampToMillis(oldestCounted) + day,
  )
  if (!attended && allowedAt > now) {
    return yield* blinkError("sign in", new SignInPaused({ retryAfter: Duration.millis(allowedAt - now) }))
  }
  return { ...stored, signIns: [...recent, timestampFromMillis(now)] } satisfies StoredSession
})
