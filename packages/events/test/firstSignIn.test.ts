import { type BlinkEvent, type EventKind, Seq } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Metric, Scope, Stream, SubscriptionRef } from "effect"
import { accountEvents } from "../src/internal/monitor/accountEvents.ts"
import type { EventsOptions } from "../src/AccountMonitorContract.ts"
import { account, motion } from "./fixtures.ts"
import type { InProcessCloud } from "./inProcessCloud.ts"
import {
  advance,
  advanceMinutes,
  makeTestSetup,
  type RunningMonitor,
  type TestSetupOptions,
  untilFirstPoll,
  withoutLogs,
} from "./testSetup.ts"

/** 40 cameras with 20 clips each. */
const signInAs = { email: "large@example.com", networks: 4, cameras: 40, clips_per_camera: 20 }
const clipCount = 800

const apis = [
  { dialect: "oauth", settings: { mediaPageSize: 25 }, pages: 33 },
  { dialect: "legacy", settings: { secondFactor: "off" }, pages: 81 },
] as const

const stop = ({ scope }: RunningMonitor) => Scope.close(scope, Exit.void)

const loggedEvents = ({ log }: RunningMonitor) =>
  Effect.map(log.read(Seq.make(0), 100_000), (recorded) => recorded.map(({ event }) => event))

const isOfKind = (...kinds: ReadonlyArray<EventKind>) => {
  const requested = new Set<EventKind>(kinds)
  return ({ kind }: BlinkEvent) => requested.has(kind)
}
const isRecording = isOfKind("motion", "doorbell.pressed", "clip.added")

const clipIdsOf = (events: ReadonlyArray<BlinkEvent>) =>
  events.flatMap((event) => (event.kind === "clip.added" ? [String(event.data.clipId)] : []))

/** Ids of the clips of the account in the world. */
const worldClipIds = ({ engine }: InProcessCloud) =>
  [...engine.world.media.values()]
    .filter(({ camera }) => camera.network.account.email === signInAs.email)
    .map(({ id }) => String(id))

/** Collects what a subscription emits. */
const subscribe = Effect.fnUntraced(function* (running: RunningMonitor, options: EventsOptions = {}) {
  const received: Array<BlinkEvent> = []
  yield* running.monitor.events(options).pipe(
    Stream.runForEach((event) => Effect.sync(() => received.push(event))),
    Effect.forkIn(running.scope),
  )
  yield* Effect.yieldNow
  return received
})

const requestsTo = ({ engine }: InProcessCloud, path: RegExp) =>
  engine.requests(0).filter((request) => path.test(request.path)).length
const mediaPath = /media\/changed|videos\/page/
/** The first request of a snapshot in each API. */
const statePath = /\/homescreen$|^\/networks$/

const lagCount = Effect.map(Metric.snapshot, (metrics) =>
  metrics
    .filter(({ id, attributes }) => id === "blink_event_lag_seconds" && attributes?.["kind"] === "motion")
    .reduce((sum, metric) => sum + (metric.type === "Histogram" ? metric.state.count : 0), 0),
)

for (const { pages, ...api } of apis)
  describe(`First poll of 800 clips of 40 cameras (${api.dialect})`, () => {
    const options = { signInAs, history: "30 days", ...api } satisfies TestSetupOptions

    it.effect("Every clip is history, in the order of time, and subscriptions receive none of it", () =>
      Effect.gen(function* () {
        const { cloud, run } = yield* makeTestSetup(options)
        const lagBefore = yield* lagCount
        const running = yield* run
        const received = yield* subscribe(running)
        const withHistory = yield* subscribe(running, { backfilled: true })
        yield* untilFirstPoll(running)
        const events = (yield* loggedEvents(running)).filter(isRecording)
        assert.sameMembers(clipIdsOf(events), worldClipIds(cloud))
        assert.lengthOf(clipIdsOf(events), clipCount)
        assert.lengthOf(events, 2 * clipCount)
        assert.isTrue(events.every(({ backfilled }) => backfilled === true))
        const times = events.map(({ occurredAt }) => occurredAt)
        assert.deepStrictEqual(times, times.toSorted())
        assert.deepStrictEqual(received.filter(isRecording), [])
        assert.lengthOf(withHistory.filter(isRecording), 2 * clipCount)
        assert.strictEqual(yield* lagCount, lagBefore)
        const { cameras } = yield* SubscriptionRef.get(running.monitor.state)
        assert.isTrue(cameras.every(({ lastMotionAt }) => lastMotionAt !== null))
      }),
    )

    it.effect(
      "One list of clips is read, the homescreen is polled meanwhile, and polls are not hurried",
      () =>
        Effect.gen(function* () {
          const { cloud, run } = yield* makeTestSetup({ ...options, latencyMs: () => 2_000 })
          const before = requestsTo(cloud, statePath)
          const startedAt = cloud.engine.now
          const running = yield* run
          yield* untilFirstPoll(running)
          const minutes = Math.floor((cloud.engine.now - startedAt) / 60_000)
          assert.isAbove(minutes, 1)
          assert.strictEqual(requestsTo(cloud, mediaPath), pages)
          assert.isAtLeast(requestsTo(cloud, statePath) - before, minutes / 2)
          const { budget } = yield* SubscriptionRef.get(running.monitor.state)
          assert.isAbove(budget.callsLeft, 400)
          const requestsBefore = requestsTo(cloud, mediaPath)
          yield* advanceMinutes(5)
          // Every 20 s, as without events.
          assert.isAtMost(requestsTo(cloud, mediaPath) - requestsBefore, 15)
        }),
    )

    it.effect(
      "A restart in the middle of it repeats and loses no clip, and what was recorded meanwhile is new",
      () =>
        Effect.gen(function* () {
          const { cloud, disk, run } = yield* makeTestSetup({ ...options, latencyMs: () => 200 })
          const first = yield* run
          while (requestsTo(cloud, mediaPath) < pages / 2) yield* advance(0.5)
          yield* stop(first)
          const camera = [...cloud.engine.world.cameras.values()].find(
            ({ network }) => network.account.email === signInAs.email,
          )!
          cloud.control.motion({ camera: camera.id, kind: camera.kind })
          yield* advanceMinutes(90)
          const second = yield* run
          // The first part of the list is written, the last one is not.
          disk.failNext(1, undefined, ({ checkpoints = [] }) =>
            checkpoints.some(({ source }) => source === "clips"),
          )
          while ((yield* loggedEvents(second)).filter(isRecording).length === 0) yield* advance(1)
          yield* stop(second)
          const third = yield* run
          const received = yield* subscribe(third)
          yield* untilFirstPoll(third)
          yield* advanceMinutes(2)
          const events = (yield* loggedEvents(third)).filter(isRecording)
          assert.sameMembers(clipIdsOf(events), worldClipIds(cloud))
          assert.lengthOf(clipIdsOf(events), clipCount + 1)
          const isNew = ({ backfilled }: BlinkEvent) => backfilled !== true
          assert.deepStrictEqual(
            events.filter(isNew).map(({ kind }) => kind),
            ["motion", "clip.added"],
          )
          assert.deepStrictEqual(
            received.filter(isRecording).map(({ id }) => id),
            events.filter(isNew).map(({ id }) => id),
          )
        }).pipe(withoutLogs),
    )

    it.effect("It is complete on a network that drops every third request", () =>
      Effect.gen(function* () {
        const { cloud, run } = yield* makeTestSetup(options)
        const running = yield* run
        cloud.control.fault({ match: { path: "/api/" }, probability: 1 / 3, do: { drop: "after" } })
        for (let minute = 0; minute < 30; minute++) {
          if ((yield* loggedEvents(running)).some(isRecording)) break
          yield* advance(60)
        }
        const events = (yield* loggedEvents(running)).filter(isRecording)
        assert.sameMembers(clipIdsOf(events), worldClipIds(cloud))
        assert.lengthOf(events, 2 * clipCount)
      }).pipe(withoutLogs),
    )
  })

it.effect(
  "The first poll continues after the hour's requests are used up, and leaves some to the homescreen",
  () =>
    Effect.gen(function* () {
      const { cloud, run } = yield* makeTestSetup({
        signInAs,
        history: "30 days",
        settings: { mediaPageSize: 25 },
        callsPerHour: 36,
        clipInterval: "3 minutes",
      })
      const running = yield* run
      yield* advance(30)
      const { sources } = yield* SubscriptionRef.get(running.monitor.state)
      assert.strictEqual(sources["clips"]?.state, "throttled")
      assert.deepStrictEqual((yield* loggedEvents(running)).filter(isRecording), [])
      const states = new Set<string | undefined>()
      const before = requestsTo(cloud, statePath)
      for (let minute = 0; minute < 90; minute++) {
        yield* advance(60)
        states.add((yield* SubscriptionRef.get(running.monitor.state)).sources["state"]?.state)
      }
      assert.deepStrictEqual([...states], ["ok"])
      // Every 4 minutes while fewer than 30 requests are left.
      assert.isAtLeast(requestsTo(cloud, statePath) - before, 20)
      assert.sameMembers(clipIdsOf(yield* loggedEvents(running)), worldClipIds(cloud))
    }).pipe(withoutLogs),
)

it.effect("What is recorded while the first poll cannot be written is new", () =>
  Effect.gen(function* () {
    const { cloud, disk, run } = yield* makeTestSetup({ history: "30 days" })
    const running = yield* run
    disk.failNext(1_000)
    yield* advanceMinutes(2)
    const clipsBefore = cloud.engine.world.media.size
    cloud.control.motion({ camera: "Porch" })
    yield* advanceMinutes(10)
    disk.failNext(0)
    yield* advanceMinutes(10)
    const added = (yield* loggedEvents(running)).filter(isOfKind("clip.added"))
    assert.lengthOf(
      added.filter(({ backfilled }) => backfilled === true),
      clipsBefore,
    )
    assert.deepStrictEqual(
      added.filter(({ backfilled }) => backfilled !== true).map(({ subject }) => subject.name),
      ["Porch"],
    )
  }).pipe(withoutLogs),
)

describe("Length of the history", () => {
  const poll = Effect.fnUntraced(function* (history: TestSetupOptions["history"]) {
    const { cloud, run } = yield* makeTestSetup(history === undefined ? {} : { history })
    const running = yield* run
    yield* untilFirstPoll(running)
    const events = (yield* loggedEvents(running)).filter(isRecording)
    return { cloud, running, events }
  })

  it.effect("It is a setting, by the cloud's clock", () =>
    Effect.gen(function* () {
      const { cloud, events } = yield* poll("3 days")
      const from = cloud.engine.world.startedAt - 3 * 86_400_000
      const recent = [...cloud.engine.world.media.values()].filter(({ createdAt }) => createdAt > from)
      assert.sameMembers(
        clipIdsOf(events),
        recent.map(({ id }) => String(id)),
      )
      assert.isBelow(recent.length, cloud.engine.world.media.size)
    }),
  )

  it.effect("Without an end, or longer than a timestamp can say, every clip is history", () =>
    Effect.gen(function* () {
      for (const history of [Number.POSITIVE_INFINITY, "4000000 days"] as const) {
        const { cloud, events } = yield* poll(history)
        assert.strictEqual(clipIdsOf(events).length, cloud.engine.world.media.size)
      }
    }),
  )

  it.effect("With 0, clips of the first poll are remembered without events", () =>
    Effect.gen(function* () {
      const { cloud, running, events } = yield* poll(0)
      assert.deepStrictEqual(events, [])
      const [first] = cloud.engine.world.media.values()
      cloud.control.media({ id: first!.id, set: { deleted: true } })
      yield* advanceMinutes(3)
      assert.deepStrictEqual(
        (yield* loggedEvents(running)).map(({ kind }) => kind),
        ["clip.deleted"],
      )
    }),
  )
})

describe("A subscription and the history of an account", () => {
  const readFrom = Effect.fnUntraced(function* (options: EventsOptions) {
    const { run } = yield* makeTestSetup()
    const { log } = yield* run
    yield* log.append({ account, events: [{ ...motion(1), backfilled: true }, motion(2)] })
    const since = `${log.epoch}:0`
    const events = yield* accountEvents(log, account, { since, ...options }).pipe(
      Stream.takeUntil(({ id }) => id === "motion:2"),
      Stream.runCollect,
    )
    return events.map(({ id }) => String(id))
  })

  it.effect("A replay leaves history out unless it is requested, or the replay is of the whole log", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* readFrom({}), ["motion:2"])
      assert.deepStrictEqual(yield* readFrom({ backfilled: false }), ["motion:2"])
      assert.deepStrictEqual(yield* readFrom({ backfilled: true }), ["motion:1", "motion:2"])
      assert.deepStrictEqual(yield* readFrom({ since: "beginning" }), ["motion:1", "motion:2"])
      assert.deepStrictEqual(yield* readFrom({ since: "beginning", backfilled: false }), ["motion:2"])
    }),
  )
})
