import { topicOf } from "@blink-streams/model"
import { expect, it } from "vitest"
import { describeEvent } from "../src/format/describeEvent.ts"
import { eventJson, eventLine } from "../src/format/eventLine.ts"
import { sampleEvent } from "./fixtures.ts"

const samples: ReadonlyArray<readonly [kind: string, data: object, words: string]> = [
  ["motion", { clipId: "1", cause: "pir", durationSeconds: 11.6 }, "motion (pir, 12 s)"],
  ["doorbell.pressed", {}, "somebody rang"],
  ["clip.added", { clipId: "1", cause: "pir", storage: "local" }, "clip (pir, on USB)"],
  ["clip.updated", { clipId: "1", cause: "pir", storage: "cloud" }, "clip complete (pir)"],
  ["clip.watched", { clipId: "1", cause: "pir", storage: "cloud" }, "clip watched (pir)"],
  ["clip.deleted", { clipId: "1", cause: "pir", storage: "cloud" }, "clip deleted (pir)"],
  ["arm.changed", { from: "armed", to: "disarmed", by: "unknown" }, "disarmed"],
  ["detection.changed", { from: "on", to: "off" }, "motion detection off"],
  ["snooze.changed", { from: false, to: true }, "notifications snoozed"],
  ["online.changed", { from: "online", to: "offline" }, "is offline"],
  ["battery.changed", { from: "ok", to: "low" }, "battery is low"],
  [
    "signal.changed",
    { from: { wifiBars: 5, hubBars: null }, to: { wifiBars: 2, hubBars: 4 } },
    "signal Wi-Fi 2/5, hub 4/5",
  ],
  [
    "temperature.crossed",
    { from: { celsius: 4 }, to: { celsius: 6 }, limit: { celsius: 5 } },
    "6 °C, crossed 5 °C",
  ],
  ["device.added", {}, "was added"],
  ["device.removed", {}, "was removed"],
  ["device.renamed", { from: "A\u001B[31m", to: "B" }, "was called A, now B"],
  ["device.moved", { from: 1, to: 2 }, "moved from system 1 to 2"],
  ["firmware.changed", { from: null, to: "1.2" }, "firmware 1.2"],
  ["network.added", {}, "system was added"],
  ["network.removed", {}, "system was removed"],
  ["network.renamed", { from: "A", to: "B" }, "was called A, now B"],
  ["storage.changed", { from: null, to: "active" }, "local storage active"],
  ["thumbnail.changed", { takenAt: null, url: "/x" }, "new picture"],
  ["command.progress", { commandId: "1", name: "arm", status: "failed", error: "busy" }, "arm: failed, busy"],
  ["session.changed", { from: "active", to: "blocked", reason: "locked" }, "session blocked: locked"],
  ["health.changed", { what: "media", from: "ok", to: "stale" }, "media stale"],
  [
    "drift",
    { path: "cameras[].x", reason: "new", count: 3 },
    "the cloud's answer has changed at cameras[].x (3)",
  ],
  ["gap", { what: "media", from: null, to: null, reason: "outage" }, "media: facts may be missing (outage)"],
]

it.each(samples)("%s reads as words", (kind, data, words) => {
  expect(describeEvent(sampleEvent(kind, data).event).text).toBe(words)
})

it("every kind of the vocabulary has its words", () => {
  expect(samples.map(([kind]) => kind).sort()).toEqual(Object.keys(topicOf).sort())
})

it("a kind from a newer broadcaster shows under its own name", () => {
  const { event } = sampleEvent("drift", { path: "x", reason: "y", count: 1 })
  expect(describeEvent({ ...event, kind: "comet.seen" } as never).text).toBe("comet.seen")
})

it("a line for a person has time, glyph, who, what and lag", () => {
  expect(eventLine(sampleEvent("motion", { clipId: "1", cause: "pir" }, { lag: 38 }), false)).toBe(
    "14:29:00  ● Porch            motion (pir)  +38 s",
  )
})

it("a line for a program is the websocket's event without its subscriptions", () => {
  const received = sampleEvent("motion", { clipId: "1", cause: "pir" })
  expect(JSON.parse(eventJson(received))).toEqual({
    type: "event",
    epoch: "e1",
    seq: received.seq,
    event: received.event,
  })
})
