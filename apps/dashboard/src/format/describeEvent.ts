import { type BlinkEvent, type Topic, topicOf } from "@blink-streams/model"
import type { IconName } from "../components/shell/Icon.tsx"
import { sourceName, sourceStateText } from "./sourceNames.ts"

/** What a row of the feed says about one event. `tone` picks colour; the words and the glyph say the same without it. */
export interface EventDescription {
  readonly icon: IconName
  readonly tone: "motion" | "doorbell" | "arm" | "bad" | "good" | "quiet"
  readonly text: string
}

/** What the filters of the timeline offer. */
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
  command: " from a screen or program",
  program: " by its schedule",
  someone: " by someone",
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
  signedOut: "Signed out of Blink",
  authorizing: "Signing in to Blink",
  awaitingPin: "Blink waits for a PIN",
  active: "Signed in to Blink",
  renewing: "Renewing the session",
  blocked: "Blink blocks signing in",
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

/** One event in a few words. The camera or network is named beside it, not in it. */
export const describeEvent = (event: BlinkEvent): EventDescription => {
  switch (event.kind) {
    case "motion":
      return description("motion", "motion", `Motion${seconds(event.data.durationSeconds)}`)
    case "doorbell.pressed":
      return description("bell", "doorbell", "Doorbell pressed")
    case "clip.added":
      return description(
        "film",
        "quiet",
        `${recordingName(event.data.cause)} saved${event.data.partial ? ", still uploading" : seconds(event.data.durationSeconds)}`,
      )
    case "clip.updated":
      return description(
        "film",
        "quiet",
        `${recordingName(event.data.cause)} complete${seconds(event.data.durationSeconds)}`,
      )
    case "clip.watched":
      return description("film", "quiet", `${recordingName(event.data.cause)} watched`)
    case "clip.deleted":
      return description("film", "quiet", `${recordingName(event.data.cause)} deleted`)
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
      return description("bell", "quiet", event.data.to === true ? "Snoozed" : "No longer snoozed")
    case "online.changed":
      return event.data.to === "online"
        ? description("wifi", "good", "Online again")
        : description("wifi", "bad", event.data.to === "offline" ? "Offline" : "Not known whether online")
    case "battery.changed":
      return event.data.to === "low"
        ? description("battery", "bad", "Battery low")
        : description("battery", "good", `Battery ${event.data.to}`)
    case "signal.changed":
      return description("wifi", "quiet", `Signal ${event.data.to.wifiBars ?? "?"} of 5 bars`)
    case "temperature.crossed": {
      const { from, to, limit } = event.data
      const direction = to.celsius > from.celsius ? "above" : "below"
      return description(
        "heat",
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
      return description("camera", "quiet", `Renamed from “${event.data.from}” to “${event.data.to}”`)
    case "device.moved":
      return description("camera", "quiet", "Moved to another network")
    case "firmware.changed":
      return description("camera", "quiet", `Firmware ${event.data.to ?? "unknown"}`)
    case "storage.changed":
      return description("film", "quiet", `Local storage ${event.data.to ?? "unknown"}`)
    case "thumbnail.changed":
      return description("picture", "quiet", "New picture")
    case "command.progress":
      return event.data.status === "failed"
        ? description("cross", "bad", `${event.data.name} failed${reasonSuffix(event.data.error)}`)
        : description("command", "quiet", `${event.data.name} ${event.data.status}`)
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
        // Why says more than that, where there is a why.
        `${sourceName(event.data.what)}: ${event.data.reason ?? sourceStateText(event.data.to)}`,
      )
    case "drift":
      return description("question", "bad", `The cloud answered in a new form (${event.data.path})`)
    case "gap":
      return description(
        "gap",
        "bad",
        `Gap in ${sourceName(event.data.what)}, something may be missing${reasonSuffix(event.data.reason)}`,
      )
    default:
      // A newer broadcaster may tell kinds that this page was not built with.
      return description("question", "quiet", (event as { readonly kind: string }).kind)
  }
}
