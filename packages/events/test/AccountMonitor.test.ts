import type { SessionState } from "@blink-streams/model"
import { NetworkId, type RecordedEvent, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Redacted, Scope, Stream, SubscriptionRef } from "effect"
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

const everything = ({ log }: RunningMonitor) => log.read(Seq.make(0), 100_000)
const brief = (events: ReadonlyArray<RecordedEvent>) =>
  events.map(({ event }) => ({ kind: event.kind, name: event.subject.name, ...event.data }))
const stop = ({ scope }: RunningMonitor) => Scope.close(scope, Exit.void)

it.effect("AccountMonitor emits no events at the first start and after a restart without changes", () =>
  Effect.gen(function* () {
    const { run } = yield* makeTestSetup()
    for (let start = 0; start < 3; start++) {
      const running = yield* run
      yield* advanceMinutes(5)
      assert.deepStrictEqual(yield* everything(running), [])
      yield* stop(running)
    }
  }),
)

it.effect("AccountMonitor reports changes made while it was stopped at the next start", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* makeTestSetup()
    const first = yield* run
    yield* advanceMinutes(2)
    yield* stop(first)
    cloud.control.change({ network: "Home", set: { armed: false } })
    cloud.control.motion({ camera: "Garden" })
    yield* advanceMinutes(90)
    const second = yield* run
    yield* untilFirstPoll(second)
    const kinds = (yield* everything(second)).map(({ event }) => event.kind)
    assert.sameMembers(kinds, ["arm.changed", "motion", "clip.added", "thumbnail.changed"])
    const stateAfter = yield* SubscriptionRef.get(second.monitor.state)
    assert.strictEqual(stateAfter.stale, false)
    assert.strictEqual(stateAfter.networks[0]?.arm.state, "disarmed")
    assert.strictEqual(
      stateAfter.cameras.find(({ name }) => name === "Garden")?.lastMotionAt,
      (yield* everything(second)).find(({ event }) => event.kind === "motion")?.event.occurredAt,
    )
  }),
)

it.effect(
  "AccountMonitor logs each command status and ignores contradicting polls while the command runs",
  () =>
    Effect.gen(function* () {
      const { cloud, running } = yield* makePolledSetup({ latencyMs: () => 400 })
      const network = NetworkId.make([...cloud.engine.world.networks.keys()][0]!)
      const command = withClock(Stream.runDrain(running.monitor.command({ name: "disarm", network })))
      yield* Effect.all([command, Effect.forEach([0, 1, 2, 3], () => running.monitor.refresh)], {
        concurrency: 2,
      })
      yield* advanceMinutes(3)
      const events = brief(yield* everything(running))
      const steps = events.flatMap((event) => ("status" in event ? [event.status] : []))
      assert.deepStrictEqual(steps.slice(0, 2), ["queued", "accepted"])
      assert.deepStrictEqual(steps.slice(-2), ["verifying", "done"])
      assert.strictEqual(new Set(steps).size, steps.length)
      assert.deepStrictEqual(
        events.flatMap((event) =>
          event.kind === "arm.changed" && "by" in event ? [[event.from, event.to, event.by]] : [],
        ),
        [
          ["armed", "disarming", "command"],
          ["disarming", "disarmed", "command"],
        ],
      )
    }),
)

it.effect("AccountMonitor keeps the last state as stale during an outage and reports when it ends", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    const known = yield* SubscriptionRef.get(running.monitor.state)
    cloud.control.fault({ do: { drop: "before" } })
    yield* advanceMinutes(10)
    const during = yield* SubscriptionRef.get(running.monitor.state)
    assert.strictEqual(during.stale, true)
    assert.deepStrictEqual(during.networks, known.networks)
    assert.strictEqual(during.sources["state"]?.state, "stale")
    cloud.engine.removeFault(null)
    yield* advanceMinutes(5)
    assert.strictEqual((yield* SubscriptionRef.get(running.monitor.state)).stale, false)
    assert.deepStrictEqual(
      brief(yield* everything(running)).flatMap((event) =>
        "source" in event && "to" in event && event.source === "state" ? [event.to] : [],
      ),
      ["stale", "ok"],
    )
  }).pipe(withoutLogs),
)

it.effect("AccountMonitor sends nothing while the session is lost and polls at once after a sign-in", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup({ settings: { secondFactor: "off" } })
    cloud.control.tokens("revoke", { kind: "access" })
    cloud.control.tokens("revoke", { kind: "refresh" })
    yield* advanceMinutes(5)
    const requestsBefore = cloud.engine.requestCount
    yield* advanceMinutes(30)
    assert.strictEqual(cloud.engine.requestCount, requestsBefore)
    const { sources, session } = yield* SubscriptionRef.get(running.monitor.state)
    assert.strictEqual(sources["state"]?.state, "needs_user")
    assert.include(["signed_out", "blocked"] satisfies ReadonlyArray<SessionState["state"]>, session.state)
    const credentials = { email: "demo@example.com", password: Redacted.make("demo-password") }
    yield* withClock(running.session.signIn(credentials))
    yield* advance(5)
    assert.strictEqual((yield* SubscriptionRef.get(running.monitor.state)).stale, false)
    const sessionEvents = brief(yield* everything(running)).filter(({ kind }) => kind === "session.changed")
    assert.deepStrictEqual(
      sessionEvents.map((event) => ("to" in event ? event.to : null)),
      [session.state, "active"],
    )
  }).pipe(withoutLogs),
)

it.effect("AccountMonitor skips a clip with an invalid time and reports the other clips of the page", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    const updated_at = "2026-03-14T06:05:00+00:00"
    const row = { network_id: 1, device_id: 1, device_name: "Porch", source: "pir", updated_at }
    const media = [
      { id: 1, created_at: "9999-12-31T23:59:59-05:00", ...row },
      { id: 2, created_at: "2026-03-14T06:04:00+00:00", ...row },
      null,
    ]
    cloud.control.fault({ match: { path: "media/changed" }, times: 3, do: { body: { limit: 500, media } } })
    yield* advanceMinutes(3)
    const events = yield* everything(running)
    assert.deepStrictEqual(
      events.flatMap(({ event }) => (event.kind === "motion" ? [event.data.clipId] : [])),
      ["2"],
    )
  }).pipe(withoutLogs),
)

it.effect("AccountMonitor continues to poll after an unexpected error", () =>
  Effect.gen(function* () {
    const { cloud, disk, running } = yield* makePolledSetup()
    disk.failNext(6, Effect.die(new Error("a bug")))
    cloud.control.motion({ camera: "Porch" })
    yield* advanceMinutes(30)
    const { sources } = yield* SubscriptionRef.get(running.monitor.state)
    for (const source of ["state", "clips"]) assert.strictEqual(sources[source]?.state, "ok")
    const kinds = (yield* everything(running)).map(({ event }) => event.kind)
    assert.includeMembers(kinds, ["motion", "thumbnail.changed"])
  }).pipe(withoutLogs),
)

it.effect(
  "AccountMonitor reports a gap and all clips read when a poll finds more clips than it may read",
  () =>
    Effect.gen(function* () {
      const { cloud, run } = yield* makeTestSetup({ settings: { mediaPageSize: 25 } })
      const first = yield* run
      yield* untilFirstPoll(first)
      yield* stop(first)
      for (let minute = 0; minute < 101; minute++) {
        for (let number = 0; number < 100; number++)
          cloud.control.motion({ camera: "Porch", source: "liveview" })
        yield* advanceMinutes(1)
      }
      const second = yield* run
      yield* untilFirstPoll(second)
      const events = yield* everything(second)
      assert.strictEqual(events.filter(({ event }) => event.kind === "gap").length, 1)
      assert.strictEqual(events.filter(({ event }) => event.kind === "clip.added").length, 10_000)
    }),
)

for (const off of ["state", "clips"] as const)
  it.effect(`AccountMonitor does not poll the ${off} when it is switched off and reports the rest`, () =>
    Effect.gen(function* () {
      const { cloud, run } = yield* makeTestSetup({ [off]: false })
      const running = yield* run
      yield* advanceMinutes(3)
      cloud.control.motion({ camera: "Porch", publish_after_ms: 0 })
      cloud.control.change({ network: "Home", set: { armed: false } })
      yield* running.monitor.refresh.pipe(withClock)
      yield* advanceMinutes(3)
      const kinds = (yield* everything(running)).map(({ event }) => event.kind)
      const expectedKinds = {
        clips: ["arm.changed", "thumbnail.changed"],
        state: ["motion", "clip.added"],
      }[off]
      assert.sameMembers(kinds, expectedKinds)
      const path = { state: "/homescreen", clips: "/media/changed" }[off]
      assert.isFalse(cloud.engine.requests(0).some((request) => request.path.endsWith(path)))
      assert.isUndefined((yield* SubscriptionRef.get(running.monitor.state)).sources[off])
    }),
  )

it.effect("AccountMonitor sends the same number of requests per hour for any number of cameras", () =>
  Effect.gen(function* () {
    const perHour = Effect.fnUntraced(function* (grow: boolean) {
      const { cloud, run } = yield* makeTestSetup()
      if (grow)
        for (const network of cloud.engine.world.networks.values()) {
          const [camera] = network.cameras
          for (let id = 1; id < 200; id++) {
            const copy = { ...camera!, id, name: `More ${network.id} ${id}` }
            network.cameras.push(copy)
            cloud.engine.world.cameras.set(`${copy.kind}:${id}:${network.id}`, copy)
          }
        }
      const running = yield* run
      yield* untilFirstPoll(running)
      const requestsBefore = cloud.engine.requestCount
      yield* advanceMinutes(60)
      yield* stop(running)
      return cloud.engine.requestCount - requestsBefore
    })
    assert.strictEqual(yield* perHour(true), yield* perHour(false))
  }),
)

it.effect("AccountMonitor reports motion of the legacy event list once, before its clip is uploaded", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup({
      dialect: "legacy",
      settings: { secondFactor: "off" },
    })
    yield* advanceMinutes(5)
    cloud.control.motion({ camera: "Porch", publish_after_ms: 400_000 })
    yield* advanceMinutes(15)
    const events = brief(yield* everything(running))
    assert.deepStrictEqual(
      events.flatMap(({ kind, name }) => (kind === "motion" || kind === "clip.added" ? [[kind, name]] : [])),
      [
        ["motion", "Porch"],
        ["clip.added", "Porch"],
      ],
    )
  }).pipe(withoutLogs),
)

it.effect(
  "AccountMonitor turns the legacy event list off when the cloud withdraws it and keeps polling the rest",
  () =>
    Effect.gen(function* () {
      const { cloud, running } = yield* makePolledSetup({
        dialect: "legacy",
        settings: { secondFactor: "off" },
      })
      cloud.control.fault({
        match: { path: "/events/" },
        do: { body: { message: "An app update is required", code: 105 } },
      })
      yield* advanceMinutes(10)
      const { sources, stale } = yield* SubscriptionRef.get(running.monitor.state)
      assert.strictEqual(sources["legacy_events"]?.state, "off")
      assert.strictEqual(stale, false)
      assert.deepInclude(brief(yield* everything(running)).at(-1), {
        kind: "health.changed",
        source: "legacy_events",
        to: "off",
      })
    }).pipe(withoutLogs),
)
