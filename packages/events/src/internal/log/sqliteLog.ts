import {
  type AccountId,
  type AccountState,
  Epoch,
  type BlinkEvent,
  type RecordedEvent,
  Seq,
} from "@blink-streams/model"
import { Clock, Duration, Effect, PubSub, type Schema } from "effect"
import type { SqlClient } from "effect/sql"
import type { Batch, EventLogContract, Retention } from "../../EventLogContract.ts"
import { CursorExpired, LogCorrupt, LogError, LogTooNew } from "../../LogError.ts"
import { asStale } from "./asStale.ts"
import { type VersionedState, makeSubscribers } from "./subscribers.ts"
import { defaultRetention, type LogStats, prune } from "./retention.ts"
import { createTables, schemaVersion } from "./schema.ts"
import { openSqlite } from "./sqlite.ts"
import { toLogError } from "./toLogError.ts"

/** Parses what this log has written itself from values of these types, without validation. */
const parseEvent = (text: string): BlinkEvent => JSON.parse(text)
const parseState = (text: string): AccountState => JSON.parse(text)
const parseJson = (text: string): Schema.Json => JSON.parse(text)

const expired = (oldest: number) => new LogError({ operation: "read", reason: new CursorExpired({ oldest }) })

/** Returns the epoch of the log in the file; creates the tables in a new one. */
const openTables = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [version] = yield* sql<{ user_version: number }>`PRAGMA user_version`
  const found = version?.user_version ?? 0
  if (found > schemaVersion)
    return yield* new LogError({ operation: "open", reason: new LogTooNew({ version: found }) })
  if (found === 0) yield* createTables(sql, globalThis.crypto.randomUUID())
  const [log] = yield* sql<{ epoch: string; newest: number }>`SELECT epoch, newest FROM log`
  if (log === undefined)
    return yield* new LogError({
      operation: "open",
      reason: new LogCorrupt({ cause: "the table `log` is empty" }),
    })
  return log
})

/**
 * Opens the log of one SQLite file. This process is its only writer, so its size and newest `seq` are kept in memory.
 */
export const openSqliteLog = Effect.fnUntraced(
  function* (options: { readonly filename: string; readonly retention?: Partial<Retention> }) {
    const retention: Retention = { ...defaultRetention, ...options.retention }
    const { sql, batch } = yield* openSqlite(options.filename)
    const log = yield* openTables(sql)
    const epoch = Epoch.make(log.epoch)
    const [found] = yield* sql<{
      oldest: number | null
      newest: number | null
      bytes: number | null
      at: number | null
    }>`
      SELECT min(seq) AS oldest, max(seq) AS newest, sum(octet_length(body)) AS bytes,
        (SELECT recorded_at FROM events ORDER BY seq LIMIT 1) AS at FROM events`
    const last = Math.max(log.newest, found?.newest ?? 0)
    let stats: LogStats = {
      oldest: found?.oldest ?? last + 1,
      oldestAt: found?.at ?? Number.POSITIVE_INFINITY,
      newest: last,
      bytes: found?.bytes ?? 0,
    }
    let metadataPrunedAt = Number.NEGATIVE_INFINITY
    const states = new Map<AccountId, VersionedState>()
    let versions = 0
    for (const { account, body } of yield* sql<{
      account: AccountId
      body: string
    }>`SELECT account, body FROM states ORDER BY account`)
      states.set(account, { seq: stats.newest, version: ++versions, state: parseState(body) })
    const appended = yield* PubSub.sliding<null>({ capacity: 1 })

    /** Inserts the events that are not in the log yet, in order. Returns them and their size. */
    const insert = (account: AccountId, events: ReadonlyArray<BlinkEvent>, now: number) =>
      batch(
        "INSERT INTO events (seq, account, id, recorded_at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (account, id) DO NOTHING",
        (run) => {
          const recorded: Array<RecordedEvent> = []
          let added = 0
          for (const event of events) {
            const seq = Seq.make(stats.newest + recorded.length + 1)
            const body = JSON.stringify(event)
            // The unique index rejects an event that is in the log.
            if (run(seq, account, event.id, now, body) === 0) continue
            recorded.push({ epoch, seq, event })
            added += Buffer.byteLength(body)
          }
          return { recorded, bytes: added }
        },
      )

    const write = Effect.fnUntraced(function* (changes: Batch, now: number) {
      const { recorded, bytes: addedBytes } = yield* insert(changes.account, changes.events, now)
      for (const { source, value } of changes.checkpoints ?? [])
        yield* sql`
          INSERT INTO checkpoints (account, source, body) VALUES (${changes.account}, ${source}, ${JSON.stringify(value)})
          ON CONFLICT DO UPDATE SET body = excluded.body`
      if (changes.metadata !== undefined && changes.metadata.length > 0)
        yield* sql`
          INSERT INTO metadata (account, key, written_at, body)
          SELECT ${changes.account}, value ->> 'key', ${now}, value -> 'value'
          FROM json_each(${JSON.stringify(changes.metadata)}) WHERE true
          ON CONFLICT DO UPDATE SET body = excluded.body, written_at = excluded.written_at`
      if (changes.state !== undefined)
        yield* sql`
          INSERT INTO states (account, body) VALUES (${changes.account}, ${JSON.stringify(changes.state)})
          ON CONFLICT DO UPDATE SET body = excluded.body`
      const grown: LogStats = {
        oldest: stats.oldest,
        oldestAt: recorded.length > 0 ? Math.min(stats.oldestAt, now) : stats.oldestAt,
        newest: stats.newest + recorded.length,
        bytes: stats.bytes + addedBytes,
      }
      const after = yield* prune(sql, grown, retention, now)
      const metadataDue = now - metadataPrunedAt > 3_600_000
      if (metadataDue)
        yield* sql`DELETE FROM metadata WHERE written_at < ${now - Duration.toMillis(retention.metadata)}`
      return { recorded, after, metadataDue }
    })

    /** A batch that was not written leaves the published state outdated. */
    const markStale = ({ account }: Batch) =>
      Effect.suspend(() => {
        const known = states.get(account)
        if (known === undefined || known.state.stale) return Effect.void
        states.set(account, { seq: stats.newest, version: ++versions, state: asStale(known.state) })
        return PubSub.publish(appended, null)
      })

    const append = Effect.fnUntraced(
      function* (changes: Batch) {
        // The clock may count fractions; the column does not.
        const now = Math.floor(yield* Clock.currentTimeMillis)
        const { recorded, after, metadataDue } = yield* sql.withTransaction(write(changes, now))
        // Only a commit changes the values that are kept in memory.
        stats = after
        if (metadataDue) metadataPrunedAt = now
        if (changes.state !== undefined)
          states.set(changes.account, { seq: stats.newest, version: ++versions, state: changes.state })
        if (recorded.length > 0 || changes.state !== undefined) yield* PubSub.publish(appended, null)
        return recorded
      },
      (effect, changes) => Effect.tapError(effect, () => markStale(changes)),
      Effect.mapError(toLogError("append")),
      Effect.uninterruptible,
    )

    const readEncoded = Effect.fnUntraced(
      function* (after: Seq, limit: number) {
        // A `seq` ahead of the log belongs to a log that continued after this copy was made.
        if (after + 1 < stats.oldest || after > stats.newest) return yield* expired(stats.oldest)
        if (after === stats.newest || limit <= 0) return []
        const rows = yield* sql<{ seq: Seq; text: string }>`
        SELECT seq, body AS text FROM events WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`
        // An append may have deleted the next events while this reader waited for its turn.
        const first = rows[0]?.seq ?? stats.newest + 1
        if (first !== after + 1) return yield* expired(Math.max(first, stats.oldest))
        return rows
      },
      Effect.mapError(toLogError("read")),
    )

    const read = (after: Seq, limit: number) =>
      Effect.map(readEncoded(after, limit), (rows) =>
        rows.map(({ seq, text }): RecordedEvent => ({ epoch, seq, event: parseEvent(text) })),
      )

    const { follow, changes } = makeSubscribers({
      read,
      appended,
      states: () => states.values(),
      now: () => ({ seq: Seq.make(stats.newest), version: versions }),
    })

    const checkpoint = Effect.fnUntraced(
      function* (account: AccountId, source: string) {
        const [row] = yield* sql<{ body: string }>`
        SELECT body FROM checkpoints WHERE account = ${account} AND source = ${source}`
        return row === undefined ? null : parseJson(row.body)
      },
      Effect.mapError(toLogError("checkpoint")),
    )

    const getMetadata = Effect.fnUntraced(
      function* (account: AccountId, keys: ReadonlyArray<string>) {
        const rows = yield* sql<{ key: string; body: string }>`
        SELECT key, body FROM metadata WHERE account = ${account}
        AND key IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`
        return new Map(rows.map(({ key, body }) => [key, parseJson(body)]))
      },
      Effect.mapError(toLogError("getMetadata")),
    )

    const service: EventLogContract = {
      epoch,
      append,
      checkpoint,
      getMetadata,
      bounds: Effect.sync(() => ({ oldest: Seq.make(stats.oldest), newest: Seq.make(stats.newest) })),
      read,
      readEncoded,
      follow,
      snapshot: Effect.sync(() => ({
        epoch,
        seq: Seq.make(stats.newest),
        state: { accounts: [...states.values()].map(({ state }) => state) },
      })),
      changes,
    }
    return service
  },
  Effect.mapError(toLogError("open")),
)
