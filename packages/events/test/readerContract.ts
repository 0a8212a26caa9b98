import { EventLog, type ReaderStatus } from "../src/EventLog.ts"
import { AccountId, formatCursor, Seq } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { TestClock } from "effect/testing"
import { account, motions } from "./fixtures.ts"

const other = AccountId.make(2)
const name = "porch-light"
const seq = (position: number) => Seq.make(position)

/** `account`, `name`, position and whether it is open. */
const summary = (readers: ReadonlyArray<ReaderStatus>) =>
  readers.map((reader) => [Number(reader.account), reader.name, reader.cursor.split(":")[1], reader.open])

/** The contract of the readers of every implementation of `EventLog`. `layer` makes an empty log. */
export const readerContract = (implementation: string, layer: Layer.Layer<EventLog, unknown>) => {
  const rule = <A, E>(title: string, body: (log: EventLog["Service"]) => Effect.Effect<A, E>) =>
    it.effect(title, () => EventLog.use(body).pipe(Effect.provide(layer)))
  const failure = <A, E extends { readonly reason: object }>(effect: Effect.Effect<A, E>) =>
    Effect.map(Effect.flip(effect), ({ reason }) => reason)

  describe(`Readers (${implementation})`, () => {
    rule("A new reader begins after the newest event and continues from its position", (log) =>
      Effect.gen(function* () {
        yield* log.append({ account, events: motions(1, 3) })
        yield* Effect.scoped(
          Effect.gen(function* () {
            const reader = yield* log.openReader({ account, name })
            assert.strictEqual(reader.start, 3)
            assert.deepStrictEqual(summary(yield* log.readers), [[account, name, "3", true]])
            yield* log.append({ account, events: motions(4, 6) })
            yield* reader.moveTo(seq(5), "handled")
          }),
        )
        assert.deepStrictEqual(summary(yield* log.readers), [[account, name, "5", false]])
        const again = yield* Effect.scoped(log.openReader({ account, name, since: "beginning" }))
        assert.strictEqual(again.start, 5)
      }),
    )

    rule("A new reader begins at `since`, and fails when that is no position of the log", (log) =>
      Effect.gen(function* () {
        yield* log.append({ account, events: motions(1, 3) })
        const startOf = (own: string, since: Date | string) =>
          Effect.map(Effect.scoped(log.openReader({ account, name: own, since })), ({ start }) =>
            Number(start),
          )
        assert.strictEqual(yield* startOf("a", "beginning"), 0)
        assert.strictEqual(yield* startOf("b", formatCursor({ epoch: log.epoch, seq: seq(2) })), 2)
        for (const since of ["yesterday", "another:2", `${log.epoch}:4`, new Date(Number.NaN)])
          assert.deepInclude(yield* failure(startOf("c", since)), { _tag: "CursorExpired" })
        assert.deepStrictEqual(
          (yield* log.readers).map((reader) => reader.name),
          ["a", "b"],
        )
      }),
    )

    rule("startPosition returns the position before the first event recorded at or after a date", (log) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* log.startPosition(new Date(0)), 0)
        for (let minute = 1; minute <= 9; minute++) {
          yield* TestClock.setTime(minute * 60_000)
          yield* log.append({ account, events: motions(2 * minute - 1, 2 * minute) })
        }
        const positions = yield* Effect.forEach([0, 60_000, 60_001, 300_000, 540_000, 540_001], (millis) =>
          log.startPosition(new Date(millis)),
        )
        assert.deepStrictEqual(positions.map(Number), [0, 0, 2, 8, 16, 18])
      }),
    )

    rule("A second reader of one name is refused until the first has closed", (log) =>
      Effect.gen(function* () {
        const open = log.openReader({ account, name })
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* open
            assert.deepInclude(yield* failure(Effect.scoped(open)), { _tag: "ReaderInUse", name })
            assert.deepInclude(yield* failure(log.removeReader(account, name)), { _tag: "ReaderInUse", name })
            yield* Effect.scoped(log.openReader({ account: other, name }))
          }),
        )
        yield* Effect.scoped(open)
      }),
    )

    rule("Two fibers that open one new reader at once get it once", (log) =>
      Effect.gen(function* () {
        const results = yield* Effect.all(
          Array.from({ length: 4 }, () =>
            Effect.result(log.openReader({ account, name, since: "beginning" })),
          ),
          { concurrency: "unbounded" },
        ).pipe(Effect.scoped)
        assert.strictEqual(results.filter(({ _tag }) => _tag === "Success").length, 1)
      }),
    )

    rule("The name of a reader is any printable text of 1 to 64 characters", (log) =>
      Effect.gen(function* () {
        const valid = [
          "a",
          " ",
          "'; DROP TABLE readers; --",
          '"\\%_{}',
          "Türklingel 🚪",
          "x".repeat(64),
          "👍".repeat(64),
        ]
        for (const each of valid) yield* Effect.scoped(log.openReader({ account, name: each }))
        assert.sameMembers(
          (yield* log.readers).map((reader) => reader.name),
          valid,
        )
        const invalid = ["", "x".repeat(65), "a\nb", "a\u0000", "\u007f", "a\u2028b", "\ud83d"]
        for (const each of invalid)
          assert.deepInclude(yield* failure(Effect.scoped(log.openReader({ account, name: each }))), {
            _tag: "InvalidReaderName",
            name: each,
          })
        for (const each of valid) assert.isTrue(yield* log.removeReader(account, each))
        assert.deepStrictEqual(yield* log.readers, [])
      }),
    )

    rule("removeReader removes the reader, which is new afterwards, and returns false without one", (log) =>
      Effect.gen(function* () {
        yield* Effect.scoped(log.openReader({ account, name }))
        yield* log.append({ account, events: motions(1, 3) })
        assert.isFalse(yield* log.removeReader(other, name))
        assert.isTrue(yield* log.removeReader(account, name))
        assert.isFalse(yield* log.removeReader(account, name))
        const { start } = yield* Effect.scoped(log.openReader({ account, name }))
        assert.strictEqual(start, 3)
      }),
    )

    rule("The lag of a reader is the events after its position and the age of the first of them", (log) =>
      Effect.gen(function* () {
        const reader = yield* log.openReader({ account, name })
        const lag = Effect.map(log.readers, ([only]) => ({
          events: only!.lag.events,
          seconds: only!.lag.seconds,
        }))
        yield* log.append({ account, events: motions(1, 2) })
        yield* TestClock.adjust("10 seconds")
        yield* log.append({ account, events: motions(3, 3) })
        yield* TestClock.adjust("5 seconds")
        assert.deepStrictEqual(yield* lag, { events: 3, seconds: 15 })
        yield* reader.moveTo(seq(2), "handled")
        assert.deepStrictEqual(yield* lag, { events: 1, seconds: 5 })
        yield* reader.moveTo(seq(3), "handled")
        assert.deepStrictEqual(yield* lag, { events: 0, seconds: 0 })
      }).pipe(Effect.scoped),
    )

    rule("An earlier owner of a reader does not move the position of a later one", (log) =>
      Effect.gen(function* () {
        yield* log.append({ account, events: motions(1, 5) })
        const earlier = yield* Effect.scoped(log.openReader({ account, name, since: "beginning" }))
        const later = yield* log.openReader({ account, name })
        yield* earlier.moveTo(seq(4), "handled")
        yield* later.moveTo(seq(1), "handled")
        assert.deepStrictEqual(summary(yield* log.readers), [[account, name, "1", true]])
      }).pipe(Effect.scoped),
    )
  })
}
