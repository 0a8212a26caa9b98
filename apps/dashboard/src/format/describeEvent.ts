import { type BlinkEvent, type Topic, topicOf } from "@blink-streams/model"
import type { IconName } from "../components/shell/Icon.tsx"
import { sourceName, sourceStateText } from "./sourceNames.ts"

/** Text, icon and tone of one event. The tone selects the colour; text and icon carry the meaning without it. */
export interface EventDescription {
  readonly icon: IconName
  readonly tone: "motion" | "doorbell" | "arm" | "bad" | "good" | "neutral"
  readonly text: string
}

/** Filters of the timeline. */
export const eventGroups = ["motion", "doorbell", "arm", "clips", "devices", "system"] as const
export type EventGroup = (typeof eventGroups)[number]

const groupOfTopic: Record<Topic, EventGroup> = {
  motion: "motion",
  doorbell: "doorbell",
  arm: "arm",
  detection: "arm",
  clip: "clips",
  thumbnail: "clips",
  online: "devices",
  battery: "devices",
  signal: "devices",
  temperature: "devices",
  device: "devices",
  command: "system",
  health: "system",
}

export const eventGroupOf = (kind: BlinkEvent["kind"]): EventGroup => groupOfTopic[topicOf[kind]] ?? "system"

const armCauses = {
  command: " by command",
  schedule: " by schedule",
  external: " by another app",
  unknown: "",
} as const

const armLabels = {
  armed: ["shield", "Armed"],
  disarmed: ["shieldOff", "Disarmed"],
  arming: ["shield", "Arming"],
  disarming: ["shieldOff", "Disarming"],
  unknown: ["question", "Arm state unknown"],
} as const

const sessionLabels: Record<string, string> = {
  signed_out: "Signed out of Blink",
  authorizing: "Signing in to Blink",
  awaiting_pin: "PIN required",
  active: "Signed in to Blink",
  renewing: "Renewing the Blink session",
  blocked: "Sign-in blocked",
}

const seconds = (value: number | undefined) => (value === undefined ? "" : `, ${Math.round(value)} s`)
const reasonSuffix = (reason: string | undefined) => (reason === undefined ? "" : `: ${reason}`)
const formatCelsius = (value: number) => `${value.toFixed(0)} °C`
const description = (icon: IconName, tone: EventDescription["tone"], text: string): EventDescription => ({
  icon,
  tone,
  text,
})

const recordingName = (cause: string): string =>
  ({ liveview: "Live view", snapshot: "Scheduled picture", button_press: "Doorbell clip" })[cause] ??
  "Motion clip"

/** Describes an event in a few words, without the name of the camera or system. */
export const describeEvent = (event: BlinkEvent): EventDescription => {
  switch (event.kind) {
    case "motion":
      return description("motion", "motion", `Motion detected${seconds(event.data.durationSeconds)}`)
    case "doorbell.pressed":
      return description("bell", "doorbell", "Doorbell pressed")
    case "clip.added":
      return description(
        "clip",
        "neutral",
        `${recordingName(event.data.cause)} saved${event.data.partial ? ", still uploading" : seconds(event.data.durationSeconds)}`,
      )
    case "clip.updated":
      return description(
        "clip",
        "neutral",
        `${recordingName(event.data.cause)} complete${seconds(event.data.durationSeconds)}`,
      )
    case "clip.watched":
      return description("clip", "neutral", `${recordingName(event.data.cause)} watched`)
    case "clip.deleted":
      return description("clip", "neutral", `${recordingName(event.data.cause)} deleted`)
    case "arm.changed": {
      const [icon, label] = armLabels[event.data.to]
      return description(
        icon,
        "arm",
        event.data.to === "unknown" ? label : `${label}${armCauses[event.data.by]}`,
      )
    }
    case "detection.changed":
      return description("motion", "arm", `Motion detection ${event.data.to}`)
    case "snooze.changed":
      return description("bell", "neutral", event.data.to === true ? "Snoozed" : "Snooze ended")
    case "online.changed":
      return event.data.to === "online"
        ? description("wifi", "good", "Online")
        : description("wifi", "bad", event.data.to === "offline" ? "Offline" : "Online status unknown")
    case "battery.changed":
      return event.data.to === "low"
        ? description("battery", "bad", "Battery low")
        : description("battery", "good", `Battery ${event.data.to}`)
    case "signal.changed":
      return description("wifi", "neutral", `Signal ${event.data.to.wifiBars ?? "?"} of 5 bars`)
    case "temperature.crossed": {
      const { from, to, limit } = event.data
      const direction = to.celsius > from.celsius ? "above" : "below"
      return description(
        "temperature",
        "bad",
        `${formatCelsius(to.celsius)}, ${direction} ${formatCelsius(limit.celsius)}`,
      )
    }
    case "device.added":
    case "network.added":
      return description("plus", "good", "Added")
    case "device.removed":
    case "network.removed":
      return description("minus", "bad", "Removed")
    case "device.renamed":
    case "network.renamed":
      return description("camera", "neutral", `Renamed from “${event.data.from}” to “${event.data.to}”`)
    case "device.moved":
      return description("camera", "neutral", "Moved to another system")
    case "firmware.changed":
      return description("camera", "neutral", `Firmware ${event.data.to ?? "unknown"}`)
    case "storage.changed":
      return description("clip", "neutral", `Local storage ${event.data.to ?? "unknown"}`)
    case "thumbnail.changed":
      return description("picture", "neutral", "New picture")
    case "command.progress":
      return event.data.status === "failed"
        ? description("close", "bad", `${event.data.name} failed${reasonSuffix(event.data.error)}`)
        : description("command", "neutral", `${event.data.name} ${event.data.status}`)
    case "session.changed":
      return description(
        "person",
        event.data.to === "active" ? "good" : "bad",
        `${sessionLabels[event.data.to] ?? event.data.to}${reasonSuffix(event.data.reason)}`,
      )
    case "health.changed":
      return description(
        "pulse",
        event.data.to === "ok" ? "good" : "bad",
        // The reason is more specific than the state.
        `${sourceName(event.data.source)}: ${event.data.reason ?? sourceStateText(event.data.to)}`,
      )
    case "schema.drift":
      return description("question", "bad", `Unexpected response from Blink (${event.data.path})`)
    case "gap":
      return description(
        "gap",
        "bad",
        `${sourceName(event.data.source)}: events may be missing${reasonSuffix(event.data.reason)}`,
      )
    default:
      // A newer broadcaster may send kinds that this page does not know.
      return description("question", "neutral", (event as { readonly kind: string }).kind)
  }
}
