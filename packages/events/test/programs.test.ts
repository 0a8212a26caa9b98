import { armedBy, type ArmTransition, type ProgramRow } from "@blink-streams/events/programs"
import { assert, it } from "@effect/vitest"
import { Effect, SubscriptionRef } from "effect"
import { firstLook, makeHousehold, pass } from "./household.ts"
import { Seq } from "@blink-streams/model"
import { addProgram } from "@blink-streams/emulator/world/programs"

/** A Saturday. */
const saturday = Date.UTC(2026, 2, 14)
const at = (hour: number, minute: number) => saturday + (hour * 60 + minute) * 60_000
const change = (set: Partial<ArmTransition> = {}): ArmTransition => ({
  to: "armed",
  after: at(6, 0),
  before: at(6, 1),
  timeZone: "Europe/Berlin",
  ...set,
})
const program = (time: string, action = "arm", set: Partial<ProgramRow> = {}): ProgramRow => ({
  status: "enabled",
  schedule: [{ dow: ["sat"], time, action }],
  ...set,
})

const onDays = (time: string, ...dow: ReadonlyArray<string>): ReadonlyArray<ProgramRow> => [
  { schedule: [{ dow, time: `2026-03-13 ${time}:00 +0000`, action: "arm" }] },
]

it("a schedule that was due between two looks is who it was", () => {
  assert.strictEqual(armedBy([program("2025-01-01 06:00:00 +0000")], change()), "program")
  assert.strictEqual(armedBy([program("2025-01-01 08:00:00 +0200")], change()), "program")
})

it("a schedule of another time, day or act, or one that is off, is not; then it was someone", () => {
  for (const programs of [
    [],
    [program("2026-03-14 07:00:00 +0000")],
    [program("2026-03-14 06:00:00 +0000", "disarm")],
    [program("2026-03-14 06:00:00 +0000", "arm", { status: "disabled" })],
    [{ schedule: [{ dow: ["mon"], time: "2026-03-14 06:00:00 +0000", action: "arm" }] }],
    [program("soon")],
  ])
    assert.strictEqual(armedBy(programs, change()), "someone")
})

it("a day on which UTC and the home agree is certain; one on which only one of them does is not", () => {
  const lateInBerlin = change({ after: at(-1, 30), before: at(-1, 31) })
  assert.strictEqual(armedBy(onDays("23:30", "fri", "sat"), lateInBerlin), "program")
  assert.strictEqual(armedBy(onDays("23:30", "fri"), lateInBerlin), "unknown")
  assert.strictEqual(armedBy(onDays("23:30", "sat"), lateInBerlin), "unknown")
  assert.strictEqual(armedBy(onDays("23:30", "sun"), lateInBerlin), "someone")
})

it("without a time zone only a schedule of each day around is certain", () => {
  const nowhere = change({ timeZone: null })
  assert.strictEqual(armedBy(onDays("06:00", "fri", "sat", "sun"), nowhere), "program")
  assert.strictEqual(armedBy(onDays("06:00", "sat"), nowhere), "unknown")
  assert.strictEqual(armedBy(onDays("06:00", "sun"), nowhere), "unknown")
  assert.strictEqual(armedBy(onDays("06:00", "mon"), nowhere), "someone")
  assert.strictEqual(armedBy(onDays("06:00", "sat"), { ...nowhere, timeZone: "Nowhere/Land" }), "unknown")
})

it("a person who is a minute faster or slower than the schedule is not taken for it, nor for somebody else", () => {
  const due = [program("2026-03-13 06:02:00 +0000")]
  assert.strictEqual(armedBy(due, change({ after: at(6, 0), before: at(6, 1) })), "unknown")
  assert.strictEqual(armedBy(due, change({ after: at(6, 1), before: at(6, 2) })), "program")
  assert.strictEqual(armedBy(due, change({ after: at(6, 3), before: at(6, 4) })), "unknown")
  assert.strictEqual(armedBy(due, change({ after: at(6, 5), before: at(6, 6) })), "someone")
})

it("nobody knows whether a schedule written in winter follows the clocks of the home in summer", () => {
  const summer = Date.UTC(2026, 6, 11)
  const inSummer = (hour: number) =>
    change({ after: summer + hour * 3_600_000 - 30_000, before: summer + hour * 3_600_000 + 30_000 })
  const written = [program("2026-01-10 06:00:00 +0000")]
  assert.strictEqual(armedBy(written, inSummer(6)), "program")
  assert.strictEqual(armedBy(written, inSummer(5)), "unknown")
  assert.strictEqual(armedBy(written, inSummer(7)), "someone")
  assert.strictEqual(armedBy([program("2026-06-10 06:00:00 +0000")], inSummer(5)), "someone")
})

it("after a long time without a look, by a clock that was set back, and when the schedules can't be read, nobody knows", () => {
  const due = [program("2026-03-13 06:00:00 +0000")]
  assert.strictEqual(armedBy(due, change({ after: at(2, 0) })), "unknown")
  assert.strictEqual(armedBy([], change({ after: at(2, 0) })), "unknown")
  assert.strictEqual(armedBy(due, change({ before: at(5, 0) })), "unknown")
  assert.strictEqual(armedBy(null, change()), "unknown")
})

it.effect("while nobody has asked for clips, the cloud's clock is not known, and so not who armed", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* makeHousehold({ media: false })
    const running = yield* run
    yield* pass(90)
    cloud.orders.change({ network: "Home", set: { armed: false } })
    yield* pass(90)
    const events = yield* running.log.read(Seq.make(0), 100)
    assert.deepStrictEqual(
      events.flatMap(({ event }) => (event.kind === "arm.changed" ? [event.data.by] : [])),
      ["unknown"],
    )
  }),
)

it.effect("arming by hand, by a schedule and with the schedules out of reach are told apart in the log", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* makeHousehold({ aheadMs: 3_000_000 })
    const { engine, orders } = cloud
    const running = yield* run
    yield* firstLook(running)
    const cabin = [...engine.world.networks.values()].find(({ name }) => name === "Cabin")!
    orders.change({ network: "Home", set: { armed: false } })
    yield* pass(90)
    const time = `2020-01-01 ${new Date(engine.now + 120_000).toISOString().slice(11, 16)}:00 +0000`
    const dow = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    addProgram(engine.world, cabin, engine.now, {
      name: "Night",
      schedule: [{ dow, devices: [], time, action: "arm" }],
    })
    yield* pass(60)
    yield* pass(60)
    yield* pass(60)
    orders.fault({ match: { path: "/programs" }, do: { status: 500 } })
    orders.change({ network: "Home", set: { armed: true } })
    yield* pass(90)
    const events = yield* running.log.read(Seq.make(0), 100)
    assert.deepStrictEqual(
      events.flatMap(({ event }) =>
        event.kind === "arm.changed" ? [[event.subject.name, event.data.to, event.data.by]] : [],
      ),
      [
        ["Home", "disarmed", "someone"],
        ["Cabin", "armed", "program"],
        ["Home", "armed", "unknown"],
      ],
    )
    assert.strictEqual((yield* SubscriptionRef.get(running.home.state)).sources["homescreen"]?.state, "ok")
  }),
)
