import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { BlinkEvent, type EventKind } from "../src/index.ts"
import { describeEvent, severityOf, sourceText } from "../src/presentation.ts"

const event = (kind: EventKind, data: object): BlinkEvent =>
  Schema.decodeUnknownSync(BlinkEvent)({
    kind,
    id: `${kind}:1`,
    occurredAt: "2026-03-14T06:55:10.000Z",
    observedAt: "2026-03-14T06:55:52.120Z",
    source: "state",
    subject: { account: 7, network: 5, camera: 8, kind: "camera", name: "Porch" },
    data,
  })
const textOf = (kind: EventKind, data: object): string => describeEvent(event(kind, data)).text

const clip = { clipId: "1", storage: "cloud" }
const noSignal = { wifiBars: null, hubBars: null }

const samples: ReadonlyArray<readonly [kind: EventKind, data: object, text: string]> = [
  ["motion", { clipId: "1", cause: "pir" }, "Motion detected"],
  ["motion", { clipId: "1", cause: "pir", durationSeconds: 11.6 }, "Motion detected, 12 s"],
  ["doorbell.pressed", {}, "Doorbell pressed"],
  ["clip.added", { ...clip, cause: "motion", durationSeconds: 10 }, "Motion clip saved, 10 s"],
  ["clip.added", { ...clip, cause: "doorbell", partial: true }, "Doorbell clip saved, still uploading"],
  ["clip.added", { ...clip, cause: "liveview", storage: "local" }, "Live view saved to USB storage"],
  ["clip.updated", { ...clip, cause: "snapshot", durationSeconds: 4 }, "Picture complete, 4 s"],
  ["clip.watched", { ...clip, cause: "motion" }, "Motion clip watched"],
  ["clip.deleted", { ...clip, cause: "not_known_yet" }, "Clip deleted"],
  ["arm.changed", { from: "armed", to: "disarmed", by: "unknown" }, "Disarmed"],
  ["arm.changed", { from: "disarmed", to: "armed", by: "schedule" }, "Armed by schedule"],
  ["arm.changed", { from: "disarmed", to: "arming", by: "command" }, "Arming by command"],
  ["arm.changed", { from: "armed", to: "disarming", by: "external" }, "Disarming by another app"],
  ["arm.changed", { from: "armed", to: "unknown", by: "unknown" }, "Arm state unknown"],
  ["detection.changed", { from: "on", to: "off" }, "Motion detection off"],
  ["snooze.changed", { from: false, to: true }, "Notifications snoozed"],
  ["snooze.changed", { from: true, to: false }, "Notifications on"],
  ["snooze.changed", { from: true, to: null }, "Notification state unknown"],
  ["online.changed", { from: "online", to: "offline" }, "Offline"],
  ["online.changed", { from: "online", to: "unknown" }, "Online status unknown"],
  ["battery.changed", { from: "ok", to: "low" }, "Battery low"],
  ["battery.changed", { from: "low", to: "mains" }, "Mains powered"],
  [
    "signal.changed",
    { from: noSignal, to: { wifiBars: 2, hubBars: 4 } },
    "Signal: Wi-Fi 2/5, sync module 4/5",
  ],
  ["signal.changed", { from: noSignal, to: { wifiBars: 0, hubBars: null } }, "Signal: Wi-Fi 0/5"],
  ["signal.changed", { from: noSignal, to: noSignal }, "Signal: unknown"],
  [
    "temperature.crossed",
    { from: { celsius: 4 }, to: { celsius: 6.4 }, limit: { celsius: 5 } },
    "Temperature 6 °C, above 5 °C",
  ],
  [
    "temperature.crossed",
    { from: { celsius: 6 }, to: { celsius: 4 }, limit: { celsius: 5 } },
    "Temperature 4 °C, below 5 °C",
  ],
  ["device.added", {}, "Device added"],
  ["device.removed", {}, "Device removed"],
  ["device.renamed", { from: "A", to: "B" }, "Renamed from “A” to “B”"],
  ["device.moved", { from: 1, to: 2 }, "Moved to another system"],
  ["firmware.changed", { from: "1.1", to: "1.2" }, "Firmware 1.2"],
  ["firmware.changed", { from: "1.1", to: null }, "Firmware unknown"],
  ["network.added", {}, "System added"],
  ["network.removed", {}, "System removed"],
  ["network.renamed", { from: "A", to: "B" }, "Renamed from “A” to “B”"],
  ["storage.changed", { from: null, to: "active" }, "USB storage active"],
  ["thumbnail.changed", { takenAt: null, url: "/x" }, "New picture"],
  ["command.progress", { commandId: "1", name: "arm", status: "running" }, "Command arm running"],
  [
    "command.progress",
    { commandId: "1", name: "arm", status: "failed", error: "The system is busy." },
    "Command arm failed: The system is busy.",
  ],
  ["session.changed", { from: "active", to: "blocked", reason: "locked" }, "Sign-in blocked: locked"],
  ["session.changed", { from: "active", to: "not_known_yet" }, "not_known_yet"],
  ["health.changed", { source: "clips", from: "ok", to: "stale" }, "Clips: stale"],
  ["health.changed", { source: "state", from: "ok", to: "needs_user" }, "System state: action required"],
  [
    "health.changed",
    { source: "clips", from: "ok", to: "needs_user", reason: "The cloud ended this session." },
    "Clips: The cloud ended this session.",
  ],
  [
    "schema.drift",
    { path: "cameras[].x", reason: "new", count: 3 },
    "Unexpected response from Blink: cameras[].x (3 times)",
  ],
  [
    "gap",
    { source: "usb_storage", from: null, to: null, reason: "outage" },
    "USB storage: events may be missing: outage",
  ],
]

describe("describeEvent", () => {
  it.each(samples)("describeEvent describes %s with %j", (kind, data, text) => {
    assert.strictEqual(textOf(kind, data), text)
  })

  it("describeEvent has a sample in this test for every event kind", () => {
    assert.deepStrictEqual(
      [...new Set(samples.map(([kind]) => kind))].sort(),
      Object.keys(BlinkEvent.cases).sort(),
    )
  })

  it("describeEvent returns the severity of the kind, whatever the value", () => {
    for (const [kind, data] of samples)
      assert.strictEqual(describeEvent(event(kind, data)).severity, severityOf[kind], kind)
  })

  it("describeEvent describes an event of a kind it does not know by its kind, as information", () => {
    const unknown = { ...event("motion", { clipId: "1", cause: "pir" }), kind: "comet.seen" } as never
    assert.deepStrictEqual(describeEvent(unknown), { text: "comet.seen", severity: "info", resolved: false })
  })

  it("describeEvent reports the end of a problem as resolved, and nothing else", () => {
    const resolved: ReadonlyArray<readonly [EventKind, object]> = [
      ["online.changed", { from: "offline", to: "online" }],
      ["battery.changed", { from: "low", to: "ok" }],
      ["battery.changed", { from: "low", to: "mains" }],
      ["storage.changed", { from: "unavailable", to: "active" }],
      ["session.changed", { from: "signed_out", to: "active" }],
      ["health.changed", { source: "clips", from: "stale", to: "ok" }],
    ]
    const open: ReadonlyArray<readonly [EventKind, object]> = [
      ["online.changed", { from: "online", to: "unknown" }],
      ["battery.changed", { from: "ok", to: "unknown" }],
      ["storage.changed", { from: "active", to: null }],
      ["session.changed", { from: "active", to: "signed_out" }],
      ["health.changed", { source: "clips", from: "ok", to: "stale" }],
      ["arm.changed", { from: "disarmed", to: "armed", by: "command" }],
      ["command.progress", { commandId: "1", name: "arm", status: "done" }],
    ]
    for (const [kind, data] of resolved) assert.isTrue(describeEvent(event(kind, data)).resolved, kind)
    for (const [kind, data] of open) assert.isFalse(describeEvent(event(kind, data)).resolved, kind)
  })
})

it("sourceText returns the name and state of a source, and unknown ones unchanged", () => {
  assert.deepStrictEqual(sourceText("legacy_events", "needs_user"), {
    name: "Events",
    state: "action required",
  })
  assert.deepStrictEqual(sourceText("not_known_yet", "stale"), { name: "not_known_yet", state: "stale" })
})
