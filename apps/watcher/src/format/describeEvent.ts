import type { ArmState, CameraKind, EventOf, BlinkEvent } from "@blink-streams/model"
import { cleanText } from "./cleanText.ts"

/** How much an event wants to be seen. Drawn as glyph and colour, never as colour alone. */
export type Severity = "alarm" | "warning" | "notice" | "quiet"

/** An event in words, cleaned for a terminal. */
export interface Description {
  readonly severity: Severity
  readonly glyph: string
  /** The camera, system or account that it is about. */
  readonly subjectName: string
  readonly text: string
}

export const armLabels: Readonly<Record<ArmState, { readonly glyph: string; readonly text: string }>> = {
  armed: { glyph: "■", text: "armed" },
  disarmed: { glyph: "□", text: "disarmed" },
  arming: { glyph: "◧", text: "arming…" },
  disarming: { glyph: "◨", text: "disarming…" },
  unknown: { glyph: "?", text: "unknown" },
}

const kindLabels: Readonly<Record<CameraKind, string>> = {
  camera: "camera",
  mini: "Mini",
  doorbell: "doorbell",
}

const subjectText = ({ subject }: BlinkEvent): string =>
  subject.name !== undefined && cleanText(subject.name) !== ""
    ? cleanText(subject.name)
    : subject.camera !== undefined
      ? `${kindLabels[subject.kind ?? "camera"]} ${subject.camera}`
      : subject.syncModule !== undefined
        ? `sync module ${subject.syncModule}`
        : subject.network !== undefined
          ? `system ${subject.network}`
          : `account ${subject.account}`

const seconds = (duration: number | undefined): string => (duration ? `, ${Math.round(duration)} s` : "")

const clipText = (
  verb: string,
  { data }: EventOf<"clip.added" | "clip.updated" | "clip.watched" | "clip.deleted">,
) =>
  `${verb} (${cleanText(data.cause)}${seconds(data.durationSeconds)}${data.storage === "local" ? ", on USB" : ""})`

const batteryLabels = {
  ok: "battery is fine",
  low: "battery is low",
  mains: "runs on mains",
  unknown: "battery unknown",
}
const onlineLabels = { online: "is online", offline: "is offline", unknown: "may be offline" }
const attributionLabels = { command: "by command", program: "by program", someone: "by someone", unknown: "" }

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
      return ["alarm", "●", `motion (${cleanText(event.data.cause)}${seconds(event.data.durationSeconds)})`]
    case "doorbell.pressed":
      return ["alarm", "◆", "somebody rang"]
    case "clip.added":
      return ["quiet", "▸", clipText("clip", event)]
    case "clip.updated":
      return ["quiet", "▸", clipText("clip complete", event)]
    case "clip.watched":
      return ["quiet", "▹", clipText("clip watched", event)]
    case "clip.deleted":
      return ["quiet", "▹", clipText("clip deleted", event)]
    case "arm.changed": {
      const { glyph, text } = armLabels[event.data.to]
      return [
        event.data.to === "unknown" ? "warning" : "notice",
        glyph,
        `${text} ${attributionLabels[event.data.by]}`.trim(),
      ]
    }
    case "detection.changed":
      return ["notice", event.data.to === "on" ? "◉" : "○", `motion detection ${event.data.to}`]
    case "snooze.changed":
      return ["quiet", "z", event.data.to === true ? "notifications snoozed" : "notifications on"]
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
      return ["quiet", "~", `signal ${bars(event.data.to) || "unknown"}`]
    case "temperature.crossed":
      return [
        "warning",
        "°",
        `${event.data.to.celsius.toFixed(0)} °C, crossed ${event.data.limit.celsius.toFixed(0)} °C`,
      ]
    case "device.added":
      return ["notice", "+", "was added"]
    case "device.removed":
      return ["warning", "-", "was removed"]
    case "device.renamed":
      return ["quiet", "=", `was called ${cleanText(event.data.from)}, now ${cleanText(event.data.to)}`]
    case "device.moved":
      return ["notice", "=", `moved from system ${event.data.from} to ${event.data.to}`]
    case "firmware.changed":
      return ["quiet", "=", `firmware ${cleanText(event.data.to ?? "unknown")}`]
    case "network.added":
      return ["notice", "+", "system was added"]
    case "network.removed":
      return ["warning", "-", "system was removed"]
    case "network.renamed":
      return ["quiet", "=", `was called ${cleanText(event.data.from)}, now ${cleanText(event.data.to)}`]
    case "storage.changed":
      return ["notice", "=", `local storage ${cleanText(event.data.to ?? "unknown")}`]
    case "thumbnail.changed":
      return ["quiet", "▫", "new picture"]
    case "command.progress": {
      const { name, status, error } = event.data
      const failed = status === "failed"
      return [
        failed ? "warning" : "quiet",
        failed ? "✗" : status === "done" ? "✓" : "→",
        `${cleanText(name)}: ${status}${error === undefined ? "" : `, ${cleanText(error)}`}`,
      ]
    }
    case "session.changed":
      return [
        event.data.to === "active" ? "notice" : "warning",
        "⚿",
        `session ${cleanText(event.data.to)}${event.data.reason ? `: ${cleanText(event.data.reason)}` : ""}`,
      ]
    case "health.changed":
      return [
        event.data.to === "ok" ? "notice" : "warning",
        event.data.to === "ok" ? "✓" : "!",
        `${cleanText(event.data.what)} ${cleanText(event.data.to)}${event.data.reason ? `: ${cleanText(event.data.reason)}` : ""}`,
      ]
    case "drift":
      return [
        "quiet",
        "≠",
        `the cloud's answer has changed at ${cleanText(event.data.path)} (${event.data.count})`,
      ]
    case "gap":
      return [
        "warning",
        "┄",
        `${cleanText(event.data.what)}: facts may be missing (${cleanText(event.data.reason)})`,
      ]
    default:
      // A newer broadcaster may tell kinds that this screen was not built with.
      return ["quiet", "·", cleanText((event as { readonly kind: string }).kind)]
  }
}

export const describeEvent = (event: BlinkEvent): Description => {
  const [severity, glyph, text] = describeKind(event)
  return { severity, glyph, text, subjectName: subjectText(event) }
}
