import type { ArmState, CameraKind, EventOf, BlinkEvent } from "@blink-streams/model"
import { cleanText } from "./cleanText.ts"
import { sessionEventText, sourceName, sourceStateText } from "./stateLabels.ts"

/** Severity of an event. Shown by glyph and colour, never by colour alone. */
type Severity = "alarm" | "warning" | "notice" | "quiet"

/** Text of an event, safe to write to a terminal. */
export interface Description {
  readonly severity: Severity
  readonly glyph: string
  /** Name of the camera, system or account. */
  readonly subjectName: string
  readonly text: string
}

export const armLabels: Readonly<Record<ArmState, { readonly glyph: string; readonly text: string }>> = {
  armed: { glyph: "■", text: "Armed" },
  disarmed: { glyph: "□", text: "Disarmed" },
  arming: { glyph: "◧", text: "Arming" },
  disarming: { glyph: "◨", text: "Disarming" },
  unknown: { glyph: "?", text: "Unknown" },
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

const seconds = (duration: number | undefined): string => (duration ? `, ${Math.round(duration)} s` : "")

const clipText = (
  verb: string,
  { data }: EventOf<"clip.added" | "clip.updated" | "clip.watched" | "clip.deleted">,
) =>
  `${verb} (${cleanText(data.cause)}${seconds(data.durationSeconds)}${data.storage === "local" ? ", USB storage" : ""})`

const batteryLabels = {
  ok: "Battery OK",
  low: "Battery low",
  mains: "Mains powered",
  unknown: "Battery unknown",
}
const onlineLabels = { online: "Online", offline: "Offline", unknown: "Connection unknown" }
const attributionLabels = {
  command: "by command",
  schedule: "by schedule",
  external: "by another app",
  unknown: "",
}

const reasonSuffix = (reason: string | undefined): string => (reason ? `: ${cleanText(reason)}` : "")

const bars = (value: { readonly wifiBars: number | null; readonly hubBars: number | null }): string =>
  [
    value.wifiBars === null ? "" : `Wi-Fi ${value.wifiBars}/5`,
    value.hubBars === null ? "" : `hub ${value.hubBars}/5`,
  ]
    .filter((part) => part !== "")
    .join(", ")

const describeKind = (event: BlinkEvent): readonly [Severity, string, string] => {
  switch (event.kind) {
    case "motion":
      return [
        "alarm",
        "●",
        `Motion detected (${cleanText(event.data.cause)}${seconds(event.data.durationSeconds)})`,
      ]
    case "doorbell.pressed":
      return ["alarm", "◆", "Doorbell pressed"]
    case "clip.added":
      return ["quiet", "▸", clipText("Clip added", event)]
    case "clip.updated":
      return ["quiet", "▸", clipText("Clip complete", event)]
    case "clip.watched":
      return ["quiet", "▹", clipText("Clip watched", event)]
    case "clip.deleted":
      return ["quiet", "▹", clipText("Clip deleted", event)]
    case "arm.changed": {
      const { glyph, text } = armLabels[event.data.to]
      return [
        event.data.to === "unknown" ? "warning" : "notice",
        glyph,
        `${text} ${attributionLabels[event.data.by]}`.trim(),
      ]
    }
    case "detection.changed":
      return ["notice", event.data.to === "on" ? "◉" : "○", `Motion detection ${event.data.to}`]
    case "snooze.changed":
      return ["quiet", "z", event.data.to === true ? "Notifications snoozed" : "Notifications on"]
    case "online.changed":
      return [
        event.data.to === "online" ? "notice" : "warning",
        event.data.to === "online" ? "↑" : "↓",
        onlineLabels[event.data.to],
      ]
    case "battery.changed":
      return [
        event.data.to === "low" ? "warning" : "quiet",
        event.data.to === "low" ? "!" : "▮",
        batteryLabels[event.data.to],
      ]
    case "signal.changed":
      return ["quiet", "~", `Signal ${bars(event.data.to) || "unknown"}`]
    case "temperature.crossed":
      return [
        "warning",
        "°",
        `Temperature ${event.data.to.celsius.toFixed(0)} °C, crossed ${event.data.limit.celsius.toFixed(0)} °C`,
      ]
    case "device.added":
      return ["notice", "+", "Device added"]
    case "device.removed":
      return ["warning", "-", "Device removed"]
    case "device.renamed":
      return ["quiet", "=", `Renamed from ${cleanText(event.data.from)} to ${cleanText(event.data.to)}`]
    case "device.moved":
      return ["notice", "=", `Moved from system ${event.data.from} to ${event.data.to}`]
    case "firmware.changed":
      return ["quiet", "=", `Firmware ${cleanText(event.data.to ?? "unknown")}`]
    case "network.added":
      return ["notice", "+", "System added"]
    case "network.removed":
      return ["warning", "-", "System removed"]
    case "network.renamed":
      return ["quiet", "=", `Renamed from ${cleanText(event.data.from)} to ${cleanText(event.data.to)}`]
    case "storage.changed":
      return ["notice", "=", `USB storage ${cleanText(event.data.to ?? "unknown")}`]
    case "thumbnail.changed":
      return ["quiet", "▫", "New picture"]
    case "command.progress": {
      const { name, status, error } = event.data
      const failed = status === "failed"
      return [
        failed ? "warning" : "quiet",
        failed ? "✗" : status === "done" ? "✓" : "→",
        `Command ${cleanText(name)}: ${status}${error === undefined ? "" : `, ${cleanText(error)}`}`,
      ]
    }
    case "session.changed":
      return [
        event.data.to === "active" ? "notice" : "warning",
        "⚿",
        `${sessionEventText(event.data.to)}${reasonSuffix(event.data.reason)}`,
      ]
    case "health.changed":
      return [
        event.data.to === "ok" ? "notice" : "warning",
        event.data.to === "ok" ? "✓" : "!",
        // The reason is more specific than the state.
        `${sourceName(event.data.source)}: ${event.data.reason ? cleanText(event.data.reason) : sourceStateText(event.data.to)}`,
      ]
    case "schema.drift":
      return ["quiet", "≠", `Schema drift at ${cleanText(event.data.path)} (${event.data.count} times)`]
    case "gap":
      return [
        "warning",
        "┄",
        `${sourceName(event.data.source)}: events may be missing${reasonSuffix(event.data.reason)}`,
      ]
    default:
      // A newer broadcaster may send kinds that this version does not know.
      return ["quiet", "·", cleanText((event as { readonly kind: string }).kind)]
  }
}

export const describeEvent = (event: BlinkEvent): Description => {
  const [severity, glyph, text] = describeKind(event)
  return { severity, glyph, text, subjectName: subjectText(event) }
}
