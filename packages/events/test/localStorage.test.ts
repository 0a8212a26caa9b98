import { LocalStorage } from "@blink-streams/core"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Stream, SubscriptionRef } from "effect"
import { clipEvents } from "../src/internal/derive/clipEvents.ts"
import { advance, advanceMinutes, makePolledSetup, withClock, withoutLogs } from "./testSetup.ts"

const camera = "Porch"
const manifestPath = "/manifest/request"

/** A monitored account whose USB storage has been polled. */
const makeStoragePolledSetup = Effect.gen(function* () {
  const setup = yield* makePolledSetup({ usbStorage: true })
  yield* advanceMinutes(5)
  const { syncModules } = yield* SubscriptionRef.get(setup.running.monitor.state)
  const syncModule = syncModules.find(({ localStorage }) => localStorage === "active")
  return { ...setup, storage: { network: syncModule!.networkId, syncModule: syncModule!.id } }
})

/** Requests about manifests and commands since a number of requests, as `METHOD status`. */
const responses = (cloud: Effect.Success<typeof makeStoragePolledSetup>["cloud"], since: number) =>
  cloud.engine.requests(since).map(({ method, path, status }) => ({ method, path, status }))

it.effect("A USB clip is the same clip with the same source for AccountMonitor and LocalStorage", () =>
  Effect.gen(function* () {
    const { account, cloud, running, storage } = yield* makeStoragePolledSetup
    // The copy in the cloud does not arrive within this test, so that the motion comes from USB storage.
    cloud.control.motion({ camera, publish_after_ms: 3_600_000 })
    yield* advanceMinutes(10)
    const logged = (yield* running.log.read(Seq.make(0), 1000)).flatMap(({ event }) =>
      event.source === "usb_storage" ? [event] : [],
    )
    const { clips } = yield* Effect.scoped(
      Effect.flatMap(Layer.build(account), (services) =>
        withClock(Context.get(services, LocalStorage).clips(storage)),
      ),
    )
    assert.isTrue(clips.every(({ source }) => source === null))
    const [first] = logged
    assert.strictEqual(first?.kind, "motion")
    const listed = clips.filter(({ createdAt }) => createdAt === first?.occurredAt)
    const { events } = clipEvents(listed, new Map(), {
      account: running.monitor.account,
      observedAt: first!.observedAt,
      baseline: { baselineAt: first!.occurredAt, baselineFrom: null },
      historyFrom: null,
    })
    assert.deepStrictEqual(events, logged)
  }),
)

it.effect("AccountMonitor retries a busy sync module within the same poll of USB storage", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makeStoragePolledSetup
    const before = cloud.engine.requestCount
    const states: Array<string | undefined> = []
    yield* SubscriptionRef.changes(running.monitor.state).pipe(
      Stream.runForEach(({ sources }) => Effect.sync(() => states.push(sources["usb_storage"]?.state))),
      Effect.forkIn(running.scope),
    )
    cloud.control.fault({
      match: { method: "POST", path: manifestPath },
      times: 2,
      do: { status: 409, body: { message: "System is busy, please wait", code: 307 } },
    })
    yield* advanceMinutes(3)
    const statuses = responses(cloud, before)
      .filter(({ method, path }) => method === "POST" && path.endsWith(manifestPath))
      .map(({ status }) => status)
    assert.deepStrictEqual(statuses.slice(0, 3), [409, 409, 200])
    assert.sameMembers([...new Set(states)], ["ok"])
  }).pipe(withoutLogs),
)

it.effect("AccountMonitor lists USB clips after a command that runs at the same time, not beside it", () =>
  Effect.gen(function* () {
    const { cloud, running, storage } = yield* makeStoragePolledSetup
    const before = cloud.engine.requestCount
    let ended = false
    // One command after another, so that a poll of USB storage becomes due while one is running.
    const commands = yield* Stream.runDrain(
      running.monitor.command({ name: "arm", network: storage.network }),
    ).pipe(
      Effect.andThen(Stream.runDrain(running.monitor.command({ name: "disarm", network: storage.network }))),
      Effect.repeat({ until: () => ended }),
      Effect.forkIn(running.scope),
    )
    for (let second = 0; second < 300; second++) yield* advance(1)
    ended = true
    yield* withClock(Fiber.join(commands))
    const seen = responses(cloud, before)
    assert.isTrue(seen.some(({ method, path }) => method === "POST" && path.endsWith(manifestPath)))
    assert.isTrue(seen.some(({ method, path }) => method === "POST" && path.endsWith("/arm")))
    assert.deepStrictEqual(
      seen.filter(({ status }) => status === 409),
      [],
    )
  }),
)

it.effect(
  "The clips on USB storage of an account without clips in the cloud are history, later ones are new",
  () =>
    Effect.gen(function* () {
      const { cloud, running } = yield* makePolledSetup({
        settings: { subscription: false },
        history: "30 days",
      })
      yield* advanceMinutes(5)
      const stored = [...cloud.engine.world.networks.values()].flatMap(
        ({ syncModule }) => syncModule?.storage?.clips ?? [],
      )
      cloud.control.motion({ camera })
      yield* advanceMinutes(5)
      const motions = (yield* running.log.read(Seq.make(0), 1000)).flatMap(({ event }) =>
        event.kind === "motion" ? [event] : [],
      )
      assert.sameMembers(
        motions.filter(({ backfilled }) => backfilled === true).map(({ occurredAt }) => occurredAt),
        stored.map(({ createdAt }) => new Date(createdAt).toISOString()),
      )
      assert.deepStrictEqual(
        motions.filter(({ backfilled }) => backfilled !== true).map(({ subject }) => subject.name),
        [camera],
      )
    }),
)
