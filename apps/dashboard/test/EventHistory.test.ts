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
