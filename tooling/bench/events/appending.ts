import { EventLog, type LogError } from "@blink-streams/events"
import { AccountId, type BlinkEvent, ClipId, EventId, Seq, timestampFromMillis } from "@blink-streams/model"
import { Effect, Stream } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { median } from "../BenchReport.ts"

const account = AccountId.make(1)

const event = (number: number): BlinkEvent => ({
  kind: "motion",
  id: EventId.make(`motion:${number}`),
  occurredAt: timestampFromMillis(1_700_000_000_000 + number * 1000),
  observedAt: timestampFromMillis(1_700_000_030_000 + number * 1000),
  source: "clips",
  subject: { account, name: "Porch" },
  data: {
    clipId: ClipId.make(String(number)),
    cause: "pir",
    durationSeconds: 12,
    clip: `/media/clip/${number}.mp4`,
  },
})

const batches = (from: number, count: number, size: number) =>
  Array.from({ length: count }, (_, batch) =>
    Array.from({ length: size }, (_, index) => event(from + batch * size + index)),
  )

/** Hand-written baseline: the same rows and unique ids, prepared statements, one transaction per batch. */
const openBare = (filename: string) => {
  const db = new DatabaseSync(filename)
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (seq INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, recorded_at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE UNIQUE INDEX unique_event ON events (account, id);
    CREATE TABLE checkpoints (account INTEGER, source TEXT, body TEXT NOT NULL, PRIMARY KEY (account, source)) WITHOUT ROWID`)
  const begin = db.prepare("BEGIN IMMEDIATE")
  const commit = db.prepare("COMMIT")
  const insert = db.prepare(
    "INSERT OR IGNORE INTO events (account, id, recorded_at, body) VALUES (?, ?, ?, ?)",
  )
  const checkpoint = db.prepare(
    "INSERT INTO checkpoints VALUES (?, 'clips', ?) ON CONFLICT DO UPDATE SET body = excluded.body",
  )
  return {
    append: (events: ReadonlyArray<BlinkEvent>, mark: number) => {
      begin.run()
      for (const one of events) insert.run(account, one.id, mark, JSON.stringify(one))
      checkpoint.run(account, JSON.stringify({ mark }))
      commit.run()
    },
    close: () => db.close(),
  }
}

const inFolder = async <A>(use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), "blink-streams-bench-"))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Duration of `work` in seconds. */
const timed = Effect.fnUntraced(function* (work: Effect.Effect<unknown, LogError>) {
  const start = performance.now()
  yield* work
  return (performance.now() - start) / 1000
})

/** Measured batches, after `warmUp` batches that are not measured. */
const rounds = 300
const warmUp = 60

/**
 * Appends per second of the log, relative to plain `node:sqlite`. Both alternate batch by batch, so that changes in disk
 * speed affect both.
 */
export const appending = (size: number) =>
  inFolder((folder) =>
    EventLog.use((log) =>
      Effect.gen(function* () {
        const bare = openBare(join(folder, "bare.sqlite"))
        const pairs: Array<{ readonly ours: number; readonly bare: number }> = []
        for (const [index, events] of batches(0, warmUp + rounds, size).entries()) {
          const byHand = Effect.sync(() => bare.append(events, index))
          const byLog = log.append({
            account,
            events,
            checkpoints: [{ source: "clips", value: { mark: index } }],
          })
          const before = index % 2 === 0 ? yield* timed(byHand) : null
          const ours = yield* timed(byLog)
          pairs.push({ ours, bare: before ?? (yield* timed(byHand)) })
        }
        bare.close()
        const measured = pairs.slice(warmUp)
        return {
          ratio: median(measured.map((pair) => pair.bare / pair.ours)),
          eventsPerSecond: size / median(measured.map((pair) => pair.ours)),
        }
      }),
    ).pipe(Effect.provide(EventLog.layerSqlite({ filename: join(folder, "log.sqlite") })), Effect.runPromise),
  )

setFlagsFromString("--expose-gc")
const collect: unknown = runInNewContext("gc")

/** Used heap after a garbage collection, in bytes. */
const used = (): number => {
  if (typeof collect === "function") collect()
  return process.memoryUsage().heapUsed
}

/** Replays the log from the start: events per second and heap growth. */
export const replaying = (total: number) =>
  inFolder((folder) =>
    EventLog.use((log) =>
      Effect.gen(function* () {
        for (let from = 0; from < total; from += 10_000)
          yield* log.append({ account, events: batches(from, 1, 10_000)[0]! })
        let read = 0
        let heapAtStart = 0
        let heapMost = 0
        const took = yield* timed(
          log.follow(Seq.make(0)).pipe(
            Stream.take(total),
            Stream.runForEach(() =>
              Effect.sync(() => {
                read += 1
                if (read === 1_000) heapAtStart = used()
                else if (read % 100_000 === 0) heapMost = Math.max(heapMost, used())
              }),
            ),
          ),
        )
        return { eventsPerSecond: total / took, heapGrowthMegabytes: (heapMost - heapAtStart) / 1_048_576 }
      }),
    ).pipe(
      Effect.provide(
        EventLog.layerSqlite({
          filename: join(folder, "log.sqlite"),
          retention: { events: 2 * total, bytes: 2 ** 34 },
        }),
      ),
      Effect.runPromise,
    ),
  )
