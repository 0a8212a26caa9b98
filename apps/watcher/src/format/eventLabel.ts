import type { BlinkEvent, CameraKind, EventKind, EventOf, Severity } from "@blink-streams/model"
import { describeEvent } from "@blink-streams/model/presentation"
import { armLabels } from "./armLabels.ts"
import { cleanText } from "./cleanText.ts"

/** Texts of an event, safe to write to a terminal. Severity is shown by glyph and colour, never by colour alone. */
export interface EventLabel {
  readonly severity: Severity
  /** True when the event ends a problem. */
  readonly resolved: boolean
  readonly glyph: string
  /** Name of the camera, system or account. */
  readonly subjectName: string
  readonly text: string
}

const kindLabels: Readonly<Record<CameraKind, string>> = {
  camera: "Camera",
  mini: "Mini",
  doorbell: "Doorbell",
}

const subjectText = ({ subject }: BlinkEvent): string =>
  subject.name !== undefined && cleanText(subject.name) !== ""
    ? cleanText(subject.name)
    : subject.camera !== undefined
      ? `${kindLabels[subject.kind ?? "camera"]} ${subject.camera}`
      : subject.syncModule !== undefined
        ? `Sync module ${subject.syncModule}`
        : subject.network !== undefined
          ? `System ${subject.network}`
          : `Account ${subject.account}`

const glyphs = {
  motion: "●",
  "doorbell.pressed": "◆",
  "clip.added": "▸",
  "clip.updated": "▸",
  "clip.watched": "▹",
  "clip.deleted": "▹",
  "arm.changed": "?",
  "detection.changed": "○",
  "snooze.changed": "z",
  "online.changed": "↓",
  "battery.changed": "!",
  "signal.changed": "~",
  "temperature.crossed": "°",
  "device.added": "+",
  "device.removed": "-",
  "device.renamed": "=",
  "device.moved": "=",
  "firmware.changed": "=",
  "network.added": "+",
  "network.removed": "-",
  "network.renamed": "=",
  "storage.changed": "=",
  "thumbnail.changed": "▫",
  "command.progress": "→",
  "session.changed": "⚿",
  "health.changed": "!",
  "schema.drift": "≠",
  gap: "┄",
} as const satisfies Record<EventKind, string>

/** Glyphs of events that end a problem. */
const resolvedGlyphs: Readonly<Partial<Record<EventKind, string>>> = {
  "online.changed": "↑",
  "battery.changed": "▮",
  "health.changed": "✓",
}

const commandGlyphs: Readonly<Partial<Record<EventOf<"command.progress">["data"]["status"], string>>> = {
  done: "✓",
  failed: "✗",
}

/** Glyph of an event whose value has a glyph of its own. */
const glyphOfValue = (event: BlinkEvent, resolved: boolean): string | undefined => {
  if (event.kind === "arm.changed") return armLabels[event.data.to].glyph
  if (event.kind === "detection.changed" && event.data.to === "on") return "◉"
  if (event.kind === "command.progress") return commandGlyphs[event.data.status]
  return resolved ? resolvedGlyphs[event.kind] : undefined
}

/** A newer broadcaster may send kinds that this version does not know. */
const glyphOfKind = (kind: EventKind): string => (kind in glyphs ? glyphs[kind] : "·")

export const eventLabel = (event: BlinkEvent): EventLabel => {
  const { text, severity, resolved } = describeEvent(event)
  return {
    severity,
    resolved,
    glyph: glyphOfValue(event, resolved) ?? glyphOfKind(event.kind),
    subjectName: subjectText(event),
    text: cleanText(text),
  }
}
