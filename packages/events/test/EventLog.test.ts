import { EventLog, type Retention } from "../src/EventLog.ts"
import { type RecordedEvent, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { eventLogContract } from "./eventLogContract.ts"
import { account, motion, motions, stateAt } from "./fixtures.ts"
import { temporaryFile } from "./temporaryFile.ts"

const zero = Seq.make(0)
const seqs = (events: ReadonlyArray<RecordedEvent>) => events.map(({ seq }) => Number(seq))

/** Opens the log of a file for `use`, then closes it. */
const using = <A, E>(
  filename: string,
  use: (log: EventLog["Service"]) => Effect.Effect<A, E>,
  retention: Partial<Retention> = {},
) => EventLog.use(use).pipe(Effect.provide(EventLog.layerSqlite({ filename, retention })))

const openingFails = (filename: string) =>
  Effect.map(Effect.flip(using(filename, () => Effect.void)), (error) => error.reason._tag)

const sqliteFile = Layer.unwrap(
  Effect.map(temporaryFile("log.sqlite"), (filename) => EventLog.layerSqlite({ filename })),
)
eventLogContract("SQLite file", sqliteFile)
eventLogContract("memory", EventLog.layerMemory)

it.effect("EventLog continues after it was closed and opened again", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const epoch = yield* using(filename, (log) =>
      Effect.as(
        log.append({
          account,
          events: motions(1, 2),
          checkpoints: [{ source: "clips", value: 7 }],
          metadata: [{ key: "clip", value: true }],
          state: stateAt(2),
        }),
        log.epoch,
      ),
    )
    yield* using(filename, (log) =>
      Effect.gen(function* () {
        assert.strictEqual(log.epoch, epoch)
        assert.deepStrictEqual(yield* log.snapshot, {
          epoch,
          seq: Seq.make(2),
          state: { accounts: [stateAt(2)] },
        })
        assert.deepStrictEqual(seqs(yield* log.append({ account, events: motions(2, 3) })), [3])
        assert.strictEqual(yield* log.checkpoint(account, "clips"), 7)
        assert.strictEqual((yield* log.getMetadata(account, ["clip"])).get("clip"), true)
      }),
    )
  }),
)

it.effect(
  "EventLog deletes the oldest events above the count limit and fails their readers with CursorExpired",
  () =>
    Effect.gen(function* () {
      const filename = yield* temporaryFile("log.sqlite")
      const retention = { events: 160 }
      const check = Effect.fnUntraced(function* (log: EventLog["Service"]) {
        assert.deepStrictEqual(yield* log.bounds, { oldest: Seq.make(52), newest: Seq.make(201) })
        assert.strictEqual((yield* log.read(Seq.make(51), 500)).length, 150)
        const error = yield* Effect.flip(log.read(Seq.make(50), 1))
        assert.deepInclude(error.reason, { _tag: "CursorExpired", oldest: 52 })
        assert.strictEqual(
          (yield* Effect.flip(Stream.runDrain(log.follow(zero)))).reason._tag,
          "CursorExpired",
        )
      })
      yield* using(
        filename,
        (log) =>
          Effect.gen(function* () {
            yield* log.append({ account, events: motions(1, 160) })
            assert.deepStrictEqual(yield* log.bounds, { oldest: Seq.make(1), newest: Seq.make(160) })
            yield* log.append({ account, events: motions(161, 201) })
            yield* check(log)
          }),
        retention,
      )
      yield* using(filename, check, retention)
    }),
)

it.live(
  "EventLog fails a read with CursorExpired when a concurrent append deletes the events after its position",
  () =>
    Effect.gen(function* () {
      const filename = yield* temporaryFile("log.sqlite")
      yield* using(
        filename,
        (log) =>
          Effect.gen(function* () {
            yield* log.append({ account, events: motions(1, 900) })
            const offsets: Array<number> = []
            // The append is so large that the read runs in the middle of it.
            const checkpoints = Array.from({ length: 500 }, (_, n) => ({ source: `source ${n}`, value: n }))
            for (let from = 901; from < 5000; from += 900) {
              const append = log.append({ account, events: motions(from, from + 899), checkpoints })
              const { oldest } = yield* log.bounds
              const [, page] = yield* Effect.all(
                [append, Effect.result(log.read(Seq.make(oldest - 1), 10))],
                {
                  concurrency: 2,
                },
              )
              if (page._tag === "Success")
                offsets.push(
                  ...seqs(page.success)
                    .slice(0, 1)
                    .map((seq) => seq - oldest),
                )
              else assert.strictEqual(page.failure.reason._tag, "CursorExpired")
            }
            assert.deepStrictEqual(
              offsets.filter((ahead) => ahead !== 0),
              [],
            )
          }),
        { events: 1000 },
      )
    }),
)

it.effect("EventLog deletes the oldest events above the size limit", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const each = JSON.stringify(motion(100)).length
    yield* using(
      filename,
      (log) =>
        Effect.gen(function* () {
          for (let number = 100; number < 200; number++) {
            yield* log.append({ account, events: [motion(number)] })
            const { oldest, newest } = yield* log.bounds
            assert.isAtMost((newest - oldest + 1) * each, 32 * each)
            assert.isAtLeast(newest - oldest + 1, Math.min(newest, 30))
          }
        }),
      { bytes: 32 * each },
    )
  }),
)

it.effect("EventLog deletes events and metadata by age and keeps seq increasing", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const retention = { age: "2 days", metadata: "10 days" } as const
    yield* using(
      filename,
      (log) =>
        Effect.gen(function* () {
          yield* log.append({ account, events: [motion(1)], metadata: [{ key: "old", value: 1 }] })
          yield* TestClock.adjust("1 day")
          yield* log.append({ account, events: [motion(2)] })
          yield* TestClock.adjust("36 hours")
          yield* log.append({ account, events: [], checkpoints: [{ source: "clips", value: 1 }] })
          assert.deepStrictEqual(yield* log.bounds, { oldest: Seq.make(2), newest: Seq.make(2) })
          yield* TestClock.adjust("9 days")
          yield* log.append({ account, events: [], metadata: [{ key: "new", value: 1 }] })
          assert.deepStrictEqual(yield* log.bounds, { oldest: Seq.make(3), newest: Seq.make(2) })
          assert.deepStrictEqual([...(yield* log.getMetadata(account, ["old", "new"])).keys()], ["new"])
        }),
      retention,
    )
    yield* using(
      filename,
      (log) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* log.bounds, { oldest: Seq.make(3), newest: Seq.make(2) })
          assert.deepStrictEqual(seqs(yield* log.append({ account, events: [motion(3)] })), [3])
        }),
      retention,
    )
  }),
)

it.live("EventLog keeps every completed append and no partial batch when the process is killed", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const script = new URL("./appendUntilKilled.ts", import.meta.url).pathname
    const conditions = "--conditions=@blink-streams/source"
    let written = 0
    for (let round = 0; round < 3; round++) {
      const output = yield* Effect.sync(() =>
        execFileSync("/bin/sh", ["-c", `"$0" "$@" || true`, process.execPath, conditions, script, filename], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        }),
      )
      const reported = Number(output.trim().split("\n").at(-1))
      assert.isAbove(reported, written)
      written = reported
      yield* using(filename, (log) =>
        Effect.gen(function* () {
          const { newest } = yield* log.bounds
          const checkpoint = yield* log.checkpoint(account, "clips")
          assert.isAtLeast(newest, reported)
          assert.strictEqual(newest, checkpoint)
          assert.strictEqual(newest % 10, 0)
          assert.strictEqual((yield* log.read(zero, 100_000)).length, newest)
        }),
      )
    }
  }),
)

it.effect("EventLog does not change a file that is not a log", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const text = "this is a shopping list that must stay unchanged\n".repeat(100)
    writeFileSync(filename, text)
    assert.strictEqual(yield* openingFails(filename), "LogCorrupt")
    assert.strictEqual(readFileSync(filename, "utf8"), text)
  }),
)

it.effect("EventLog fails with LogCorrupt when a reader reaches damaged pages", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    yield* using(filename, (log) => log.append({ account, events: motions(1, 5000) }))
    const bytes = readFileSync(filename)
    bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64 * 1024)
    writeFileSync(filename, bytes)
    const reason = yield* using(filename, (log) => Stream.runDrain(Stream.take(log.follow(zero), 5000))).pipe(
      Effect.flip,
      Effect.map((error) => error.reason._tag),
    )
    assert.strictEqual(reason, "LogCorrupt")
  }),
)

it.effect("EventLog refuses a log of a newer version with LogTooNew", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const db = new DatabaseSync(filename)
    db.exec("PRAGMA user_version = 99")
    db.close()
    assert.strictEqual(yield* openingFails(filename), "LogTooNew")
  }),
)

it.effect("EventLog fails with LogInUse when the file is open already", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const error = yield* using(filename, () => Effect.flip(using(filename, () => Effect.void)))
    assert.deepInclude(error, { code: "LogInUse", retryable: true, retryAfterMs: 0 })
    assert.include(error.message, `process ${process.pid} has the event log open`)
  }),
)

it.effect("EventLog fails with LogUnavailable when the folder is missing", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("missing/log.sqlite")
    assert.strictEqual(yield* openingFails(filename), "LogUnavailable")
  }),
)

it.live("EventLog keeps its events when the disk is full and continues once there is room", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFile("log.sqlite")
    const script = new URL("./appendUntilRefused.ts", import.meta.url).pathname
    // The limit on the size of a file stands in for a full disk; its blocks have 512 bytes.
    const limited = `trap '' XFSZ; ulimit -f 1000; exec "$0" "$@"`
    const command = [process.execPath, "--conditions=@blink-streams/source", script, filename]
    const output = yield* Effect.sync(() =>
      execFileSync("/bin/sh", ["-c", limited, ...command], { encoding: "utf8" }),
    )
    const refused: { readonly reason: string; readonly newest: number; readonly stale: boolean } =
      JSON.parse(output)
    assert.include(["DiskFull", "LogUnavailable"], refused.reason)
    assert.isAbove(refused.newest, 0)
    assert.isTrue(refused.stale)
    yield* using(filename, (log) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* log.bounds).newest, refused.newest)
        assert.strictEqual((yield* log.read(zero, 100_000)).length, refused.newest)
        const added = yield* log.append({ account, events: [motion(0)] })
        assert.deepStrictEqual(seqs(added), [refused.newest + 1])
      }),
    )
  }),
)
