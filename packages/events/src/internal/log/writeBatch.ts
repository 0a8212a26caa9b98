import { type BlinkEvent, type Epoch, type RecordedEvent, Seq } from "@blink-streams/model"
import { Duration, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { Batch, Retention } from "../../EventLogContract.ts"
import type { ReaderPosition } from "../readers/ReaderPositions.ts"
import { updateReaders } from "../readers/readerTable.ts"
import { type LogStats, prune } from "./retention.ts"
import type { Database } from "./sqlite.ts"

/** Values of a log that are kept in memory and change only with a commit. */
export interface LogPosition {
  readonly stats: LogStats
  /** Time at which old metadata was deleted last, in milliseconds since the Unix epoch. */
  readonly metadataPrunedAt: number
}

/** Time between two deletions of old metadata, in milliseconds. */
const metadataPruneInterval = 3_600_000

/** Inserts the events that are not in the log yet, in order. Returns them and their size. */
const insertEvents = (
  { batch }: Database,
  { epoch, newest }: { readonly epoch: Epoch; readonly newest: number },
  { account, events }: Batch,
  now: number,
) =>
  batch(
    "INSERT INTO events (seq, account, id, recorded_at, backfilled, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, id) DO NOTHING",
    (run) => {
      const recorded: Array<RecordedEvent> = []
      let bytes = 0
      for (const event of events) {
        const seq = Seq.make(newest + recorded.length + 1)
        const body = JSON.stringify(event satisfies BlinkEvent)
        // The unique index rejects an event that is in the log.
        if (run(seq, account, event.id, now, event.backfilled === true ? 1 : 0, body) === 0) continue
        recorded.push({ epoch, seq, event })
        bytes += Buffer.byteLength(body)
      }
      return { recorded, bytes }
    },
  )

/** Writes the checkpoints, the metadata and the state of a batch. */
const writeNotes = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { account, checkpoints = [], metadata = [], state }: Batch,
  now: number,
) {
  for (const { source, value } of checkpoints)
    yield* sql`
      INSERT INTO checkpoints (account, source, body) VALUES (${account}, ${source}, ${JSON.stringify(value)})
      ON CONFLICT DO UPDATE SET body = excluded.body`
  if (metadata.length > 0)
    yield* sql`
      INSERT INTO metadata (account, key, written_at, body)
      SELECT ${account}, value ->> 'key', ${now}, value -> 'value'
      FROM json_each(${JSON.stringify(metadata)}) WHERE true
      ON CONFLICT DO UPDATE SET body = excluded.body, written_at = excluded.written_at`
  if (state !== undefined)
    yield* sql`
      INSERT INTO states (account, body) VALUES (${account}, ${JSON.stringify(state)})
      ON CONFLICT DO UPDATE SET body = excluded.body`
})

/**
 * Writes a batch and the positions of readers, and deletes what exceeds the limits, inside a transaction. Returns the
 * position after it.
 */
export const writeBatch = Effect.fnUntraced(function* (
  database: Database,
  log: {
    readonly epoch: Epoch
    readonly retention: Retention
    readonly position: LogPosition
    /** Positions of readers to write when the log begins at `oldest`. */
    readonly dueReaders: (oldest: number) => ReadonlyArray<ReaderPosition>
  },
  changes: Batch,
  now: number,
) {
  const { sql } = database
  const { stats, metadataPrunedAt } = log.position
  const inserted = yield* insertEvents(database, { epoch: log.epoch, newest: stats.newest }, changes, now)
  const { recorded } = inserted
  yield* writeNotes(sql, changes, now)
  const grown: LogStats = {
    oldest: stats.oldest,
    oldestAt: recorded.length > 0 ? Math.min(stats.oldestAt, now) : stats.oldestAt,
    newest: stats.newest + recorded.length,
    bytes: stats.bytes + inserted.bytes,
  }
  const after = yield* prune(sql, grown, log.retention, now)
  const readers = log.dueReaders(after.oldest)
  if (readers.length > 0) yield* updateReaders(database, readers, now)
  const metadataDue = now - metadataPrunedAt > metadataPruneInterval
  if (metadataDue)
    yield* sql`DELETE FROM metadata WHERE written_at < ${now - Duration.toMillis(log.retention.metadata)}`
  const position: LogPosition = {
    stats: after,
    metadataPrunedAt: metadataDue ? now : metadataPrunedAt,
  }
  return { recorded, readers, position }
})
