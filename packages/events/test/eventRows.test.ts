import { type EventRow, rowsToRecall, tellRows } from "@blink-streams/events/eventRows"
import { keysToRecall, tellClips } from "@blink-streams/events/mediaWindow"
import { CameraId, ClipId, EventId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { account, at, clip, network } from "./facts.ts"

const row = (id: number, set: Partial<EventRow> = {}): EventRow => ({
  id,
  type: "motion",
  created_at: at(id).replace(".000Z", "+00:00"),
  camera_id: 1,
  camera_name: "Camera 1",
  ...set,
})

/** A reader of rows and clips with one memory. */
const reader = () => {
  const memory = new Map<string, unknown>()
  const remember = (entries: ReadonlyArray<{ readonly key: string; readonly value: unknown }>) => {
    for (const { key, value } of entries) memory.set(key, value)
  }
  const known = (keys: ReadonlyArray<string>) =>
    new Map(keys.flatMap((key) => (memory.has(key) ? [[key, memory.get(key)]] : [])))
  return {
    rows: (rows: ReadonlyArray<EventRow>, baseline = false) => {
      const look = { account, network, observedAt: at(1000), baseline }
      const told = tellRows(rows, known(rowsToRecall(rows, network)), look)
      remember(told.memory)
      return {
        ids: told.events.map(({ id }) => String(id)),
        events: told.events,
        lookAtHome: told.lookAtHome,
      }
    },
    clip: (seconds: number) => {
      const clips = [clip(seconds)]
      const checkpoint = { baselineAt: at(0), knownBefore: null }
      const told = tellClips(clips, known(keysToRecall(clips)), { account, observedAt: at(1000), checkpoint })
      remember(told.memory)
      return told.events.map(({ id }) => String(id))
    },
  }
}

it("a motion row is motion, with the id of its clip where it names one", () => {
  const { events } = reader().rows([row(5, { video_id: 99, duration: 7 })])
  assert.deepInclude(events[0], {
    kind: "motion",
    id: EventId.make("motion:99"),
    occurredAt: at(5),
    source: "events",
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

it("rows are told once, the first look not at all", () => {
  const { rows } = reader()
  assert.deepStrictEqual(rows([row(1)], true).ids, [])
  assert.deepStrictEqual(rows([row(2), row(1)]).ids, ["motion:row:2"])
  assert.deepStrictEqual(rows([row(2), row(1)]).ids, [])
})

it("the clip of a motion that a row has told is not a second motion, nor the other way round", () => {
  const one = reader()
  one.rows([row(5)])
  assert.deepStrictEqual(one.clip(6), ["clip.added:6"])
  const other = reader()
  other.clip(6)
  assert.deepStrictEqual(other.rows([row(5)]).ids, [])
})

it("the clip of a motion that stood in the first look at the rows, untold, is told when it comes", () => {
  const one = reader()
  assert.deepStrictEqual(one.rows([row(5)], true).ids, [])
  assert.deepStrictEqual(one.clip(6), ["motion:6", "clip.added:6"])
})

it("a row that names its clip stands for that one, whatever else happened in the same second", () => {
  const rowFirst = reader()
  assert.deepStrictEqual(rowFirst.rows([row(6, { video_id: 6 })]).ids, ["motion:6"])
  assert.deepStrictEqual(rowFirst.clip(5), ["motion:5", "clip.added:5"])
  assert.deepStrictEqual(rowFirst.clip(6), ["clip.added:6"])
  const clipFirst = reader()
  clipFirst.clip(6)
  assert.deepStrictEqual(clipFirst.rows([row(5, { video_id: 5 }), row(6, { video_id: 6 })]).ids, ["motion:5"])
})

it("an arm row is worth a look at the home, and no event of its own", () => {
  const { rows } = reader()
  assert.isFalse(rows([row(1, { type: "armed" })], true).lookAtHome)
  assert.deepInclude(rows([row(2, { type: "disarmed" })]), { ids: [], lookAtHome: true })
  assert.isFalse(rows([row(2, { type: "disarmed" })]).lookAtHome)
})

it("heartbeats are no news; a word that nobody knows is told as drift", () => {
  const told = reader().rows([
    row(1, { type: "heartbeat" }),
    row(2, { type: "first_boot" }),
    row(3, { type: "eclipse" }),
  ])
  assert.deepStrictEqual(
    told.events.map(({ kind }) => kind),
    ["drift"],
  )
  assert.deepStrictEqual(told.events[0]?.data, {
    path: "events[].type",
    reason: 'new word "eclipse"',
    count: 1,
  })
})
