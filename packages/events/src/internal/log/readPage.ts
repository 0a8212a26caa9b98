import type { Seq } from "@blink-streams/model"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { CursorExpired, LogError } from "../../LogError.ts"
import type { LogStats } from "./retention.ts"

const expired = (oldest: number) => new LogError({ operation: "read", reason: new CursorExpired({ oldest }) })

/** Reads up to `limit` events after `after`, as the JSON text that is stored; see `EventLogContract.read`. */
export const readPage = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  stats: () => LogStats,
  after: Seq,
  limit: number,
) {
  const { oldest, newest } = stats()
  // A `seq` ahead of the log belongs to a log that continued after this copy was made.
  if (after + 1 < oldest || after > newest) return yield* expired(oldest)
  if (after === newest || limit <= 0) return []
  const rows = yield* sql<{ seq: Seq; text: string; backfilled: number }>`
    SELECT seq, body AS text, backfilled FROM events WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`
  // An append may have deleted the next events while this reader waited for its turn.
  const first = rows[0]?.seq ?? stats().newest + 1
  if (first !== after + 1) return yield* expired(Math.max(first, stats().oldest))
  return rows.map(({ seq, text, backfilled }) => ({ seq, text, backfilled: backfilled === 1 }))
})
