import type { ArmSchedule } from "@blink-streams/core"
import { attributeBySchedule, type ArmTransition } from "../src/internal/derive/scheduleAttribution.ts"
import { assert, it } from "@effect/vitest"
import { Effect, SubscriptionRef } from "effect"
import { untilFirstPoll, makeTestSetup, advance } from "./testSetup.ts"
import { addProgram } from "../../emulator/src/internal/world/programs.ts"
import { parseTimestamp, Seq } from "@blink-streams/model"

/** A Saturday. */
const saturday = Date.UTC(2026, 2, 14)
const at = (hour: number, minute: number) => saturday + (hour * 60 + minute) * 60_000
const transition = (set: Partial<ArmTransition> = {}): ArmTransition => ({
  to: "armed",
  after: at(6, 0),
  before: at(6, 1),
  timeZone: "Europe/Berlin",
  ...set,
})
const schedule = (time: string, set: Partial<ArmSchedule> = {}): ArmSchedule => ({
  enabled: true,
  action: "arm",
  weekdays: ["sat"],
  time: parseTimestamp(time)!,
  ...set,
})

const onDays = (time: string, ...weekdays: ArmSchedule["weekdays"]): ReadonlyArray<ArmSchedule> => [
  schedule(`2026-03-13T${time}:00Z`, { weekdays }),
]

it("attributeBySchedule names the schedule that was due between two polls", () => {
  assert.strictEqual(attributeBySchedule([schedule("2025-01-01T06:00:00Z")], transition()), "schedule")
})

it("attributeBySchedule ignores schedules with another time, day or action and disabled ones", () => {
  for (const schedules of [
    [],
    [schedule("2026-03-14T07:00:00Z")],
    [schedule("2026-03-14T06:00:00Z", { action: "disarm" })],
    [schedule("2026-03-14T06:00:00Z", { enabled: false })],
    [schedule("2026-03-14T06:00:00Z", { weekdays: ["mon"] })],
  ])
    assert.strictEqual(attributeBySchedule(schedules, transition()), "external")
})

it("attributeBySchedule is certain only when UTC and local time have the same scheduled weekday", () => {
  const lateInBerlin = transition({ after: at(-1, 30), before: at(-1, 31) })
  assert.strictEqual(attributeBySchedule(onDays("23:30", "fri", "sat"), lateInBerlin), "schedule")
  assert.strictEqual(attributeBySchedule(onDays("23:30", "fri"), lateInBerlin), "unknown")
  assert.strictEqual(attributeBySchedule(onDays("23:30", "sat"), lateInBerlin), "unknown")
  assert.strictEqual(attributeBySchedule(onDays("23:30", "sun"), lateInBerlin), "external")
})

it("attributeBySchedule is certain without a time zone only when all adjacent days are scheduled", () => {
  const withoutZone = transition({ timeZone: null })
  assert.strictEqual(attributeBySchedule(onDays("06:00", "fri", "sat", "sun"), withoutZone), "schedule")
  assert.strictEqual(attributeBySchedule(onDays("06:00", "sat"), withoutZone), "unknown")
  assert.strictEqual(attributeBySchedule(onDays("06:00", "sun"), withoutZone), "unknown")
  assert.strictEqual(attributeBySchedule(onDays("06:00", "mon"), withoutZone), "external")
  assert.strictEqual(
    attributeBySchedule(onDays("06:00", "sat"), { ...withoutZone, timeZone: "Nowhere/Land" }),
    "unknown",
  )
})

it("attributeBySchedule returns unknown for a change within two minutes of a schedule", () => {
  const due = [schedule("2026-03-13T06:02:00Z")]
  assert.strictEqual(attributeBySchedule(due, transition({ after: at(6, 0), before: at(6, 1) })), "unknown")
  assert.strictEqual(attributeBySchedule(due, transition({ after: at(6, 1), before: at(6, 2) })), "schedule")
  assert.strictEqual(attributeBySchedule(due, transition({ after: at(6, 3), before: at(6, 4) })), "unknown")
  assert.strictEqual(attributeBySchedule(due, transition({ after: at(6, 5), before: at(6, 6) })), "external")
})

it("attributeBySchedule returns unknown when only daylight saving could explain the change", () => {
  const summer = Date.UTC(2026, 6, 11)
  const inSummer = (hour: number) =>
    transition({ after: summer + hour * 3_600_000 - 30_000, before: summer + hour * 3_600_000 + 30_000 })
  const written = [schedule("2026-01-10T06:00:00Z")]
  assert.strictEqual(attributeBySchedule(written, inSummer(6)), "schedule")
  assert.strictEqual(attributeBySchedule(written, inSummer(5)), "unknown")
  assert.strictEqual(attributeBySchedule(written, inSummer(7)), "external")
  assert.strictEqual(attributeBySchedule([schedule("2026-06-10T06:00:00Z")], inSummer(5)), "external")
})

it("attributeBySchedule returns unknown after a long interval, a clock set back, or unreadable schedules", () => {
  const due = [schedule("2026-03-13T06:00:00Z")]
  assert.strictEqual(attributeBySchedule(due, transition({ after: at(2, 0) })), "unknown")
  assert.strictEqual(attributeBySchedule([], transition({ after: at(2, 0) })), "unknown")
  assert.strictEqual(attributeBySchedule(due, transition({ before: at(5, 0) })), "unknown")
  assert.strictEqual(attributeBySchedule(null, transition()), "unknown")
})

it.effect("AccountMonitor attributes arming to unknown while the cloud's clock is unknown", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* makeTestSetup({ clips: false })
    const running = yield* run
    yield* advance(90)
    cloud.control.change({ network: "Home", set: { armed: false } })
    yield* advance(90)
    const events = yield* running.log.read(Seq.make(0), 100)
    assert.deepStrictEqual(
      events.flatMap(({ event }) => (event.kind === "arm.changed" ? [event.data.by] : [])),
      ["unknown"],
    )
  }),
)

it.effect(
  "AccountMonitor distinguishes arming by a person, by a schedule, and with unreadable schedules",
  () =>
    Effect.gen(function* () {
      const { cloud, run } = yield* makeTestSetup({ aheadMs: 3_000_000 })
      const { engine, control } = cloud
      const running = yield* run
      yield* untilFirstPoll(running)
      const cabin = [...engine.world.networks.values()].find(({ name }) => name === "Cabin")!
      control.change({ network: "Home", set: { armed: false } })
      yield* advance(90)
      const time = `2020-01-01 ${new Date(engine.now + 120_000).toISOString().slice(11, 16)}:00 +0000`
      const dow = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
      addProgram(engine.world, cabin, engine.now, {
        name: "Night",
        schedule: [{ dow, devices: [], time, action: "arm" }],
      })
      yield* advance(60)
      yield* advance(60)
      yield* advance(60)
      control.fault({ match: { path: "/programs" }, do: { status: 500 } })
      control.change({ network: "Home", set: { armed: true } })
      yield* advance(90)
      const events = yield* running.log.read(Seq.make(0), 100)
      assert.deepStrictEqual(
        events.flatMap(({ event }) =>
          event.kind === "arm.changed" ? [[event.subject.name, event.data.to, event.data.by]] : [],
        ),
        [
          ["Home", "disarmed", "external"],
          ["Cabin", "armed", "schedule"],
          ["Home", "armed", "unknown"],
        ],
      )
      assert.strictEqual((yield* SubscriptionRef.get(running.monitor.state)).sources["state"]?.state, "ok")
    }),
)
