import { fromMillis, toMillis } from "@blink-streams/model/Timestamp"
import { Clock, Duration, Effect } from "effect"
import { blinkError, SignInPaused } from "../BlinkError.ts"
import type { StoredSession } from "../StoredSession.ts"

const pause = Duration.toMillis("10 minutes")
const day = Duration.toMillis("1 day")
const perDay = 5

/**
 * Counts one more sign-in, or fails with `SignInPaused`: at most one in 10 minutes and 5 in a day unless a person
 * asks (`attended`). The count is on disk, so that a program that is restarted in a loop is held back as well.
 */
export const signInBrake = Effect.fnUntraced(function* (stored: StoredSession, attended: boolean) {
  const now = yield* Clock.currentTimeMillis
  // One that lies well ahead was counted by a clock that has been set back since: it must not hold for years.
  const recent = stored.signIns.filter((at) => toMillis(at) > now - day && toMillis(at) <= now + pause)
  const latest = recent.at(-1)
  const oldestThatCounts = recent.at(-perDay)
  const freeAt = Math.max(
    latest === undefined ? 0 : toMillis(latest) + pause,
    oldestThatCounts === undefined ? 0 : toMillis(oldestThatCounts) + day,
  )
  if (!attended && freeAt > now) {
    return yield* blinkError("sign in", new SignInPaused({ retryAfter: Duration.millis(freeAt - now) }))
  }
  return { ...stored, signIns: [...recent, fromMillis(now)] } satisfies StoredSession
})
