import { NetworkId, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope, Stream, SubscriptionRef } from "effect"
import {
  untilFirstPoll,
  makePolledSetup,
  makeTestSetup,
  advanceMinutes,
  advance,
  withoutLogs,
  type RunningMonitor,
  withClock,
} from "./testSetup.ts"
import type { InProcessCloud } from "./inProcessCloud.ts"

const homeNetworkId = ({ engine }: InProcessCloud) =>
  NetworkId.make([...engine.world.networks.values()].find(({ name }) => name === "Home")!.id)

/** Starts a command in the background. */
const startCommand = ({ monitor, scope }: RunningMonitor, name: "arm" | "disarm", network: NetworkId) =>
  Effect.forkIn(Effect.exit(Stream.runDrain(monitor.command({ name, network }))), scope)

const armChanges = ({ log }: RunningMonitor) =>
  Effect.map(log.read(Seq.make(0), 1000), (events) =>
    events.flatMap(({ event }) =>
      event.kind === "arm.changed" ? [`${event.data.from} > ${event.data.to} by ${event.data.by}`] : [],
    ),
  )

it.effect("A queued command changes no arm state before it is accepted", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup({ latencyMs: () => 400 })
    yield* startCommand(running, "disarm", homeNetworkId(cloud))
    yield* advance(2)
    yield* startCommand(running, "arm", homeNetworkId(cloud))
    yield* advanceMinutes(2)
    assert.deepStrictEqual(yield* armChanges(running), [
      "armed > disarming by command",
      "disarming > disarmed by command",
      "disarmed > arming by command",
      "arming > armed by command",
    ])
  }).pipe(withoutLogs),
)

it.effect(
  "A change of another client is not attributed to an arm command that finds the state already there",
  () =>
    Effect.gen(function* () {
      const { cloud, running } = yield* makePolledSetup()
      const network = homeNetworkId(cloud)
      cloud.control.change({ network: "Home", set: { armed: false } })
      yield* startCommand(running, "disarm", network)
      yield* advanceMinutes(1)
      const changes = yield* armChanges(running)
      assert.strictEqual(changes.length, 1)
      assert.match(changes[0]!, /^armed > disarmed by (external|unknown)$/)
    }).pipe(withoutLogs),
)

it.effect("A command that the sync module never accepts changes no arm state", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    cloud.control.fault({ match: { path: "/disarm" }, do: { status: 409, body: { code: 307 } } })
    yield* startCommand(running, "disarm", homeNetworkId(cloud))
    yield* advanceMinutes(4)
    assert.deepStrictEqual(yield* armChanges(running), [])
  }).pipe(withoutLogs),
)

it.effect("A command that is joined late on a slow disk is logged only once", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* makePolledSetup()
    disk.delayWrites("1 second")
    yield* startCommand(running, "disarm", homeNetworkId(cloud))
    for (let joined = 0; joined < 5; joined++) {
      yield* advance(0.5)
      yield* startCommand(running, "disarm", homeNetworkId(cloud))
    }
    yield* advanceMinutes(5)
    assert.deepStrictEqual(yield* armChanges(running), [
      "armed > disarming by command",
      "disarming > disarmed by command",
    ])
  }).pipe(withoutLogs),
)

it.effect(
  "An unexpected log error neither cancels a command nor stops later polls from updating its network",
  () =>
    Effect.gen(function* () {
      const { cloud, run, disk } = yield* makeTestSetup()
      const running = yield* run
      yield* untilFirstPoll(running)
      const network = homeNetworkId(cloud)
      disk.failNext(1000, Effect.die(new Error("a bug")))
      const command = yield* startCommand(running, "disarm", network)
      yield* advanceMinutes(2)
      disk.failNext(0)
      yield* advanceMinutes(6)
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(command)))
      cloud.control.change({ network: "Home", set: { armed: true } })
      yield* advanceMinutes(2)
      const { networks } = yield* SubscriptionRef.get(running.monitor.state)
      assert.strictEqual(networks.find(({ id }) => id === network)?.arm.state, "armed")
    }).pipe(withoutLogs),
)

it.effect("The arm state is unknown when the response to a command and all polls after it are lost", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    cloud.control.fault({ match: { path: "/disarm" }, do: { drop: "after" } })
    cloud.control.fault({ match: { path: "/homescreen" }, do: { drop: "before" } })
    yield* startCommand(running, "disarm", homeNetworkId(cloud))
    yield* advanceMinutes(2)
    assert.deepStrictEqual(yield* armChanges(running), ["armed > unknown by unknown"])
    cloud.engine.removeFault(null)
    yield* advanceMinutes(2)
    assert.deepStrictEqual((yield* armChanges(running)).slice(1), ["unknown > disarmed by unknown"])
  }).pipe(withoutLogs),
)

it.effect("A change of arming after a command with an unknown outcome is attributed to unknown", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    cloud.control.fault({ match: { path: "/disarm" }, do: { drop: "before" } })
    yield* startCommand(running, "disarm", homeNetworkId(cloud))
    yield* advanceMinutes(2)
    assert.deepStrictEqual(yield* armChanges(running), [])
    cloud.control.change({ network: "Home", set: { armed: false } })
    yield* advanceMinutes(30)
    cloud.control.change({ network: "Home", set: { armed: true } })
    yield* advanceMinutes(2)
    assert.deepStrictEqual(yield* armChanges(running), [
      "armed > disarmed by unknown",
      "disarmed > armed by external",
    ])
  }).pipe(withoutLogs),
)

it.effect("A change of arming after a command of the previous run is attributed to unknown", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* makeTestSetup()
    const first = yield* run
    yield* untilFirstPoll(first)
    cloud.control.fault({ match: { path: "/disarm" }, do: { drop: "after", delay_ms: 5000 } })
    yield* startCommand(first, "disarm", homeNetworkId(cloud))
    while (!cloud.engine.requests(0).some(({ path }) => path.endsWith("/disarm"))) yield* advance(0.1)
    yield* withClock(Scope.close(first.scope, Exit.void))
    cloud.engine.removeFault(null)
    const second = yield* run
    yield* advanceMinutes(30)
    cloud.control.change({ network: "Home", set: { armed: true } })
    yield* advanceMinutes(2)
    assert.deepStrictEqual(yield* armChanges(second), [
      "armed > disarmed by unknown",
      "disarmed > armed by external",
    ])
  }).pipe(withoutLogs),
)

it.effect("A running command fails with OutcomeUnknown when its monitor stops", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    const command = running.monitor.command({ name: "disarm", network: homeNetworkId(cloud) })
    const waiting = yield* Effect.forkChild(Effect.flip(Stream.runDrain(command)))
    yield* advance(1)
    yield* withClock(Scope.close(running.scope, Exit.void))
    assert.strictEqual((yield* withClock(Fiber.join(waiting))).code, "OutcomeUnknown")
    assert.strictEqual((yield* withClock(Effect.flip(Stream.runDrain(command)))).code, "OutcomeUnknown")
  }).pipe(withoutLogs),
)
