import { addProgram } from "../../emulator/src/internal/world/programs.ts"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Random } from "effect"
import { untilFirstPoll, makeTestSetup, advanceMinutes, advance, withoutLogs } from "./testSetup.ts"

/** The test clock with a wall time that can jump while its timers continue. */
const makeWallClock = Effect.gen(function* () {
  const timers = yield* Clock.Clock
  let ahead = 0
  const now = () => timers.currentTimeMillisUnsafe() + ahead
  const clock: Clock.Clock = Object.create(timers, {
    currentTimeMillisUnsafe: { value: now },
    currentTimeMillis: { value: Effect.sync(now) },
  })
  const jump = (hours: number) => {
    ahead += hours * 3_600_000
  }
  return { clock, jump }
})

for (const [description, hours] of [
  ["is set back five hours", -5],
  ["jumps ahead five hours, as after a sleep of the machine", 5],
] as const)
  it.effect(`AccountMonitor neither stops polling nor duplicates events when the clock ${description}`, () =>
    Effect.gen(function* () {
      const { cloud, run } = yield* makeTestSetup()
      const { clock, jump } = yield* makeWallClock
      const running = yield* run.pipe(Effect.provideService(Clock.Clock, clock))
      yield* untilFirstPoll(running)
      yield* advanceMinutes(10)
      cloud.control.motion({ camera: "Porch" })
      yield* advanceMinutes(2)
      jump(hours)
      yield* advanceMinutes(2)
      cloud.control.motion({ camera: "Garden" })
      yield* advanceMinutes(5)
      const events = yield* running.log.read(Seq.make(0), 1000)
      assert.deepStrictEqual(
        events.flatMap(({ event }) => (event.kind === "motion" ? [event.subject.name] : [])),
        ["Porch", "Garden"],
      )
    }).pipe(withoutLogs, Random.withSeed("clock jumps")),
  )

for (const hours of [-1, 1])
  it.effect(
    `AccountMonitor attributes arming to a schedule although the clock is set by ${hours} hours around it`,
    () =>
      Effect.gen(function* () {
        const { cloud, run } = yield* makeTestSetup()
        const { engine } = cloud
        const { clock, jump } = yield* makeWallClock
        const running = yield* run.pipe(Effect.provideService(Clock.Clock, clock))
        yield* untilFirstPoll(running)
        const cabin = [...engine.world.networks.values()].find(({ name }) => name === "Cabin")!
        const due = Math.ceil(engine.now / 60_000) * 60_000 + 120_000
        const time = `2020-01-01 ${new Date(due).toISOString().slice(11, 16)}:00 +0000`
        const dow = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        const schedule = [{ dow, devices: [], time, action: "arm" as const }]
        addProgram(engine.world, cabin, engine.now, { name: "Night", schedule })
        // After the last poll of the homescreen before it, and a poll of the clips before the next.
        while (engine.now < due - 31_000) yield* advance(1)
        jump(hours)
        yield* advanceMinutes(3)
        const events = yield* running.log.read(Seq.make(0), 1000)
        assert.deepStrictEqual(
          events.flatMap(({ event }) => (event.kind === "arm.changed" ? [event.data.by] : [])),
          ["schedule"],
        )
      }).pipe(withoutLogs, Random.withSeed("clock jumps")),
  )
