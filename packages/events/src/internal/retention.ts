import { Duration, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { Retention } from "../EventLog.ts"

export const defaultRetention: Retention = {
  events: 1_000_000,
  bytes: 512 * 1024 * 1024,
  age: "90 days",
  memory: "400 days",
}

/** What the log holds: places `oldest` to `newest`. `oldestAt` is infinite while it is empty. */
export interface Held {
  readonly oldest: number
  readonly oldestAt: number
  readonly newest: number
  readonly bytes: number
}

/** When a limit is reached this share is cut off as well, so that cutting is rare. */
const slack = 1 / 16

/** Rows that are weighed at a time. */
const chunk = 1000

/** The last place that has to go so that `bytes` are freed; read from the oldest on, and no further than needed. */
const placeThatFrees = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, held: Held, bytes: number) {
  let place = held.oldest - 1
  for (let freed = 0; freed < bytes;) {
    const rows = yield* sql<{ seq: number; bytes: number }>`
      SELECT seq, octet_length(body) AS bytes FROM events WHERE seq > ${place} ORDER BY seq LIMIT ${chunk}`
    if (rows.length === 0) break
    for (const row of rows) {
      if (freed >= bytes) break
      freed += row.bytes
      place = row.seq
    }
  }
  return place
})

/** Cuts off what exceeds the limits, in the transaction of an append. Answers what is held then. */
export const prune = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  held: Held,
  keep: Retention,
  now: number,
) {
  const horizon = now - Duration.toMillis(keep.age)
  const tooMany = held.newest - held.oldest + 1 > keep.events
  const tooBig = held.bytes > keep.bytes
  if (!tooMany && !tooBig && held.oldestAt >= horizon) return held
  const [young] = yield* sql<{ seq: number }>`
    SELECT seq FROM events WHERE recorded_at >= ${horizon} ORDER BY seq LIMIT 1`
  const cut = Math.max(
    (young?.seq ?? held.newest + 1) - 1,
    tooMany ? held.newest - Math.floor(keep.events * (1 - slack)) : 0,
    tooBig ? yield* placeThatFrees(sql, held, held.bytes - keep.bytes * (1 - slack)) : 0,
  )
  const [gone] = yield* sql<{ bytes: number }>`
    SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM events WHERE seq <= ${cut}`
  yield* sql`DELETE FROM events WHERE seq <= ${cut}`
  // Should no event be left, the next one must not take a place that was taken.
  yield* sql`UPDATE log SET newest = ${held.newest}`
  const [first] = yield* sql<{ at: number }>`SELECT recorded_at AS at FROM events ORDER BY seq LIMIT 1`
  const after: Held = {
    oldest: cut + 1,
    oldestAt: first?.at ?? Number.POSITIVE_INFINITY,
    newest: held.newest,
    bytes: held.bytes - (gone?.bytes ?? 0),
  }
  return after
})
