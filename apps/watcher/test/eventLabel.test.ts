import type { EventKind } from "@blink-streams/model"
import { describeEvent } from "@blink-streams/model/presentation"
import { expect, it } from "vitest"
import { eventJson, eventLine } from "../src/format/eventLine.ts"
import { eventLabel } from "../src/format/eventLabel.ts"
import { sampleEvent } from "./fixtures.ts"

it("eventLabel has the text and severity of the model, without escape sequences", () => {
  const event = sampleEvent("device.renamed", { from: "A\u001B[31m", to: "B" }, { name: "Po\u0007rch" })
  expect(eventLabel(event)).toMatchObject({
    text: "Renamed from “A” to “B”",
    severity: describeEvent(event).severity,
    subjectName: "Po rch",
  })
})

const glyphs: ReadonlyArray<readonly [kind: EventKind, data: object, glyph: string]> = [
  ["arm.changed", { from: "armed", to: "disarmed", by: "unknown" }, "□"],
  ["arm.changed", { from: "armed", to: "unknown", by: "unknown" }, "?"],
  ["detection.changed", { from: "off", to: "on" }, "◉"],
  ["detection.changed", { from: "on", to: "off" }, "○"],
  ["online.changed", { from: "offline", to: "online" }, "↑"],
  ["online.changed", { from: "online", to: "offline" }, "↓"],
  ["battery.changed", { from: "ok", to: "low" }, "!"],
  ["battery.changed", { from: "low", to: "ok" }, "▮"],
  ["command.progress", { commandId: "1", name: "arm", status: "running" }, "→"],
  ["command.progress", { commandId: "1", name: "arm", status: "done" }, "✓"],
  ["command.progress", { commandId: "1", name: "arm", status: "failed" }, "✗"],
  ["health.changed", { source: "clips", from: "stale", to: "ok" }, "✓"],
]

it.each(glyphs)("eventLabel shows %s with %o as %s", (kind, data, glyph) => {
  expect(eventLabel(sampleEvent(kind, data)).glyph).toBe(glyph)
})

it("eventLabel shows a dot and the kind itself for a kind that it does not know", () => {
  const event = sampleEvent("schema.drift", { path: "x", reason: "y", count: 1 })
  expect(eventLabel({ ...event, kind: "comet.seen" } as never)).toMatchObject({
    glyph: "·",
    text: "comet.seen",
  })
})

it.each([
  [{ name: "  " }, "Camera 1"],
  [{ name: "Porch" }, "Porch"],
])("eventLabel names a camera by its id when it has no name (%o)", (options, name) => {
  expect(eventLabel(sampleEvent("motion", { clipId: "1", cause: "pir" }, options)).subjectName).toBe(name)
})

it("eventLine shows time, glyph, subject, text and lag", () => {
  expect(eventLine(sampleEvent("motion", { clipId: "1", cause: "pir" }, { lag: 38 }), false)).toBe(
    "14:29:00  ● Porch            Motion detected  +38 s",
  )
})

it("eventJson is the event with its cursor and whether it was replayed", () => {
  const received = sampleEvent("motion", { clipId: "1", cause: "pir" })
  expect(JSON.parse(eventJson(received))).toEqual({ type: "event", ...received })
  expect(Object.keys(received)).toEqual(expect.arrayContaining(["kind", "subject", "cursor", "replayed"]))
})
