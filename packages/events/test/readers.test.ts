import type { ReaderOptions } from "../src/AccountMonitor.ts"
import { EventLog, type Retention } from "../src/EventLog.ts"
import { accountReaders } from "../src/internal/readers/accountReaders.ts"
import type { LogError } from "../src/LogError.ts"
import { EventId, parseCursor, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { copyFileSync, existsSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { account, motion, motions } from "./fixtures.ts"
import { temporaryFileInMemory } from "./temporaryFile.ts"

const name = "porch-light"
const reader = { reader: name }
const seqOf = ({ cursor }: { readonly cursor: string }) => Number(parseCursor(cursor)!.seq)
const renamed = (number: number) => ({
  ...motion(number),
  id: EventId.make(`device.renamed:${number}`),
  kind: "device.renamed" as const,
  data: { from: "Porch", to: `Porch ${number}` },
})

/** Opens a log for `use`. `saved` returns the positions in its file, as another process would find them after a kill. */
const usingLog = <A, E>(
  use: (log: EventLog["Service"], saved: () => Readonly<Record<string, number>>) => Effect.Effect<A, E>,
  retention: Partial<Retention> = {},
) =>
  Effect.gen(function* () {
    const filename = yield* temporaryFileInMemory("log.sqlite")
    const saved = () => {
      for (const part of ["", "-wal"])
        if (existsSync(filename + part)) copyFileSync(filename + part, `${filename}.copy${part}`)
      const copy = new DatabaseSync(`${filename}.copy`)
      const rows = copy.prepare("SELECT name, seq FROM readers").all()
      copy.close()
      return Object.fromEntries(rows.map((row) => [String(row["name"]), Number(row["seq"])]))
    }
    return yield* EventLog.use((log) => use(log, saved)).pipe(
      Effect.provide(EventLog.layerSqlite({ filename, retention })),
    )
  })

/** Handles `count` events of a reader, then stops as a process does that is stopped. Returns their positions. */
const handle = (log: EventLog["Service"], count: number, since?: "beginning") => {
  const options = since === undefined ? reader : { ...reader, since }
  return accountReaders(log, account)
    .deliveries(options)
    .pipe(
      Stream.take(count),
      Stream.mapEffect(({ event, handled }) => Effect.as(handled, seqOf(event))),
      Stream.runCollect,
    )
}

it.effect(
  "handleEvents moves the position when its handler has succeeded and repeats the event after a failure",
  () =>
    usingLog((log) =>
      Effect.gen(function* () {
        yield* log.append({ account, events: motions(1, 5) })
        const { handleEvents, readers } = accountReaders(log, account)
        const handled: Array<number> = []
        const error = yield* Effect.flip(
          handleEvents({ ...reader, since: "beginning" }, (event) =>
            Effect.suspend(() => {
              if (seqOf(event) === 3) return Effect.fail("the lamp is broken")
              handled.push(seqOf(event))
              return Effect.void
            }),
          ),
        )
        assert.strictEqual(error, "the lamp is broken")
        assert.deepStrictEqual(handled, [1, 2])
        assert.deepStrictEqual((yield* readers).map(seqOf), [2])
        assert.deepStrictEqual(yield* handle(log, 3), [3, 4, 5])
      }),
    ),
)

it.effect("A handler that is interrupted leaves its event unhandled", () =>
  usingLog((log) =>
    Effect.gen(function* () {
      yield* log.append({ account, events: motions(1, 2) })
      const { handleEvents } = accountReaders(log, account)
      const fiber = yield* Effect.forkChild(
        handleEvents({ ...reader, since: "beginning" }, () => Effect.sleep("1 minute")),
      )
      yield* TestClock.adjust("90 seconds")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* handle(log, 1), [2])
    }),
  ),
)

it.effect(
  "A reader that was never given an event misses none that is written after it was opened first",
  () =>
    usingLog((log) =>
      Effect.gen(function* () {
        yield* log.append({ account, events: motions(1, 3) })
        const { handleEvents } = accountReaders(log, account)
        const fiber = yield* Effect.forkChild(
          handleEvents(reader, () => Effect.void),
          { startImmediately: true },
        )
        yield* Fiber.interrupt(fiber)
        yield* log.append({ account, events: motions(4, 5) })
        assert.deepStrictEqual(yield* handle(log, 2), [4, 5])
      }),
    ),
)

it.effect("Positions are saved at once, then at most once a second, and with the next append", () =>
  usingLog((log, saved) =>
    Effect.gen(function* () {
      yield* log.append({ account, events: motions(1, 20) })
      const { deliveries } = accountReaders(log, account)
      const pull = yield* Stream.toPull(deliveries({ ...reader, since: "beginning" }))
      const handleNext = Effect.flatMap(pull, (items) => Effect.forEach(items, ({ handled }) => handled))
      assert.deepStrictEqual(saved(), {})
      yield* handleNext
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(saved(), { [name]: 1 })
      yield* handleNext
      yield* handleNext
      yield* TestClock.adjust(999)
      assert.deepStrictEqual(saved(), { [name]: 1 })
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(saved(), { [name]: 3 })
      yield* handleNext
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(saved(), { [name]: 3 })
      yield* log.append({ account, events: [] })
      assert.deepStrictEqual(saved(), { [name]: 4 })
    }).pipe(Effect.scoped),
  ),
)

it.effect("save: each writes the position after every event", () =>
  usingLog((log, saved) =>
    Effect.gen(function* () {
      yield* log.append({ account, events: motions(1, 20) })
      const { deliveries } = accountReaders(log, account)
      yield* deliveries({ ...reader, since: "beginning", save: "each" }).pipe(
        Stream.take(20),
        Stream.runForEach(({ event, handled }) =>
          Effect.map(handled, () => assert.deepStrictEqual(saved(), { [name]: seqOf(event) })),
        ),
      )
    }),
  ),
)

it.effect(
  "A position that moved past unwanted events only is written when retention passes it, or at close",
  () =>
    usingLog(
      (log, saved) =>
        Effect.gen(function* () {
          const { handleEvents, readers } = accountReaders(log, account)
          const options = { ...reader, kinds: ["doorbell.pressed"] } as const
          const fiber = yield* Effect.forkChild(
            handleEvents(options, () => Effect.void),
            { startImmediately: true },
          )
          const appendAndRead = Effect.fnUntraced(function* (from: number, to: number) {
            yield* log.append({ account, events: motions(from, to) })
            yield* TestClock.adjust("2 seconds")
          })
          yield* appendAndRead(1, 100)
          assert.deepStrictEqual((yield* readers).map(seqOf), [100])
          assert.deepStrictEqual(saved(), { [name]: 0 })
          yield* appendAndRead(101, 170)
          assert.deepStrictEqual(saved(), { [name]: 100 })
          yield* appendAndRead(171, 180)
          assert.deepStrictEqual(saved(), { [name]: 100 })
          yield* Fiber.interrupt(fiber)
          assert.deepStrictEqual(saved(), { [name]: 180 })
          assert.deepStrictEqual(
            (yield* readers).map(({ lag }) => lag),
            [{ events: 0, seconds: 0, share: 0 }],
          )
        }),
      { events: 160 },
    ),
)

it.effect(
  "A reader whose position is no longer kept gets one gap, whatever its kinds, before the oldest event",
  () =>
    usingLog(
      (log) =>
        Effect.gen(function* () {
          yield* Effect.scoped(log.openReader({ account, name }))
          yield* log.append({ account, events: motions(1, 160) })
          yield* log.append({ account, events: [...motions(161, 201), renamed(1)] })
          const { oldest, newest } = yield* log.bounds
          const read = (count: number) =>
            accountReaders(log, account)
              .deliveries({ ...reader, kinds: ["device.renamed"] })
              .pipe(Stream.take(count), Stream.runCollect)
          const [gap, next] = yield* read(2)
          assert.deepStrictEqual(
            [gap!.event, next!.event].map(({ kind, source, replayed, cursor }) => [
              kind,
              source,
              replayed,
              cursor as string,
            ]),
            [
              ["gap", "log", true, `${log.epoch}:${oldest - 1}`],
              ["device.renamed", "clips", true, `${log.epoch}:${newest}`],
            ],
          )
          const [again] = yield* read(1)
          assert.strictEqual(again!.event.id, gap!.event.id)
          yield* again!.handled
          assert.deepStrictEqual(yield* log.bounds, { oldest, newest })
          yield* Stream.runForEach(
            Stream.take(accountReaders(log, account).deliveries({ ...reader, kinds: ["device.renamed"] }), 1),
            ({ handled }) => handled,
          )
          const [first] = yield* read(1)
          assert.strictEqual(first!.event.kind, "device.renamed")
        }),
      { events: 160 },
    ),
)

it.effect(
  "A reader that is too slow gets a gap for what the log deleted meanwhile and continues after it",
  () =>
    usingLog(
      (log) =>
        Effect.gen(function* () {
          yield* log.append({ account, events: motions(1, 160) })
          const kinds: Array<string> = []
          const { handleEvents } = accountReaders(log, account)
          const fiber = yield* Effect.forkChild(
            handleEvents({ ...reader, since: "beginning" }, (event) => {
              kinds.push(event.kind === "gap" ? "gap" : String(seqOf(event)))
              return kinds.length === 1 ? Effect.sleep("1 minute") : Effect.void
            }),
            { startImmediately: true },
          )
          for (let from = 161; from < 1600; from += 160)
            yield* log.append({ account, events: motions(from, from + 159) })
          const { oldest, newest } = yield* log.bounds
          yield* TestClock.adjust("2 minutes")
          yield* Fiber.interrupt(fiber)
          // The page that was read before the pause ends at 160.
          const expected = [
            ...Array.from({ length: 160 }, (_, index) => String(index + 1)),
            "gap",
            ...Array.from({ length: newest - oldest + 1 }, (_, index) => String(oldest + index)),
          ]
          assert.deepStrictEqual(kinds, expected)
        }),
      { events: 160 },
    ),
)

it.effect("A reader waits while 1,000 of its events are unhandled", () =>
  usingLog((log) =>
    Effect.gen(function* () {
      yield* log.append({ account, events: motions(1, 1500) })
      const delivered: Array<Effect.Effect<void>> = []
      const fiber = yield* accountReaders(log, account)
        .deliveries({ ...reader, since: "beginning" })
        .pipe(
          Stream.runForEach(({ handled }) => Effect.sync(() => delivered.push(handled))),
          Effect.forkChild({ startImmediately: true }),
        )
      const settle = Effect.forEach(Array.from({ length: 50 }), () => TestClock.adjust(0), { discard: true })
      yield* settle
      assert.strictEqual(delivered.length, 1000)
      yield* delivered[700]!
      yield* delivered[700]!
      yield* settle
      assert.strictEqual(delivered.length, 1001)
      assert.deepStrictEqual((yield* log.readers).map(seqOf), [0])
      yield* Fiber.interrupt(fiber)
    }),
  ),
)

it.effect("Readers over all accounts and those of one account have their own positions", () =>
  usingLog((log) =>
    Effect.gen(function* () {
      yield* log.append({ account, events: motions(1, 3) })
      const all = accountReaders(log, null)
      const first = yield* all.deliveries({ ...reader, since: "beginning" }).pipe(
        Stream.take(1),
        Stream.mapEffect(({ event, handled }) => Effect.as(handled, seqOf(event))),
        Stream.runCollect,
      )
      assert.deepStrictEqual(first, [1])
      assert.deepStrictEqual(yield* handle(log, 2, "beginning"), [1, 2])
      assert.deepStrictEqual(
        (yield* log.readers).map(({ account, cursor }) => [Number(account), seqOf({ cursor })]),
        [
          [0, 1],
          [account, 2],
        ],
      )
      assert.isTrue(yield* all.removeReader(name))
      assert.strictEqual((yield* all.readers).length, 0)
    }),
  ),
)

it.effect(
  "A reader leaves out history unless it asks for it or begins at the beginning, and passes it silently",
  () =>
    usingLog((log) =>
      Effect.gen(function* () {
        const history = { ...motion(1), backfilled: true as const }
        yield* log.append({
          account,
          events: [history, motion(2), { ...motion(3), backfilled: true }, motion(4)],
        })
        const read = (own: string, options: Omit<ReaderOptions, "reader">, count: number) =>
          accountReaders(log, account)
            .deliveries({ ...options, reader: own })
            .pipe(
              Stream.take(count),
              Stream.mapEffect(({ event, handled }) => Effect.as(handled, seqOf(event))),
              Stream.runCollect,
            )
        const since = new Date(0)
        assert.deepStrictEqual(yield* read("live", { since }, 2), [2, 4])
        assert.deepStrictEqual(yield* read("with history", { since, backfilled: true }, 4), [1, 2, 3, 4])
        assert.deepStrictEqual(yield* read("beginning", { since: "beginning" }, 4), [1, 2, 3, 4])
        assert.deepStrictEqual((yield* log.readers).map(seqOf), [4, 4, 4])
      }),
    ),
)

it.effect(
  "A log that was replaced gives a reader a new begin, and CursorExpired for a cursor of the old one",
  () =>
    Effect.gen(function* () {
      const cursor = yield* usingLog((log) =>
        Effect.gen(function* () {
          yield* log.append({ account, events: motions(1, 3) })
          yield* handle(log, 2, "beginning")
          return (yield* log.readers)[0]!.cursor
        }),
      )
      yield* usingLog((log) =>
        Effect.gen(function* () {
          yield* log.append({ account, events: motions(1, 3) })
          const { deliveries } = accountReaders(log, account)
          const error: LogError = yield* Effect.flip(
            Stream.runDrain(deliveries({ ...reader, since: cursor })),
          )
          assert.strictEqual(error.code, "CursorExpired")
          assert.deepStrictEqual(yield* log.readers, [])
          assert.strictEqual((yield* Effect.scoped(log.openReader({ account, name }))).start, Seq.make(3))
        }),
      )
    }),
)
