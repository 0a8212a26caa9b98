import type { EventKind } from "@blink-streams/model"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Stream, SubscriptionRef } from "effect"
import {
  makePolledSetup,
  makeTestSetup,
  advanceMinutes,
  advance,
  withoutLogs,
  type RunningMonitor,
  withClock,
} from "./testSetup.ts"

const emittedKinds = ({ log }: RunningMonitor, ...kinds: ReadonlyArray<EventKind>) =>
  Effect.map(log.read(Seq.make(0), 10_000), (events) =>
    events.flatMap(({ event }) => (kinds.includes(event.kind) ? [event.kind] : [])),
  )

it.effect("Clips that were found while the disk was full are emitted once there is room", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* makePolledSetup()
    disk.failNext(1_000)
    cloud.control.motion({ camera: "Porch", publish_after_ms: 0 })
    yield* advanceMinutes(10)
    // Newer clips, with which the checkpoint would have passed the one that was not written.
    cloud.control.motion({ camera: "Garden", publish_after_ms: 0 })
    yield* advanceMinutes(6)
    disk.failNext(0)
    yield* advanceMinutes(10)
    assert.deepStrictEqual(yield* emittedKinds(running, "motion", "clip.added"), [
      "motion",
      "clip.added",
      "motion",
      "clip.added",
    ])
  }).pipe(withoutLogs),
)

it.effect("The state is stale while the disk is full", () =>
  Effect.gen(function* () {
    const { disk, running } = yield* makePolledSetup()
    const stale = Effect.map(SubscriptionRef.get(running.monitor.state), (state) => state.stale)
    assert.isFalse(yield* stale)
    disk.failNext(1_000)
    yield* advanceMinutes(3)
    assert.isTrue(yield* stale)
    disk.failNext(0)
    yield* advanceMinutes(6)
    assert.isFalse(yield* stale)
  }).pipe(withoutLogs),
)

it.effect("A command that was executed while the disk was full is attributed to unknown", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* makePolledSetup()
    const { id, arm } = (yield* SubscriptionRef.get(running.monitor.state)).networks[0]!
    const name = arm.state === "armed" ? "disarm" : "arm"
    disk.failNext(1_000)
    yield* withClock(Stream.runDrain(running.monitor.command({ name, network: id })))
    disk.failNext(0)
    yield* advanceMinutes(10)
    const events = yield* running.log.read(Seq.make(0), 10_000)
    const changes = events.flatMap(({ event }) => (event.kind === "arm.changed" ? [event.data] : []))
    assert.deepStrictEqual(changes, [{ from: arm.state, to: `${name}ed`, by: "unknown" }])
    assert.strictEqual(cloud.engine.world.networks.get(id)?.armed, name === "arm")
  }).pipe(withoutLogs),
)

it.effect("An unchanged clip list is processed again when its events were not written", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* makePolledSetup()
    yield* advanceMinutes(20)
    cloud.control.motion({ camera: "Porch", publish_after_ms: 0 })
    disk.failNext(2)
    yield* advanceMinutes(10)
    assert.deepStrictEqual(yield* emittedKinds(running, "motion"), ["motion"])
  }).pipe(withoutLogs),
)

it.effect("The baseline is taken again, without events, when the first poll could not be written", () =>
  Effect.gen(function* () {
    const { run, disk } = yield* makeTestSetup({ usbStorage: true })
    const running = yield* run
    disk.failNext(40)
    yield* advanceMinutes(60)
    assert.deepStrictEqual(yield* emittedKinds(running, "motion", "clip.added"), [])
    const { sources } = yield* SubscriptionRef.get(running.monitor.state)
    for (const source of ["state", "clips", "usb_storage"]) assert.strictEqual(sources[source]?.state, "ok")
  }).pipe(withoutLogs),
)

it.effect(
  "The baseline of the legacy event list is taken again when the first poll could not be written",
  () =>
    Effect.gen(function* () {
      const settings = { secondFactor: "off" } as const
      const { cloud, run, disk } = yield* makeTestSetup({ dialect: "legacy", settings })
      for (const camera of ["Porch", "Garden", "Garage"])
        cloud.control.motion({ camera, publish_after_ms: 3_600_000 })
      yield* advance(60)
      const running = yield* run
      disk.failNext(40)
      yield* advanceMinutes(50)
      assert.deepStrictEqual(yield* emittedKinds(running, "motion", "clip.added"), [])
    }).pipe(withoutLogs),
)

it.effect("A session change that could not be written is recorded once there is room", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* makePolledSetup({ settings: { secondFactor: "off" } })
    disk.failNext(1_000)
    cloud.control.tokens("revoke", { kind: "access" })
    cloud.control.tokens("revoke", { kind: "refresh" })
    yield* advanceMinutes(5)
    disk.failNext(0)
    yield* advanceMinutes(5)
    const { session } = yield* SubscriptionRef.get(running.monitor.state)
    assert.strictEqual(session.state, (yield* SubscriptionRef.get(running.session.state)).state)
    assert.deepStrictEqual(yield* emittedKinds(running, "session.changed"), ["session.changed"])
  }).pipe(withoutLogs),
)
