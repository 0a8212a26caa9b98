import { timestampFromMillis, timestampToMillis } from "@blink-streams/model"
import { Clock, Duration, Effect } from "effect"
import { blinkError } from "../../../BlinkError.ts"
import type { StoredSession } from "../../../StoredSession.ts"
import { SignInPaused } from "../../../Reason.ts"
import { signInInterval, signInsPerDay } from "../../rateLimit/retryPolicy.ts"

const day = Duration.toMillis("1 day")

/**
 * Counts a sign-in. Fails with `SignInPaused` unless it is `attended` or within the limit of one in 10
 * minutes and 5 a day. The count is stored, so that the limit holds in a restart loop.
 */
export const signInRateLimit = Effect.fnUntraced(function* (stored: StoredSession, attended: boolean) {
  const now = yield* Clock.currentTimeMillis
  // A time far ahead was counted before the clock was set back. It must not block sign-ins for years.
  const recent = stored.signIns.filter(
    (at) => timestampToMillis(at) > now - day && timestampToMillis(at) <= now + signInInterval,
  )
  const latest = recent.at(-1)
  const oldestCounted = recent.at(-signInsPerDay)
  const allowedAt = Math.max(
    latest === undefined ? 0 : timestampToMillis(latest) + signInInterval,
    oldestCounted === undefined ? 0 : timestampToMillis(oldestCounted) + day,
  )
  if (!attended && allowedAt > now) {
    return yield* blinkError(
      "sign in",
      new SignInPaused({ retryAfter: Duration.millis(allowedAt - now) }),
      "no",
    )
  }
  return { ...stored, signIns: [...recent, timestampFromMillis(now)] } satisfies StoredSession
})
