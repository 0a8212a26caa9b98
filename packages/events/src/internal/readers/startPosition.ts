import { type Epoch, parseCursor, Seq } from "@blink-streams/model"
import { Effect } from "effect"
import { CursorExpired, LogError } from "../../LogError.ts"
import type { LogStats } from "../log/retention.ts"
import type { Database } from "../log/sqlite.ts"

/**
 * The position before the first event that was recorded at or after `millis`. Events are recorded in the order of time,
 * so it is found by halving: a scan of the whole log would block the process.
 */
const positionAt = Effect.fnUntraced(function* (
  { recordedAt }: Database,
  { oldest, newest }: LogStats,
  millis: number,
) {
  let [low, high] = [oldest, newest + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (((yield* recordedAt(middle)) ?? Number.NEGATIVE_INFINITY) < millis) low = middle + 1
    else high = middle
  }
  return Seq.make(low - 1)
})

/** See `EventLogContract.startPosition`. */
export const startPosition = Effect.fnUntraced(function* (
  database: Database,
  log: { readonly epoch: Epoch; readonly stats: () => LogStats },
  since: Date | string,
) {
  const { oldest, newest } = log.stats()
  if (since === "beginning") return Seq.make(oldest - 1)
  if (since instanceof Date && !Number.isNaN(since.getTime()))
    return yield* positionAt(database, log.stats(), since.getTime())
  const position = typeof since === "string" ? parseCursor(since) : null
  if (position?.epoch !== log.epoch || position.seq + 1 < oldest || position.seq > newest)
    return yield* new LogError({ operation: "events", reason: new CursorExpired({ oldest }) })
  return position.seq
})
