import { topicOf } from "@blink-streams/model"
import { expect, it } from "vitest"
import { describeEvent } from "../src/format/describeEvent.ts"
import { eventJson, eventLine } from "../src/format/eventLine.ts"
import { sampleEvent } from "./fixtures.ts"

const samples: ReadonlyArray<readonly [kind: string, data: object, text: string]> = [
  ["motion", { clipId: "1", cause: "pir", durationSeconds: 11.6 }, "Motion detected (pir, 12 s)"],
  ["doorbell.pressed", {}, "Doorbell pressed"],
  ["clip.added", { clipId: "1", cause: "pir", storage: "local" }, "Clip added (pir, USB storage)"],
  ["clip.updated", { clipId: "1", cause: "pir", storage: "cloud" }, "Clip complete (pir)"],
  ["clip.watched", { clipId: "1", cause: "pir", storage: "cloud" }, "Clip watched (pir)"],
  ["clip.deleted", { clipId: "1", cause: "pir", storage: "cloud" }, "Clip deleted (pir)"],
  ["arm.changed", { from: "armed", to: "disarmed", by: "unknown" }, "Disarmed"],
  ["detection.changed", { from: "on", to: "off" }, "Motion detection off"],
  ["snooze.changed", { from: false, to: true }, "Notifications snoozed"],
  ["online.changed", { from: "online", to: "offline" }, "Offline"],
  ["battery.changed", { from: "ok", to: "low" }, "Battery low"],
  [
    "signal.changed",
    { from: { wifiBars: 5, hubBars: null }, to: { wifiBars: 2, hubBars: 4 } },
    "Signal Wi-Fi 2/5, hub 4/5",
  ],
  [
    "temperature.crossed",
    { from: { celsius: 4 }, to: { celsius: 6 }, limit: { celsius: 5 } },
    "Temperature 6 °C, crossed 5 °C",
  ],
  ["device.added", {}, "Device added"],
  ["device.removed", {}, "Device removed"],
  ["device.renamed", { from: "A\u001B[31m", to: "B" }, "Renamed from A to B"],
  ["device.moved", { from: 1, to: 2 }, "Moved from system 1 to 2"],
  ["firmware.changed", { from: null, to: "1.2" }, "Firmware 1.2"],
  ["network.added", {}, "System added"],
  ["network.removed", {}, "System removed"],
  ["network.renamed", { from: "A", to: "B" }, "Renamed from A to B"],
  ["storage.changed", { from: null, to: "active" }, "USB storage active"],
  ["thumbnail.changed", { takenAt: null, url: "/x" }, "New picture"],
  [
    "command.progress",
    { commandId: "1", name: "arm", status: "failed", error: "busy" },
    "Command arm: failed, busy",
  ],
  ["session.changed", { from: "active", to: "blocked", reason: "locked" }, "Sign-in blocked: locked"],
  ["health.changed", { source: "clips", from: "ok", to: "stale" }, "Clips: stale"],
  ["schema.drift", { path: "cameras[].x", reason: "new", count: 3 }, "Schema drift at cameras[].x (3 times)"],
  [
    "gap",
    { source: "clips", from: null, to: null, reason: "outage" },
    "Clips: events may be missing: outage",
  ],
]

it.each(samples)("describeEvent returns the text of %s", (kind, data, words) => {
  expect(describeEvent(sampleEvent(kind, data)).text).toBe(words)
})

it("describeEvent has a sample for every event kind", () => {
  expect(samples.map(([kind]) => kind).sort()).toEqual(Object.keys(topicOf).sort())
})

it("describeEvent returns the kind itself for a kind it does not know", () => {
  const event = sampleEvent("schema.drift", { path: "x", reason: "y", count: 1 })
  expect(describeEvent({ ...event, kind: "comet.seen" } as never).text).toBe("comet.seen")
})

it("eventLine shows time, glyph, subject, text and lag", () => {
  expect(eventLine(sampleEvent("motion", { clipId: "1", cause: "pir" }, { lag: 38 }), false)).toBe(
    "14:29:00  ● Porch            Motion detected (pir)  +38 s",
  )
})

it("eventJson is the event with its cursor and whether it was replayed", () => {
  const received = sampleEvent("motion", { clipId: "1", cause: "pir" })
  expect(JSON.parse(eventJson(received))).toEqual({ type: "event", ...received })
  expect(Object.keys(received)).toEqual(expect.arrayContaining(["kind", "subject", "cursor", "replayed"]))
})
