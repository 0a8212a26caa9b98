import {
  type AccountId,
  type AccountState,
  Epoch,
  type HomeEvent,
  type RecordedEvent,
  Seq,
} from "@blink-streams/model"
import { Clock, Duration, Effect, Option, PubSub, type Schema, Stream } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { Batch, EventLog, LogChange, Retention } from "../EventLog.ts"
import {
  CursorExpired,
  DiskFull,
  LogCorrupt,
  LogError,
  LogInUse,
  LogTooNew,
  LogUnavailable,
} from "../LogError.ts"
import { createTables, schemaVersion } from "./schema.ts"
import { openSqlite, resultCode } from "./sqlite.ts"

/** Events per page of a reader: what one slow reader holds in memory. */
const pageSize = 512

/** When a limit is reached this share is cut off as well, so that cutting is rare. */
const slack = 1 / 16

const toLogError = (operation: string) => (error: SqlError.SqlError | LogError) => {
  if (error._tag === "LogError") return error
  const cause = error.reason.cause
  const reasons: Record<number, typeof LogCorrupt | typeof DiskFull | typeof LogInUse> = {
    5: LogInUse,
    11: LogCorrupt,
    13: DiskFull,
    26: LogCorrupt,
  }
  const Reason = reasons[resultCode(cause) ?? 0] ?? LogUnavailable
  return new LogError({ operation, reason: new Reason({ cause }) })
}

/** Reads what this file wrote itself, from values of these types; it is not checked again. */
const parseEvent = (text: string): HomeEvent => JSON.parse(text)
const parseState = (text: string): AccountState => JSON.parse(text)
const parseJson = (text: string): Schema.Json => JSON.parse(text)

/** The epoch of the log in the file; makes the tables in a new one. */
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

/** The log of one SQLite file. This process is its only writer, so its size and newest place are kept in memory. */
export const openSqliteLog = Effect.fnUntraced(
  function* (options: { readonly filename: string; readonly retention?: Partial<Retention> }) {
    const keep: Retention = {
      events: 1_000_000,
      bytes: 512 * 1024 * 1024,
      age: "90 days",
      memory: "400 days",
      ...options.retention,
    }
    const { sql, batch } = yield* openSqlite(options.filename)
    const log = yield* openTables(sql)
    const epoch = Epoch.make(log.epoch)
    const [held] = yield* sql<{
      oldest: number | null
      newest: number | null
      bytes: number | null
      recorded_at: number | null
    }>`
      SELECT min(seq) AS oldest, max(seq) AS newest, sum(octet_length(body)) AS bytes,
        (SELECT recorded_at FROM events ORDER BY seq LIMIT 1) AS recorded_at FROM events`
    let newest = Math.max(log.newest, held?.newest ?? 0)
    let oldest = held?.oldest ?? newest + 1
    let oldestAt = held?.recorded_at ?? Number.POSITIVE_INFINITY
    let bytes = held?.bytes ?? 0
    let memoryPrunedAt = Number.NEGATIVE_INFINITY
    const states = new Map<
      AccountId,
      { readonly seq: number; readonly version: number; readonly state: AccountState }
    >()
    let versions = 0
    for (const { account, body } of yield* sql<{
      account: AccountId
      body: string
    }>`SELECT account, body FROM states ORDER BY account`)
      states.set(account, { seq: newest, version: ++versions, state: parseState(body) })
    const wake = yield* PubSub.sliding<null>({ capacity: 1 })

    /** Adds those that are not told yet, in their order, at dense places. Answers what was added, and its bytes. */
    const insert = (account: AccountId, events: ReadonlyArray<HomeEvent>, now: number) =>
      batch(
        "INSERT INTO events (seq, account, id, recorded_at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (account, id) DO NOTHING",
        (run) => {
          const recorded: Array<RecordedEvent> = []
          let added = 0
          for (const event of events) {
            const seq = Seq.make(newest + recorded.length + 1)
            const body = JSON.stringify(event)
            // The index over ids refuses what is told already.
            if (run(seq, account, event.id, now, body) === 0) continue
            recorded.push({ epoch, seq, event })
            added += Buffer.byteLength(body)
          }
          return { recorded, bytes: added }
        },
      )

    /** Cuts off what exceeds the limits, in the transaction of an append. Answers what it took away. */
    const prune = Effect.fnUntraced(function* (
      now: number,
      added: { readonly count: number; readonly bytes: number },
    ) {
      const count = newest + added.count - oldest + 1
      const horizon = now - Duration.toMillis(keep.age)
      const over = count > keep.events || bytes + added.bytes > keep.bytes
      if (!over && oldestAt >= horizon) return null
      const floor = over ? { events: keep.events * (1 - slack), bytes: keep.bytes * (1 - slack) } : keep
      const [cut] = yield* sql<{ seq: number | null }>`
        SELECT max(seq) AS seq FROM (
          SELECT seq, recorded_at, sum(octet_length(body)) OVER (ORDER BY seq DESC) AS kept
          FROM events ORDER BY seq)
        WHERE kept > ${floor.bytes} OR seq <= ${newest + added.count - Math.floor(floor.events)} OR recorded_at < ${horizon}`
      if (cut === undefined || cut.seq === null) return null
      const [gone] = yield* sql<{ bytes: number }>`
        SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM events WHERE seq <= ${cut.seq}`
      yield* sql`DELETE FROM events WHERE seq <= ${cut.seq}`
      // Should no event be left, the next one must not take a place that was taken.
      yield* sql`UPDATE log SET newest = ${newest + added.count}`
      const [first] = yield* sql<{ recorded_at: number }>`SELECT recorded_at FROM events ORDER BY seq LIMIT 1`
      return {
        oldest: cut.seq + 1,
        oldestAt: first?.recorded_at ?? Number.POSITIVE_INFINITY,
        bytes: gone?.bytes ?? 0,
      }
    })

    const write = Effect.fnUntraced(function* (changes: Batch, now: number) {
      const { recorded, bytes: addedBytes } = yield* insert(changes.account, changes.events, now)
      for (const { source, value } of changes.checkpoints ?? [])
        yield* sql`
          INSERT INTO checkpoints (account, source, body) VALUES (${changes.account}, ${source}, ${JSON.stringify(value)})
          ON CONFLICT DO UPDATE SET body = excluded.body`
      if (changes.memory !== undefined && changes.memory.length > 0)
        yield* sql`
          INSERT INTO memory (account, key, written_at, body)
          SELECT ${changes.account}, value ->> 'key', ${now}, value -> 'value'
          FROM json_each(${JSON.stringify(changes.memory)}) WHERE true
          ON CONFLICT DO UPDATE SET body = excluded.body, written_at = excluded.written_at`
      if (changes.state !== undefined)
        yield* sql`
          INSERT INTO states (account, body) VALUES (${changes.account}, ${JSON.stringify(changes.state)})
          ON CONFLICT DO UPDATE SET body = excluded.body`
      const added = { count: recorded.length, bytes: addedBytes }
      const pruned = yield* prune(now, added)
      const memoryDue = now - memoryPrunedAt > 3_600_000
      if (memoryDue) yield* sql`DELETE FROM memory WHERE written_at < ${now - Duration.toMillis(keep.memory)}`
      return { recorded, added, pruned, memoryDue }
    })

    const append = Effect.fnUntraced(
      function* (changes: Batch) {
        // A clock may count in fractions; the column does not.
        const now = Math.floor(yield* Clock.currentTimeMillis)
        const { recorded, added, pruned, memoryDue } = yield* sql.withTransaction(write(changes, now))
        // Only a commit moves what is kept in memory.
        newest += added.count
        bytes += added.bytes
        if (added.count > 0 && oldestAt === Number.POSITIVE_INFINITY) oldestAt = now
        if (pruned !== null) {
          oldest = pruned.oldest
          oldestAt = pruned.oldestAt
          bytes -= pruned.bytes
        }
        if (memoryDue) memoryPrunedAt = now
        if (changes.state !== undefined)
          states.set(changes.account, { seq: newest, version: ++versions, state: changes.state })
        if (recorded.length > 0 || changes.state !== undefined) yield* PubSub.publish(wake, null)
        return recorded
      },
      Effect.mapError(toLogError("append")),
      Effect.uninterruptible,
    )

    const readText = Effect.fnUntraced(
      function* (after: Seq, limit: number) {
        if (after + 1 < oldest)
          return yield* new LogError({ operation: "read", reason: new CursorExpired({ oldest }) })
        if (after >= newest) return []
        return yield* sql<{ seq: Seq; text: string }>`
        SELECT seq, body AS text FROM events WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`
      },
      Effect.mapError(toLogError("read")),
    )

    const read = (after: Seq, limit: number) =>
      Effect.map(readText(after, limit), (rows) =>
        rows.map(({ seq, text }): RecordedEvent => ({ epoch, seq, event: parseEvent(text) })),
      )

    const follow = (after: Seq) =>
      Stream.unwrap(
        Effect.map(PubSub.subscribe(wake), (woken) =>
          Stream.paginate(after, (place) =>
            Effect.gen(function* () {
              let page = yield* read(place, pageSize)
              while (page.length === 0) {
                yield* PubSub.take(woken)
                page = yield* read(place, pageSize)
              }
              return [page, Option.some(page.at(-1)?.seq ?? place)] as const
            }),
          ),
        ),
      )

    /** Steps after `place`: a page of events, then the states that are newer than `version`, one a step. */
    const step = Effect.fnUntraced(function* (place: Seq, version: number) {
      const events = yield* read(place, pageSize)
      const seq = events.at(-1)?.seq ?? place
      const due = [...states.values()]
        .filter((known) => known.version > version && known.seq <= seq)
        .sort((a, b) => a.version - b.version)
      const changes: Array<LogChange> = due.map(({ state }) => ({ seq, events: [], state }))
      if (events.length > 0) changes[0] = { seq, events, state: due[0]?.state ?? null }
      return { changes, seq, version: due.at(-1)?.version ?? version }
    })

    const changes = Stream.unwrap(
      Effect.map(PubSub.subscribe(wake), (woken) =>
        Stream.paginate({ seq: Seq.make(newest), version: versions }, (from) =>
          Effect.gen(function* () {
            let next = yield* step(from.seq, from.version)
            while (next.changes.length === 0) {
              yield* PubSub.take(woken)
              next = yield* step(from.seq, from.version)
            }
            return [next.changes, Option.some({ seq: next.seq, version: next.version })] as const
          }),
        ),
      ),
    )

    const checkpoint = Effect.fnUntraced(
      function* (account: AccountId, source: string) {
        const [row] = yield* sql<{ body: string }>`
        SELECT body FROM checkpoints WHERE account = ${account} AND source = ${source}`
        return row === undefined ? null : parseJson(row.body)
      },
      Effect.mapError(toLogError("checkpoint")),
    )

    const recall = Effect.fnUntraced(
      function* (account: AccountId, keys: ReadonlyArray<string>) {
        const rows = yield* sql<{ key: string; body: string }>`
        SELECT key, body FROM memory WHERE account = ${account}
        AND key IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`
        return new Map(rows.map(({ key, body }) => [key, parseJson(body)]))
      },
      Effect.mapError(toLogError("recall")),
    )

    const service: EventLog["Service"] = {
      epoch,
      append,
      checkpoint,
      recall,
      bounds: Effect.sync(() => ({ oldest: Seq.make(oldest), newest: Seq.make(newest) })),
      read,
      readText,
      follow,
      cut: Effect.sync(() => ({
        epoch,
        seq: Seq.make(newest),
        state: { accounts: [...states.values()].map(({ state }) => state) },
      })),
      changes,
    }
    return service
  },
  Effect.mapError(toLogError("open")),
)
