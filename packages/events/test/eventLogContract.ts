import { EventLog } from "../src/EventLog.ts"
import { AccountId, type RecordedEvent, Seq } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, type Layer, References, Schema, Stream } from "effect"
import { account, at, motion, motions, stateAt } from "./fixtures.ts"
import { readerContract } from "./readerContract.ts"

const zero = Seq.make(0)
const seqs = (events: ReadonlyArray<RecordedEvent>) => events.map(({ seq }) => Number(seq))

/** The contract of every implementation of `EventLog`. `layer` makes an empty log. */
export const eventLogContract = (name: string, layer: Layer.Layer<EventLog, unknown>) => {
  const rule = <A, E>(title: string, body: Effect.Effect<A, E, EventLog>) =>
    it.live(title, () => Effect.provide(body, layer))

  describe(`EventLog contract (${name})`, () => {
    rule(
      "append assigns consecutive seq values from 1 in the order of the batch",
      Effect.gen(function* () {
        const log = yield* EventLog
        const first = yield* log.append({ account, events: motions(1, 3) })
        const second = yield* log.append({ account, events: motions(4, 5) })
        assert.deepStrictEqual(seqs([...first, ...second]), [1, 2, 3, 4, 5])
        assert.deepStrictEqual(yield* log.read(zero, 10), [...first, ...second])
        assert.deepStrictEqual(
          (yield* log.readEncoded(zero, 10)).map(({ seq, text }) => ({ seq, event: JSON.parse(text) })),
          [...first, ...second].map(({ seq, event }) => ({ seq, event })),
        )
        yield* log.append({ account, events: [{ ...motion(6), backfilled: true }] })
        assert.deepStrictEqual(
          (yield* log.readEncoded(Seq.make(4), 10)).map(({ backfilled }) => backfilled),
          [false, true],
        )
        assert.deepStrictEqual(
          first.map(({ event }) => event),
          motions(1, 3),
        )
      }),
    )

    rule(
      "append skips an event whose id is in the log or earlier in the batch",
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append({ account, events: [motion(1), motion(1), motion(2)] })
        const again = yield* log.append({ account, events: [motion(2), motion(3), motion(1)] })
        assert.deepStrictEqual(
          again.map(({ seq, event }) => [Number(seq), event.id as string]),
          [[3, "motion:3"]],
        )
      }),
    )

    rule(
      "Accounts share one seq order and have their own event ids, checkpoints and metadata",
      Effect.gen(function* () {
        const log = yield* EventLog
        const other = AccountId.make(2)
        yield* log.append({ account, events: [motion(1)], checkpoints: [{ source: "clips", value: "a" }] })
        const added = yield* log.append({
          account: other,
          events: [motion(1)],
          metadata: [{ key: "clip", value: 1 }],
        })
        assert.deepStrictEqual(seqs(added), [2])
        assert.strictEqual(yield* log.checkpoint(other, "clips"), null)
        assert.strictEqual((yield* log.getMetadata(account, ["clip"])).size, 0)
      }),
    )

    rule(
      "append assigns consecutive seq values when several accounts append at once, wherever their fibers yield",
      Effect.gen(function* () {
        const log = yield* EventLog
        const accounts = [1, 2, 3].map((id) => AccountId.make(id))
        for (let steps = 16; steps < 96; steps++)
          yield* Effect.forEach(
            accounts,
            (each) => log.append({ account: each, events: motions(2 * steps, 2 * steps + 1) }),
            { concurrency: "unbounded" },
          ).pipe(Effect.provideService(References.MaxOpsBeforeYield, steps))
        const all = yield* log.read(zero, 1_000)
        assert.deepStrictEqual(
          seqs(all),
          Array.from({ length: 480 }, (_, index) => index + 1),
        )
      }),
    )

    rule(
      "checkpoint and getMetadata return the values of the newest batch",
      Effect.gen(function* () {
        const log = yield* EventLog
        assert.strictEqual(yield* log.checkpoint(account, "clips"), null)
        for (const page of [1, 2])
          yield* log.append({
            account,
            events: [],
            checkpoints: [{ source: "clips", value: { page, note: null } }],
            metadata: [
              { key: "clip:1", value: [page, "text", null] },
              { key: `clip:${page + 1}`, value: null },
            ],
          })
        assert.deepStrictEqual(yield* log.checkpoint(account, "clips"), { page: 2, note: null })
        assert.sameDeepMembers(
          [...(yield* log.getMetadata(account, ["clip:1", "clip:3", "clip:9"]))],
          [
            ["clip:1", [2, "text", null]],
            ["clip:3", null],
          ],
        )
      }),
    )

    const key = Schema.Literals(["clips", "clip:1", "", "'\"\\\n%_ü€🚪"])
    it.effect.prop(
      "checkpoint and getMetadata return any JSON value unchanged",
      { value: Schema.Json, key },
      ({ value, key }) =>
        Effect.gen(function* () {
          const log = yield* EventLog
          yield* log.append({
            account,
            events: [],
            checkpoints: [{ source: key, value }],
            metadata: [{ key, value }],
          })
          const same = JSON.stringify(value)
          assert.strictEqual(JSON.stringify(yield* log.checkpoint(account, key)), same)
          assert.strictEqual(JSON.stringify((yield* log.getMetadata(account, [key])).get(key)), same)
        }).pipe(Effect.provide(layer)),
    )

    rule(
      "follow emits past and new events exactly once",
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append({ account, events: motions(1, 600) })
        const reader = yield* log
          .follow(Seq.make(10))
          .pipe(Stream.take(1490), Stream.runCollect, Effect.forkChild)
        for (let from = 601; from < 1500; from += 100) {
          yield* log.append({ account, events: motions(from, from + 99) })
          yield* Effect.yieldNow
        }
        assert.deepStrictEqual(
          seqs(yield* Fiber.join(reader)),
          Array.from({ length: 1490 }, (_, index) => index + 11),
        )
      }),
    )

    rule(
      "changes continues from the seq of a consistent snapshot",
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append({ account, events: [motion(1)], state: stateAt(1) })
        const snapshot = yield* log.snapshot
        assert.deepStrictEqual(snapshot, {
          epoch: log.epoch,
          seq: Seq.make(1),
          state: { accounts: [stateAt(1)] },
        })
        const feed = yield* log.changes.pipe(
          Stream.take(3),
          Stream.runCollect,
          Effect.forkChild({ startImmediately: true }),
        )
        const both = yield* log.append({ account, events: [motion(2)], state: stateAt(2) })
        yield* Effect.sleep("5 millis")
        yield* log.append({ account, events: [], checkpoints: [{ source: "clips", value: 1 }] })
        yield* log.append({ account, events: [], state: stateAt(3) })
        yield* Effect.sleep("5 millis")
        const more = yield* log.append({ account, events: [motion(3)] })
        assert.deepStrictEqual(yield* Fiber.join(feed), [
          { seq: Seq.make(2), events: both, state: stateAt(2) },
          { seq: Seq.make(2), events: [], state: stateAt(3) },
          { seq: Seq.make(3), events: more, state: null },
        ])
      }),
    )

    rule(
      "changes gives a slow reader every event in order and the newest state of each account",
      Effect.gen(function* () {
        const log = yield* EventLog
        const other = AccountId.make(2)
        const feed = yield* log.changes.pipe(
          Stream.tap(() => Effect.sleep("1 millis")),
          Stream.takeUntil(({ seq }) => seq === 2000),
          Stream.runCollect,
          Effect.forkChild({ startImmediately: true }),
        )
        for (let number = 1; number <= 1999; number++)
          yield* log.append({ account, events: [motion(number)], state: stateAt(number) })
        yield* log.append({ account: other, events: [motion(1)], state: stateAt(5, other) })
        const steps = yield* Fiber.join(feed)
        assert.deepStrictEqual(
          steps.flatMap(({ events }) => seqs(events)),
          Array.from({ length: 2000 }, (_, index) => index + 1),
        )
        const snapshot = yield* log.snapshot
        assert.deepStrictEqual(
          snapshot.state.accounts.map(({ asOf }) => asOf),
          [at(1999), at(5)],
        )
      }),
    )

    rule(
      "read, readEncoded and follow fail with CursorExpired for a seq ahead of the log",
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append({ account, events: motions(1, 3) })
        const ahead = Seq.make(4)
        for (const reading of [
          log.read(ahead, 10),
          log.readEncoded(ahead, 10),
          Stream.runDrain(log.follow(ahead)),
        ])
          assert.deepInclude((yield* Effect.flip(Effect.asVoid(reading))).reason, { _tag: "CursorExpired" })
        assert.deepStrictEqual(yield* log.read(Seq.make(3), 10), [])
      }),
    )

    rule(
      "bounds of an empty log start at the next seq",
      Effect.gen(function* () {
        const log = yield* EventLog
        assert.deepStrictEqual(yield* log.bounds, { oldest: Seq.make(1), newest: zero })
        assert.deepStrictEqual(yield* log.read(zero, 10), [])
      }),
    )
  })
  readerContract(name, layer)
}
