import { HandledEvents } from "../src/internal/readers/HandledEvents.ts"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"

const seq = (position: number) => Seq.make(position)

it("HandledEvents moves the position past filtered events only while nothing before them is unhandled", () => {
  const events = new HandledEvents(seq(3))
  events.passOver(seq(4))
  assert.strictEqual(events.position, 4)
  events.deliver(seq(5))
  events.passOver(seq(6))
  assert.strictEqual(events.position, 4)
  assert.isTrue(events.handle(seq(5)))
  assert.isFalse(events.handle(seq(5)))
  assert.strictEqual(events.position, 6)
})

it("HandledEvents stays before all events that a gap stands for until it is handled", () => {
  const events = new HandledEvents(seq(3))
  events.deliver(seq(52))
  events.passOver(seq(53))
  assert.strictEqual(events.position, 3)
  events.handle(seq(52))
  assert.strictEqual(events.position, 53)
})

const Action = Schema.Union([
  Schema.Struct({ type: Schema.Literal("deliver") }),
  Schema.Struct({ type: Schema.Literal("passOver") }),
  Schema.Struct({
    type: Schema.Literal("handle"),
    seq: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 })),
  }),
])

it.effect.prop(
  "HandledEvents keeps the position right before the first unhandled event, whatever the order of handling",
  { actions: Schema.Array(Action) },
  ({ actions }) =>
    Effect.sync(() => {
      const events = new HandledEvents(seq(0))
      const unhandled = new Set<number>()
      let last = 0
      for (const action of actions) {
        const before = events.position
        if (action.type === "handle")
          assert.strictEqual(events.handle(seq(action.seq)), unhandled.delete(action.seq))
        else {
          last += 1
          events[action.type](seq(last))
          if (action.type === "deliver") unhandled.add(last)
        }
        assert.strictEqual(events.position, Math.min(last, ...[...unhandled].map((each) => each - 1)))
        assert.isAtLeast(events.position, before)
        assert.strictEqual(events.unhandled, unhandled.size)
      }
    }),
)
