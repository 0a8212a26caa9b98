import type { RecordedEvent } from "@blink-streams/model"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { firstLook, makeHousehold, minutes, pass, quietly, type Running } from "./household.ts"
import type { InProcessCloud } from "./inProcessCloud.ts"

const clipsTold = ({ log }: Running) =>
  Effect.map(log.read(Seq.make(0), 100_000), (events: ReadonlyArray<RecordedEvent>) =>
    events.flatMap(({ event }) => (event.kind === "clip.added" ? [event] : [])),
  )

/** Clips of live views: one event each, and no still to go with it. */
const record = ({ orders }: InProcessCloud, count: number) => {
  for (let number = 0; number < count; number++) orders.motion({ camera: "Porch", source: "liveview" })
}

/** All that a first life knew, and `count` clips that were made since. */
const behind = Effect.fnUntraced(function* (
  count: number,
  options: Parameters<typeof makeHousehold>[0] = {},
) {
  const household = yield* makeHousehold(options)
  const first = yield* household.run
  yield* firstLook(first)
  yield* Scope.close(first.scope, Exit.void)
  // In steps, so that the oldest can be told from the newest.
  for (let part = 0; part < 10; part++) {
    record(household.cloud, count / 10)
    yield* minutes(6)
  }
  return household
})

const mediaRequests = ({ engine }: InProcessCloud) =>
  engine.requests(0).filter(({ path }) => /media\/changed|videos\/page/.test(path)).length

for (const [what, trouble] of [
  ["cut off", { drop: "before" }],
  ["answered with 503", { status: 503 }],
] as const)
  it.effect(`a long list is read to its end though every fifth request is ${what}`, () =>
    Effect.gen(function* () {
      const { cloud, run } = yield* behind(2000, { settings: { mediaPageSize: 25 } })
      cloud.orders.fault({ match: { path: "media/changed" }, probability: 0.2, do: trouble })
      const asked = mediaRequests(cloud)
      const running = yield* run
      for (let minute = 0; minute < 15 && (yield* clipsTold(running)).length === 0; minute++) yield* pass(60)
      const told = yield* clipsTold(running)
      assert.strictEqual(told.length, 2000)
      assert.deepStrictEqual(
        told.map(({ occurredAt }) => occurredAt),
        told.map(({ occurredAt }) => occurredAt).toSorted(),
      )
      assert.isBelow(mediaRequests(cloud) - asked, 150)
    }).pipe(quietly),
  )

it.effect("a list of more pages than the hour has requests left for is read over the hours", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* behind(3900, { dialect: "legacy", settings: { secondFactor: "off" } })
    const running = yield* run
    yield* pass(5)
    while (mediaRequests(cloud) < 300) yield* pass(1)
    cloud.orders.fault({ match: { path: "videos/page" }, times: 3, do: { drop: "before" } })
    yield* minutes(60)
    assert.strictEqual((yield* clipsTold(running)).length, 3900)
  }).pipe(quietly),
)

it.effect("clips that vanish while a list is half read take no other with them", () =>
  Effect.gen(function* () {
    const legacy = { dialect: "legacy", settings: { secondFactor: "off" } } as const
    const { cloud, run } = yield* behind(200, { latencyMs: () => 500, ...legacy })
    const before = mediaRequests(cloud)
    const running = yield* run
    while (mediaRequests(cloud) < before + 8) yield* pass(0.5)
    cloud.orders.fault({ match: { path: "videos/page" }, do: { drop: "before" } })
    yield* pass(10)
    assert.deepStrictEqual(yield* clipsTold(running), [])
    const made = [...cloud.engine.world.media.values()].slice(-200)
    // The seed's list does not show what is deleted, so two pages and a half move up.
    for (const { id } of made.slice(-25)) cloud.orders.media({ id, set: { deleted: true } })
    cloud.engine.removeFault(null)
    yield* minutes(10)
    const told = new Set((yield* clipsTold(running)).map(({ data }) => Number(data.clipId)))
    assert.deepStrictEqual(
      made.slice(0, -25).filter(({ id }) => !told.has(id)),
      [],
    )
  }).pipe(quietly),
)
