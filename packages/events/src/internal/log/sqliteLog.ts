import { type AccountId, type BlinkEvent, type RecordedEvent, Seq } from "@blink-streams/model"
import { Clock, Effect, PubSub, type Schema, Semaphore } from "effect"
import type { Batch, EventLogContract, Retention } from "../../EventLogContract.ts"
import { makeAccountStates } from "./accountStates.ts"
import { makeReaders } from "../readers/makeReaders.ts"
import { openTables } from "./openTables.ts"
import { holdPidFile } from "./pidFile.ts"
import { readPage } from "./readPage.ts"
import { defaultRetention } from "./retention.ts"
import { openSqlite } from "./sqlite.ts"
import { startPosition as findPosition } from "../readers/startPosition.ts"
import { makeSubscribers } from "./subscribers.ts"
import { toLogError } from "./toLogError.ts"
import { type LogPosition, writeBatch } from "./writeBatch.ts"

/** Parses what this log has written itself from values of these types, without validation. */
const parseEvent = (text: string): BlinkEvent => JSON.parse(text)
const parseJson = (text: string): Schema.Json => JSON.parse(text)

/**
 * Opens the log of one SQLite file. This process is its only writer, so its size and newest `seq` are kept in memory.
 */
export const openSqliteLog = Effect.fnUntraced(
  function* (options: { readonly filename: string; readonly retention?: Partial<Retention> }) {
    const retention: Retention = { ...defaultRetention, ...options.retention }
    const database = yield* openSqlite(options.filename)
    const { sql } = database
    if (options.filename !== ":memory:") yield* holdPidFile(options.filename)
    const opened = yield* openTables(sql)
    const { epoch } = opened
    let position: LogPosition = { stats: opened.stats, metadataPrunedAt: Number.NEGATIVE_INFINITY }
    const states = makeAccountStates()
    for (const [account, state] of opened.states) states.set(account, position.stats.newest, state)
    const appended = yield* PubSub.sliding<null>({ capacity: 1 })
    const appendLock = yield* Semaphore.make(1)
    const stats = () => position.stats
    const newest = () => Seq.make(position.stats.newest)
    const startPosition = (since: Date | string) =>
      Effect.mapError(findPosition(database, { epoch, stats }, since), toLogError("events"))
    const readers = yield* makeReaders({ database, epoch, stats, retention, startPosition })
    const due = (oldest: number) => readers.positions.due(oldest)

    const append = Effect.fnUntraced(
      function* (changes: Batch) {
        // The clock may count fractions; the column does not.
        const now = Math.floor(yield* Clock.currentTimeMillis)
        const write = Effect.suspend(() =>
          writeBatch(database, { epoch, retention, position, dueReaders: due }, changes, now),
        )
        // Only a commit changes the position that is kept in memory. The next batch starts from it, so it waits until then.
        const written = yield* sql.withTransaction(write).pipe(
          Effect.tap((committed) => Effect.sync(() => (position = committed.position))),
          Effect.tap((committed) => Effect.sync(() => readers.positions.committed(committed.readers, now))),
          appendLock.withPermits(1),
        )
        if (changes.state !== undefined) states.set(changes.account, position.stats.newest, changes.state)
        if (written.recorded.length > 0 || changes.state !== undefined) yield* PubSub.publish(appended, null)
        return written.recorded
      },
      // A batch that was not written leaves the published state outdated.
      (effect, { account }) =>
        Effect.tapError(effect, () =>
          Effect.suspend(() =>
            states.markStale(account, position.stats.newest) ? PubSub.publish(appended, null) : Effect.void,
          ),
        ),
      Effect.mapError(toLogError("append")),
      Effect.uninterruptible,
    )

    const readEncoded = (after: Seq, limit: number) =>
      Effect.mapError(readPage(sql, stats, after, limit), toLogError("read"))
    const read = (after: Seq, limit: number) =>
      Effect.map(readEncoded(after, limit), (rows) =>
        rows.map(({ seq, text }): RecordedEvent => ({ epoch, seq, event: parseEvent(text) })),
      )

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
      bounds: Effect.sync(() => ({ oldest: Seq.make(position.stats.oldest), newest: newest() })),
      read,
      readEncoded,
      startPosition,
      ...readers.service,
      ...makeSubscribers({
        read,
        appended,
        states: states.values,
        now: () => ({ seq: newest(), version: states.version() }),
      }),
      snapshot: Effect.sync(() => ({
        epoch,
        seq: newest(),
        state: { accounts: [...states.values()].map(({ state }) => state) },
      })),
    }
    return service
  },
  (effect, { filename }) => Effect.mapError(effect, toLogError("open", filename)),
)
