import { assert, test } from "vitest"
import { createEventHistory } from "../src/state/EventHistory.ts"
import { ClipId, EventId, type BlinkEvent } from "@blink-streams/model"
import { entry, motion } from "./fixtures.ts"

const clipEvent = (kind: "clip.added" | "clip.updated" | "clip.deleted", data: object = {}): BlinkEvent => {
  const base = motion(0)
  return {
    ...base,
    id: EventId.make(`${kind}:10`),
    kind,
    data: { clipId: ClipId.make("10"), cause: "pir", storage: "cloud", ...data },
  }
}

test("EventHistory keeps only the newest 5,000 entries after an hour of 50 events per second", () => {
  const history = createEventHistory()
  for (let second = 0; second < 3_600; second++)
    history.add(
      Array.from({ length: 50 }, (_, index) => entry(motion(second * 50 + index), second * 50 + index)),
    )
  assert.strictEqual(history.entries().length, 5_000)
  assert.strictEqual(history.entries().at(-1)?.key, motion(3_600 * 50 - 1).id)
  assert.isAtMost(history.activity("7/camera:1").length, 500)
  assert.isNull(history.clip(motion(0)))
})

test("EventHistory puts backfilled events before what occurred later, wherever the log has them", () => {
  const history = createEventHistory()
  const backfilled = (minutes: number, cameraId: number) =>
    entry({ ...motion(minutes, cameraId), backfilled: true }, 100 + minutes)
  history.add([entry(motion(10), 1), entry(motion(30), 2), entry(motion(20), 3)])
  history.add([backfilled(5, 2), backfilled(15, 2), backfilled(40, 2), entry(motion(50), 5)])
  history.addEarlier([backfilled(1, 3), backfilled(12, 3)])
  assert.deepStrictEqual(
    history.entries().map(({ key }) => key),
    ["3:1", "2:5", "1:10", "3:12", "2:15", "1:30", "1:20", "2:40", "1:50"].map((id) => `motion:${id}`),
  )
})

test("A backfilled event counts as replayed when it arrives live, without a delay", () => {
  const observedAt = motion(90).occurredAt
  assert.include(entry({ ...motion(1), observedAt, backfilled: true }, 1), { replayed: true, lagMs: 0 })
  assert.include(entry({ ...motion(1), observedAt }, 1), { replayed: false, lagMs: 89 * 60_000 })
})

test("EventHistory merges the details of a clip from several events", () => {
  const history = createEventHistory()
  history.add([entry(motion(0), 1), entry(clipEvent("clip.added", { partial: true }), 2)])
  assert.include(history.clip(motion(0)), { partial: true, deleted: false })
  history.add([entry(clipEvent("clip.updated", { clip: "/v1/media/7/x", durationSeconds: 9 }), 3)])
  assert.include(history.clip(motion(0)), { partial: false, clip: "/v1/media/7/x", durationSeconds: 9 })
  history.add([entry(clipEvent("clip.deleted"), 4)])
  assert.include(history.clip(motion(0)), { deleted: true, clip: "/v1/media/7/x" })
})

test("EventHistory returns the activity of a camera in chronological order when events arrive late", () => {
  const history = createEventHistory()
  history.add([entry(motion(5), 1), entry(motion(1), 2)])
  history.add([entry(motion(3), 3)])
  const times = history.activity("7/camera:1")
  assert.deepStrictEqual(
    times,
    [...times].sort((a, b) => a - b),
  )
  assert.strictEqual(times.length, 3)
})
