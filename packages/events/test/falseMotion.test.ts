import type { EventKind } from "@blink-streams/model"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { untilFirstPoll, makePolledSetup, makeTestSetup, advance, start } from "./testSetup.ts"
import type { InProcessCloud } from "./inProcessCloud.ts"

const day = 86_400_000

/** Kinds of the events that `act` causes in an idle account. */
const emittedKinds = (act: (cloud: InProcessCloud) => void) =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    act(cloud)
    for (let minute = 0; minute < 10; minute++) yield* advance(60)
    const events = yield* running.log.read(Seq.make(0), 1000)
    return events.map(({ event }) => event.kind)
  })

const rule = (title: string, act: (cloud: InProcessCloud) => void, expected: ReadonlyArray<EventKind>) =>
  it.effect(title, () => Effect.map(emittedKinds(act), (kinds) => assert.sameMembers(kinds, [...expected])))

const camera = "Porch"

rule("A motion clip causes a motion event", ({ control }) => control.motion({ camera }), [
  "thumbnail.changed",
  "motion",
  "clip.added",
])

rule(
  "A saved live view causes no motion event",
  ({ control }) => control.motion({ camera, source: "liveview" }),
  ["thumbnail.changed", "clip.added"],
)

rule(
  "An hourly photo causes no motion event",
  ({ control }) => control.motion({ camera, source: "snapshot" }),
  ["thumbnail.changed", "clip.added"],
)

rule(
  "The purge of a month-old clip causes no motion event",
  ({ engine, control }) => {
    const oldest = [...engine.world.media.values()].toSorted((a, b) => a.createdAt - b.createdAt)[0]!
    assert.isBelow(oldest.createdAt, start - day)
    control.media({ id: oldest.id, set: { deleted: true } })
  },
  ["clip.deleted"],
)

rule(
  "Watching a clip in the Blink app causes no motion event",
  ({ engine, control }) => {
    const unwatched = [...engine.world.media.values()].find(({ watchedAt }) => watchedAt === null)
    control.media({ id: unwatched!.id, set: { watched: true } })
  },
  ["clip.watched"],
)

rule(
  "A change of a camera's updated_at causes no event",
  ({ engine }) => {
    for (const one of engine.world.cameras.values()) one.updatedAt = engine.now
  },
  [],
)

rule(
  "A new thumbnail causes no motion event",
  ({ control }) => control.change({ camera, set: { thumbnail: true } }),
  ["thumbnail.changed"],
)

it.effect("A clip in the cloud and its copy on USB storage cause one motion event", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup({ usbStorage: true })
    for (let minute = 0; minute < 5; minute++) yield* advance(60)
    cloud.control.motion({ camera })
    for (let minute = 0; minute < 15; minute++) yield* advance(60)
    const events = yield* running.log.read(Seq.make(0), 1000)
    assert.deepStrictEqual(
      events.flatMap(({ event }) => (event.kind === "thumbnail.changed" ? [] : [[event.kind, event.source]])),
      [
        ["motion", "clips"],
        ["clip.added", "clips"],
        ["clip.added", "usb_storage"],
      ],
    )
  }),
)

it.effect("A clip on USB storage causes a motion event when the cloud has no clips", () =>
  Effect.gen(function* () {
    const { cloud, run } = yield* makeTestSetup({ settings: { subscription: false } })
    cloud.engine.world.media.clear()
    for (const account of cloud.engine.world.accounts.values()) account.media.length = 0
    const running = yield* run
    yield* untilFirstPoll(running)
    for (let minute = 0; minute < 5; minute++) yield* advance(60)
    cloud.control.motion({ camera })
    for (let minute = 0; minute < 15; minute++) yield* advance(60)
    const events = yield* running.log.read(Seq.make(0), 1000)
    assert.deepStrictEqual(
      events.flatMap(({ event }) => (event.kind === "motion" ? [[event.source, event.subject.name]] : [])),
      [["usb_storage", camera]],
    )
  }),
)
