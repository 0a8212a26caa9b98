import type { BlinkEvent, EventKind, EventOf } from "@blink-streams/model"
import { describeEvent } from "@blink-streams/model/presentation"
import type { IconName } from "../components/shell/Icon.tsx"

/** Icon and tone of one event. The tone selects the colour; text and icon carry the meaning without it. */
interface EventStyle {
  readonly icon: IconName
  readonly tone: "motion" | "doorbell" | "arm" | "bad" | "good" | "neutral"
}

const icons = {
  motion: "motion",
  "doorbell.pressed": "bell",
  "clip.added": "clip",
  "clip.updated": "clip",
  "clip.watched": "clip",
  "clip.deleted": "clip",
  "arm.changed": "shield",
  "detection.changed": "motion",
  "snooze.changed": "bell",
  "online.changed": "wifi",
  "battery.changed": "battery",
  "signal.changed": "wifi",
  "temperature.crossed": "temperature",
  "device.added": "plus",
  "device.removed": "minus",
  "device.renamed": "camera",
  "device.moved": "camera",
  "firmware.changed": "camera",
  "network.added": "plus",
  "network.removed": "minus",
  "network.renamed": "camera",
  "storage.changed": "clip",
  "thumbnail.changed": "picture",
  "command.progress": "command",
  "session.changed": "person",
  "health.changed": "pulse",
  "schema.drift": "question",
  gap: "gap",
} as const satisfies Record<EventKind, IconName>

const armIcons: Record<EventOf<"arm.changed">["data"]["to"], IconName> = {
  armed: "shield",
  arming: "shield",
  disarmed: "shieldOff",
  disarming: "shieldOff",
  unknown: "question",
}

const tones: Partial<Record<EventKind, EventStyle["tone"]>> = {
  motion: "motion",
  "doorbell.pressed": "doorbell",
  "arm.changed": "arm",
  "detection.changed": "arm",
}

const isFailedCommand = (event: BlinkEvent): boolean =>
  event.kind === "command.progress" && event.data.status === "failed"

const iconOf = (event: BlinkEvent): IconName => {
  if (event.kind === "arm.changed") return armIcons[event.data.to]
  if (isFailedCommand(event)) return "close"
  // A newer broadcaster may send kinds that this page does not know.
  return event.kind in icons ? icons[event.kind] : "question"
}

const toneOf = (event: BlinkEvent): EventStyle["tone"] => {
  const { severity, resolved } = describeEvent(event)
  if (resolved) return "good"
  return tones[event.kind] ?? (severity === "warning" || isFailedCommand(event) ? "bad" : "neutral")
}

export const eventStyle = (event: BlinkEvent): EventStyle => ({ icon: iconOf(event), tone: toneOf(event) })
