import type { RecordedEvent } from "@blink-streams/model"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import {
  untilFirstPoll,
  makeTestSetup,
  advanceMinutes,
  advance,
  withoutLogs,
  type RunningMonitor,
} from "./testSetup.ts"
import type { InProcessCloud } from "./inProcessCloud.ts"

const emittedClips = ({ log }: RunningMonitor) =>
  Effect.map(log.read(Seq.make(0), 100_000), (events: ReadonlyArray<RecordedEvent>) =>
    events.flatMap(({ event }) => (event.kind === "clip.added" ? [event] : [])),
  )

/** Clips of live views: one event each, and no thumbnail. */
const recordClips = ({ control }: InProcessCloud, count: number) => {
  for (let number = 0; number < count; number++) control.motion({ camera: "Porch", source: "liveview" })
}

/** An account that was polled once, and `count` clips that were recorded since. */
const setUpBacklog = Effect.fnUntraced(function* (
  count: number,
  options: Parameters<typeof makeTestSetup>[0] = {},
) {
  const setup = yield* makeTestSetup(options)
  const first = yield* setup.run
  yield* untilFirstPoll(first)
  yield* Scope.close(first.scope, Exit.void)
  // In steps, so that the order of the clips shows.
  for (let part = 0; part < 10; part++) {
    recordClips(setup.cloud, count / 10)
    yield* advanceMinutes(6)
  }
  return setup
})

const mediaRequests = ({ engine }: InProcessCloud) =>
  engine.requests(0).filter(({ path }) => /media\/changed|videos\/page/.test(path)).length

for (const [description, fault] of [
  ["dropped", { drop: "before" }],
  ["rejected with 503", { status: 503 }],
] as const)
  it.effect(
    `AccountMonitor reads a long clip list completely when every fifth request is ${description}`,
    () =>
      Effect.gen(function* () {
        const { cloud, run } = yield* setUpBacklog(2000, { settings: { mediaPageSize: 25 } })
        cloud.control.fault({ match: { path: "media/changed" }, probability: 0.2, do: fault })
        const requestsBefore = mediaRequests(cloud)
        const running = yield* run
        for (let minute = 0; minute < 15 && (yield* emittedClips(running)).length === 0; minute++)
          yield* advance(60)
        const emitted = yield* emittedClips(running)
        assert.strictEqual(emitted.length, 2000)
        assert.deepStrictEqual(
          emitted.map(({ occurredAt }) => occurredAt),
          emitted.map(({ occurredAt }) => occurredAt).toSorted(),
        )
        assert.isBelow(mediaRequests(cloud) - requestsBefore, 150)
      }).pipe(withoutLogs),
  )

it.effect(
  "AccountMonitor continues a long clip list over several hours when the hourly requests run out",
  () =>
    Effect.gen(function* () {
      const { cloud, run } = yield* setUpBacklog(3900, {
        dialect: "legacy",
        settings: { secondFactor: "off" },
      })
      const running = yield* run
      yield* advance(5)
      while (mediaRequests(cloud) < 300) yield* advance(1)
      cloud.control.fault({ match: { path: "videos/page" }, times: 3, do: { drop: "before" } })
      yield* advanceMinutes(60)
      assert.strictEqual((yield* emittedClips(running)).length, 3900)
    }).pipe(withoutLogs),
)

it.effect("AccountMonitor reports every remaining clip when others are deleted during a scan", () =>
  Effect.gen(function* () {
    const legacy = { dialect: "legacy", settings: { secondFactor: "off" } } as const
    const { cloud, run } = yield* setUpBacklog(200, { latencyMs: () => 500, ...legacy })
    const before = mediaRequests(cloud)
    const running = yield* run
    while (mediaRequests(cloud) < before + 8) yield* advance(0.5)
    cloud.control.fault({ match: { path: "videos/page" }, do: { drop: "before" } })
    yield* advance(10)
    assert.deepStrictEqual(yield* emittedClips(running), [])
    const made = [...cloud.engine.world.media.values()].slice(-200)
    // The legacy list has no deleted clips, so two and a half pages move up.
    for (const { id } of made.slice(-25)) cloud.control.media({ id, set: { deleted: true } })
    cloud.engine.removeFault(null)
    yield* advanceMinutes(10)
    const emittedIds = new Set((yield* emittedClips(running)).map(({ data }) => Number(data.clipId)))
    assert.deepStrictEqual(
      made.slice(0, -25).filter(({ id }) => !emittedIds.has(id)),
      [],
    )
  }).pipe(withoutLogs),
)
