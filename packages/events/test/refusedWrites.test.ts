import type { EventKind } from "@blink-streams/model"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Stream, SubscriptionRef } from "effect"
import { lookedAt, makeHousehold, minutes, pass, quietly, type Running, withTime } from "./household.ts"

const told = ({ log }: Running, ...kinds: ReadonlyArray<EventKind>) =>
  Effect.map(log.read(Seq.make(0), 10_000), (events) =>
    events.flatMap(({ event }) => (kinds.includes(event.kind) ? [event.kind] : [])),
  )

it.effect("clips that a look found while the disk was full are told once there is room", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* lookedAt()
    disk.refuse(1_000)
    cloud.orders.motion({ camera: "Porch", publish_after_ms: 0 })
    yield* minutes(10)
    // Newer clips, so that the window would have passed over the one that was not written.
    cloud.orders.motion({ camera: "Garden", publish_after_ms: 0 })
    yield* minutes(6)
    disk.refuse(0)
    yield* minutes(10)
    assert.deepStrictEqual(yield* told(running, "motion", "clip.added"), [
      "motion",
      "clip.added",
      "motion",
      "clip.added",
    ])
  }).pipe(quietly),
)

it.effect("while the disk is full the state is stale: what is found is not known", () =>
  Effect.gen(function* () {
    const { disk, running } = yield* lookedAt()
    const stale = Effect.map(SubscriptionRef.get(running.home.state), (state) => state.stale)
    assert.isFalse(yield* stale)
    disk.refuse(1_000)
    yield* minutes(3)
    assert.isTrue(yield* stale)
    disk.refuse(0)
    yield* minutes(6)
    assert.isFalse(yield* stale)
  }).pipe(quietly),
)

it.effect("a command that was carried out while the disk was full is told as nobody else's", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* lookedAt()
    const { id, arm } = (yield* SubscriptionRef.get(running.home.state)).networks[0]!
    const name = arm.state === "armed" ? "disarm" : "arm"
    disk.refuse(1_000)
    yield* withTime(Stream.runDrain(running.home.run({ name, network: id })))
    disk.refuse(0)
    yield* minutes(10)
    const events = yield* running.log.read(Seq.make(0), 10_000)
    const changes = events.flatMap(({ event }) => (event.kind === "arm.changed" ? [event.data] : []))
    assert.deepStrictEqual(changes, [{ from: arm.state, to: `${name}ed`, by: "unknown" }])
    assert.strictEqual(cloud.engine.world.networks.get(id)?.armed, name === "arm")
  }).pipe(quietly),
)

it.effect("an unchanged list is judged again when what it told was not written", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* lookedAt()
    yield* minutes(20)
    cloud.orders.motion({ camera: "Porch", publish_after_ms: 0 })
    disk.refuse(2)
    yield* minutes(10)
    assert.deepStrictEqual(yield* told(running, "motion"), ["motion"])
  }).pipe(quietly),
)

it.effect("a first look that could not be written is still the first: what it found is no news", () =>
  Effect.gen(function* () {
    const { run, disk } = yield* makeHousehold({ localStorage: true })
    const running = yield* run
    disk.refuse(40)
    yield* minutes(60)
    assert.deepStrictEqual(yield* told(running, "motion", "clip.added"), [])
    const { sources } = yield* SubscriptionRef.get(running.home.state)
    for (const source of ["homescreen", "media", "local_storage"])
      assert.strictEqual(sources[source]?.state, "ok")
  }).pipe(quietly),
)

it.effect("a first look at the seed's event rows that could not be written tells nothing later", () =>
  Effect.gen(function* () {
    const settings = { secondFactor: "off" } as const
    const { cloud, run, disk } = yield* makeHousehold({ dialect: "legacy", settings })
    for (const camera of ["Porch", "Garden", "Garage"])
      cloud.orders.motion({ camera, publish_after_ms: 3_600_000 })
    yield* pass(60)
    const running = yield* run
    disk.refuse(40)
    yield* minutes(50)
    assert.deepStrictEqual(yield* told(running, "motion", "clip.added"), [])
  }).pipe(quietly),
)

it.effect("a sign-in that could not be noted is noted once there is room", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* lookedAt({ settings: { secondFactor: "off" } })
    disk.refuse(1_000)
    cloud.orders.tokens("revoke", { kind: "access" })
    cloud.orders.tokens("revoke", { kind: "refresh" })
    yield* minutes(5)
    disk.refuse(0)
    yield* minutes(5)
    const { session } = yield* SubscriptionRef.get(running.home.state)
    assert.strictEqual(session.state, (yield* SubscriptionRef.get(running.session.state)).state)
    assert.deepStrictEqual(yield* told(running, "session.changed"), ["session.changed"])
  }).pipe(quietly),
)
