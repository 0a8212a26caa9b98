import type { LegacyEvent } from "@blink-streams/core"
import { legacyMetadataKeys, legacyEvents } from "../src/internal/derive/legacyEvents.ts"
import { clipMetadataKeys, clipEvents } from "../src/internal/derive/clipEvents.ts"
import { CameraId, ClipId, EventId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { account, at, clip, network } from "./fixtures.ts"

const legacyEvent = (id: number, set: Partial<LegacyEvent> = {}): LegacyEvent => ({
  id,
  kind: "motion",
  at: at(id),
  camera: { kind: "camera", id: CameraId.make(1) },
  cameraName: "Camera 1",
  clipId: null,
  clip: null,
  durationSeconds: null,
  ...set,
})

/** Derives events of rows and of clips with shared metadata. */
const makeDeriver = () => {
  const metadata = new Map<string, unknown>()
  const save = (entries: ReadonlyArray<{ readonly key: string; readonly value: unknown }>) => {
    for (const { key, value } of entries) metadata.set(key, value)
  }
  const known = (keys: ReadonlyArray<string>) =>
    new Map(keys.flatMap((key) => (metadata.has(key) ? [[key, metadata.get(key)]] : [])))
  return {
    rows: (rows: ReadonlyArray<LegacyEvent>, baseline = false) => {
      const context = { account, network, observedAt: at(1000), baseline }
      const derived = legacyEvents(rows, known(legacyMetadataKeys(rows, network)), context)
      save(derived.metadata)
      return {
        ids: derived.events.map(({ id }) => String(id)),
        events: derived.events,
        shouldPollHomescreen: derived.shouldPollHomescreen,
      }
    },
    clip: (seconds: number) => {
      const clips = [clip(seconds)]
      const baseline = { baselineAt: at(0), baselineFrom: null }
      const derived = clipEvents(clips, known(clipMetadataKeys(clips)), {
        account,
        observedAt: at(1000),
        baseline,
        historyFrom: null,
      })
      save(derived.metadata)
      return derived.events.map(({ id }) => String(id))
    },
  }
}

it("legacyEvents emits motion with the clip id that the row names", () => {
  const { events } = makeDeriver().rows([legacyEvent(5, { clipId: ClipId.make("99"), durationSeconds: 7 })])
  assert.deepInclude(events[0], {
    kind: "motion",
    id: EventId.make("motion:99"),
    occurredAt: at(5),
    source: "legacy_events",
  })
  assert.deepStrictEqual(events[0]?.data, { clipId: ClipId.make("99"), cause: "pir", durationSeconds: 7 })
  assert.deepStrictEqual(events[0]?.subject, {
    account,
    network,
    camera: CameraId.make(1),
    kind: "camera",
    name: "Camera 1",
  })
})

it("legacyEvents remembers its rows, the clips it has emitted and unnamed detections under stable keys", () => {
  const rows = [legacyEvent(5, { clipId: ClipId.make("99") }), legacyEvent(6)]
  const context = { account, network, observedAt: at(1000), baseline: false }
  const minute = Date.parse(at(6)) / 60_000
  assert.deepStrictEqual(legacyEvents(rows, new Map(), context).metadata, [
    { key: "row:5", value: true },
    { key: "legacy-emitted:99", value: true },
    { key: "row:6", value: true },
    { key: `detections:${network}:camera:1:${Math.floor(minute)}`, value: { legacy: [minute * 60] } },
  ])
})

it("legacyEvents emits a row once and nothing for the first poll", () => {
  const { rows } = makeDeriver()
  assert.deepStrictEqual(rows([legacyEvent(1)], true).ids, [])
  assert.deepStrictEqual(rows([legacyEvent(2), legacyEvent(1)]).ids, ["motion:row:2"])
  assert.deepStrictEqual(rows([legacyEvent(2), legacyEvent(1)]).ids, [])
})

it("A motion that is listed as a row and as a clip is emitted once, in either order", () => {
  const one = makeDeriver()
  one.rows([legacyEvent(5)])
  assert.deepStrictEqual(one.clip(6), ["clip.added:6"])
  const other = makeDeriver()
  other.clip(6)
  assert.deepStrictEqual(other.rows([legacyEvent(5)]).ids, [])
})

it("A motion row of the first poll is emitted when its clip is listed", () => {
  const one = makeDeriver()
  assert.deepStrictEqual(one.rows([legacyEvent(5)], true).ids, [])
  assert.deepStrictEqual(one.clip(6), ["motion:6", "clip.added:6"])
})

it("A row that names its clip matches only that clip, even with another one in the same second", () => {
  const rowFirst = makeDeriver()
  assert.deepStrictEqual(rowFirst.rows([legacyEvent(6, { clipId: ClipId.make("6") })]).ids, ["motion:6"])
  assert.deepStrictEqual(rowFirst.clip(5), ["motion:5", "clip.added:5"])
  assert.deepStrictEqual(rowFirst.clip(6), ["clip.added:6"])
  const clipFirst = makeDeriver()
  clipFirst.clip(6)
  assert.deepStrictEqual(
    clipFirst.rows([
      legacyEvent(5, { clipId: ClipId.make("5") }),
      legacyEvent(6, { clipId: ClipId.make("6") }),
    ]).ids,
    ["motion:5"],
  )
})

it("legacyEvents requests a homescreen poll for an arm row and emits no event for it", () => {
  const { rows } = makeDeriver()
  assert.isFalse(rows([legacyEvent(1, { kind: "arm" })], true).shouldPollHomescreen)
  assert.deepInclude(rows([legacyEvent(2, { kind: "arm" })]), { ids: [], shouldPollHomescreen: true })
  assert.isFalse(rows([legacyEvent(2, { kind: "arm" })]).shouldPollHomescreen)
})

it("legacyEvents ignores rows of other kinds", () => {
  const derived = legacyEvents([legacyEvent(1, { kind: "other" })], new Map(), {
    account,
    network,
    observedAt: at(1000),
    baseline: false,
  })
  assert.deepStrictEqual(derived, { events: [], metadata: [], shouldPollHomescreen: false })
})
