import { Duration, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { Retention } from "../../EventLogContract.ts"

export const defaultRetention: Retention = {
  events: 1_000_000,
  bytes: 512 * 1024 * 1024,
  age: "90 days",
  metadata: "400 days",
}

/** First and last `seq` of the log and its size. `oldestAt` is infinite while the log is empty. */
export interface LogStats {
  readonly oldest: number
  readonly oldestAt: number
  readonly newest: number
  readonly bytes: number
}

/** Share that is deleted in addition when a limit is reached, so that deletions are rare. */
const slack = 1 / 16

/** Rows that are measured at a time. */
const chunk = 1000

/** Last `seq` to delete so that `bytes` are freed. Reads from the oldest event on, no further than needed. */
const lastSeqToDelete = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  stats: LogStats,
  bytes: number,
) {
  let lastSeq = stats.oldest - 1
  for (let freed = 0; freed < bytes;) {
    const rows = yield* sql<{ seq: number; bytes: number }>`
      SELECT seq, octet_length(body) AS bytes FROM events WHERE seq > ${lastSeq} ORDER BY seq LIMIT ${chunk}`
    if (rows.length === 0) break
    for (const row of rows) {
      if (freed >= bytes) break
      freed += row.bytes
      lastSeq = row.seq
    }
  }
  return lastSeq
})

/** Deletes what exceeds the limits, in the transaction of an append. Returns the stats after it. */
export const prune = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  stats: LogStats,
  retention: Retention,
  now: number,
) {
  const horizon = now - Duration.toMillis(retention.age)
  const tooMany = stats.newest - stats.oldest + 1 > retention.events
  const tooBig = stats.bytes > retention.bytes
  if (!tooMany && !tooBig && stats.oldestAt >= horizon) return stats
  const [firstRetained] = yield* sql<{ seq: number }>`
    SELECT seq FROM events WHERE recorded_at >= ${horizon} ORDER BY seq LIMIT 1`
  const deleteUpTo = Math.max(
    (firstRetained?.seq ?? stats.newest + 1) - 1,
    tooMany ? stats.newest - Math.floor(retention.events * (1 - slack)) : 0,
    tooBig ? yield* lastSeqToDelete(sql, stats, stats.bytes - retention.bytes * (1 - slack)) : 0,
  )
  const [deleted] = yield* sql<{ bytes: number }>`
    SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM events WHERE seq <= ${deleteUpTo}`
  yield* sql`DELETE FROM events WHERE seq <= ${deleteUpTo}`
  // Keeps `seq` increasing when no event is left.
  yield* sql`UPDATE log SET newest = ${stats.newest}`
  const [first] = yield* sql<{ at: number }>`SELECT recorded_at AS at FROM events ORDER BY seq LIMIT 1`
  const after: LogStats = {
    oldest: deleteUpTo + 1,
    oldestAt: first?.at ?? Number.POSITIVE_INFINITY,
    newest: stats.newest,
    bytes: stats.bytes - (deleted?.bytes ?? 0),
  }
  return after
})
