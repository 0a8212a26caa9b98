import { AccountMonitors } from "@blink-streams/events"
import { type Epoch, Seq } from "@blink-streams/model"
import { Effect } from "effect"
import { positionInLog } from "./cursorPosition.ts"

/** A time with its zone, so that it means the same on both sides. */
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/

/** Returns the time that a `since` is; `null` for any other text. A cursor never has this form. */
const parseTime = (since: string): Date | null => {
  const time = timePattern.test(since) ? new Date(since) : null
  return time === null || Number.isNaN(time.getTime()) ? null : time
}

/**
 * Returns the position of a `since` in the log that ends at `newest`; `null` for text that is neither `beginning`, a time nor a
 * cursor of this log.
 */
export const startAfter = Effect.fnUntraced(function* (
  since: string,
  newest: { readonly epoch: Epoch; readonly seq: Seq },
) {
  const { log } = yield* AccountMonitors
  const start = since === "beginning" ? since : parseTime(since)
  if (start === null) return positionInLog(since, newest)
  // Events that were appended since then are not part of the snapshot at `newest`.
  return Seq.make(Math.min(yield* Effect.orDie(log.startPosition(start)), newest.seq))
})
