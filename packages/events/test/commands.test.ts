import { NetworkId, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope, Stream, SubscriptionRef } from "effect"
import {
  firstLook,
  lookedAt,
  makeHousehold,
  minutes,
  pass,
  quietly,
  type Running,
  withTime,
} from "./household.ts"
import type { InProcessCloud } from "./inProcessCloud.ts"

const homeOf = ({ engine }: InProcessCloud) =>
  NetworkId.make([...engine.world.networks.values()].find(({ name }) => name === "Home")!.id)

/** Begins a command; nobody waits for it. */
const order = ({ home, scope }: Running, name: "arm" | "disarm", network: NetworkId) =>
  Effect.forkIn(Effect.exit(Stream.runDrain(home.run({ name, network }))), scope)

const arming = ({ log }: Running) =>
  Effect.map(log.read(Seq.make(0), 1000), (events) =>
    events.flatMap(({ event }) =>
      event.kind === "arm.changed" ? [`${event.data.from} > ${event.data.to} by ${event.data.by}`] : [],
    ),
  )

it.effect("a command that waits for another one says nothing of the home before its turn", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* lookedAt({ latencyMs: () => 400 })
    yield* order(running, "disarm", homeOf(cloud))
    yield* pass(2)
    yield* order(running, "arm", homeOf(cloud))
    yield* minutes(2)
    assert.deepStrictEqual(yield* arming(running), [
      "armed > disarming by command",
      "disarming > disarmed by command",
      "disarmed > arming by command",
      "arming > armed by command",
    ])
  }).pipe(quietly),
)

it.effect("a command that the hub never takes changes nothing", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* lookedAt()
    cloud.orders.fault({ match: { path: "/disarm" }, do: { status: 409, body: { code: 307 } } })
    yield* order(running, "disarm", homeOf(cloud))
    yield* minutes(4)
    assert.deepStrictEqual(yield* arming(running), [])
  }).pipe(quietly),
)

it.effect("whoever joins a command late, with a slow disk, does not tell its steps again", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* lookedAt()
    disk.slow("1 second")
    yield* order(running, "disarm", homeOf(cloud))
    for (let joined = 0; joined < 5; joined++) {
      yield* pass(0.5)
      yield* order(running, "disarm", homeOf(cloud))
    }
    yield* minutes(5)
    assert.deepStrictEqual(yield* arming(running), [
      "armed > disarming by command",
      "disarming > disarmed by command",
    ])
  }).pipe(quietly),
)

it.effect(
  "a log that breaks in a way nobody foresaw neither cancels a command nor blinds the looks after it",
  () =>
    Effect.gen(function* () {
      const { cloud, run, disk } = yield* makeHousehold()
      const running = yield* run
      yield* firstLook(running)
      const network = homeOf(cloud)
      disk.refuse(1000, Effect.die(new Error("a bug")))
      const command = yield* order(running, "disarm", network)
      yield* minutes(2)
      disk.refuse(0)
      yield* minutes(6)
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(command)))
      cloud.orders.change({ network: "Home", set: { armed: true } })
      yield* minutes(2)
      const { networks } = yield* SubscriptionRef.get(running.home.state)
      assert.strictEqual(networks.find(({ id }) => id === network)?.arm.state, "armed")
    }).pipe(quietly),
)

it.effect("when the answer to a command and all looks after it are lost, nobody knows", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* lookedAt()
    cloud.orders.fault({ match: { path: "/disarm" }, do: { drop: "after" } })
    cloud.orders.fault({ match: { path: "/homescreen" }, do: { drop: "before" } })
    yield* order(running, "disarm", homeOf(cloud))
    yield* minutes(2)
    assert.deepStrictEqual(yield* arming(running), ["armed > unknown by unknown"])
    cloud.engine.removeFault(null)
    yield* minutes(2)
    assert.deepStrictEqual((yield* arming(running)).slice(1), ["unknown > disarmed by unknown"])
  }).pipe(quietly),
)

it.effect("what follows a command of which nobody knows how it went is nobody's for certain", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* lookedAt()
    cloud.orders.fault({ match: { path: "/disarm" }, do: { drop: "before" } })
    yield* order(running, "disarm", homeOf(cloud))
    yield* minutes(2)
    assert.deepStrictEqual(yield* arming(running), [])
    cloud.orders.change({ network: "Home", set: { armed: false } })
    yield* minutes(30)
    cloud.orders.change({ network: "Home", set: { armed: true } })
    yield* minutes(2)
    assert.deepStrictEqual(yield* arming(running), [
      "armed > disarmed by unknown",
      "disarmed > armed by someone",
    ])
  }).pipe(quietly),
)

it.effect("what a command of an earlier life may have done is nobody's for certain", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* makeHousehold()
    const first = yield* run
    yield* firstLook(first)
    cloud.orders.fault({ match: { path: "/disarm" }, do: { drop: "after", delay_ms: 5000 } })
    yield* order(first, "disarm", homeOf(cloud))
    while (!cloud.engine.requests(0).some(({ path }) => path.endsWith("/disarm"))) yield* pass(0.1)
    yield* withTime(Scope.close(first.scope, Exit.void))
    cloud.engine.removeFault(null)
    const second = yield* run
    yield* minutes(30)
    cloud.orders.change({ network: "Home", set: { armed: true } })
    yield* minutes(2)
    assert.deepStrictEqual(yield* arming(second), [
      "armed > disarmed by unknown",
      "disarmed > armed by someone",
    ])
  }).pipe(quietly),
)

it.effect("a home that stops while a command is under way says so to who waits for it", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* lookedAt()
    const command = running.home.run({ name: "disarm", network: homeOf(cloud) })
    const waiting = yield* Effect.forkChild(Effect.flip(Stream.runDrain(command)))
    yield* pass(1)
    yield* withTime(Scope.close(running.scope, Exit.void))
    assert.strictEqual((yield* withTime(Fiber.join(waiting))).code, "OutcomeUnknown")
    assert.strictEqual((yield* withTime(Effect.flip(Stream.runDrain(command)))).code, "OutcomeUnknown")
  }).pipe(quietly),
)
