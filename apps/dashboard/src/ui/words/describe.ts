import type { HomeEvent } from "@blink-streams/model"
import { topicOf, type Topic } from "@blink-streams/model/topics"
import type { GlyphName } from "../parts/Glyph.tsx"
import { sourceName, sourceWord } from "./sources.ts"

/** What a row of the feed says about one event. `tone` picks colour; the words and the glyph say the same without it. */
export interface Description {
  readonly glyph: GlyphName
  readonly tone: "motion" | "doorbell" | "arm" | "bad" | "good" | "quiet"
  readonly text: string
}

/** What the filters of the timeline offer. */
export const groups = ["motion", "doorbell", "arm", "clips", "devices", "system"] as const
export type Group = (typeof groups)[number]

const groupOfTopic: Record<Topic, Group> = {
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

export const groupOf = (kind: HomeEvent["kind"]): Group => groupOfTopic[topicOf[kind]] ?? "system"

const by = {
  command: " from a screen or program",
  program: " by its schedule",
  someone: " by someone",
  unknown: "",
} as const

const armWords = {
  armed: ["shield", "Armed"],
  disarmed: ["shieldOff", "Disarmed"],
  arming: ["shield", "Arming"],
  disarming: ["shieldOff", "Disarming"],
  unknown: ["question", "Arm state unknown"],
} as const

const sessionWords: Record<string, string> = {
  signedOut: "Signed out of Blink",
  authorizing: "Signing in to Blink",
  awaitingPin: "Blink waits for a PIN",
  active: "Signed in to Blink",
  renewing: "Renewing the session",
  blocked: "Blink blocks signing in",
}

const seconds = (value: number | undefined) => (value === undefined ? "" : `, ${Math.round(value)} s`)
const because = (reason: string | undefined) => (reason === undefined ? "" : `: ${reason}`)
const celsius = (value: number) => `${value.toFixed(0)} °C`
const row = (glyph: GlyphName, tone: Description["tone"], text: string): Description => ({
  glyph,
  tone,
  text,
})

const recording = (cause: string): string =>
  ({ liveview: "Live view", snapshot: "Scheduled picture", button_press: "Doorbell clip" })[cause] ??
  "Motion clip"

/** One event in a few words. The camera or network is named beside it, not in it. */
export const describe = (event: HomeEvent): Description => {
  switch (event.kind) {
    case "motion":
      return row("motion", "motion", `Motion${seconds(event.data.durationSeconds)}`)
    case "doorbell.pressed":
      return row("bell", "doorbell", "Doorbell pressed")
    case "clip.added":
      return row(
        "film",
        "quiet",
        `${recording(event.data.cause)} saved${event.data.partial ? ", still uploading" : seconds(event.data.durationSeconds)}`,
      )
    case "clip.updated":
      return row(
        "film",
        "quiet",
        `${recording(event.data.cause)} complete${seconds(event.data.durationSeconds)}`,
      )
    case "clip.watched":
      return row("film", "quiet", `${recording(event.data.cause)} watched`)
    case "clip.deleted":
      return row("film", "quiet", `${recording(event.data.cause)} deleted`)
    case "arm.changed": {
      const [glyph, word] = armWords[event.data.to]
      return row(glyph, "arm", event.data.to === "unknown" ? word : `${word}${by[event.data.by]}`)
    }
    case "detection.changed":
      return row("motion", "arm", `Motion detection ${event.data.to}`)
    case "snooze.changed":
      return row("bell", "quiet", event.data.to === true ? "Snoozed" : "No longer snoozed")
    case "online.changed":
      return event.data.to === "online"
        ? row("wifi", "good", "Online again")
        : row("wifi", "bad", event.data.to === "offline" ? "Offline" : "Not known whether online")
    case "battery.changed":
      return event.data.to === "low"
        ? row("battery", "bad", "Battery low")
        : row("battery", "good", `Battery ${event.data.to}`)
    case "signal.changed":
      return row("wifi", "quiet", `Signal ${event.data.to.wifiBars ?? "?"} of 5 bars`)
    case "temperature.crossed": {
      const { from, to, limit } = event.data
      const direction = to.celsius > from.celsius ? "above" : "below"
      return row("heat", "bad", `${celsius(to.celsius)}, ${direction} ${celsius(limit.celsius)}`)
    }
    case "device.added":
    case "network.added":
      return row("plus", "good", "Added")
    case "device.removed":
    case "network.removed":
      return row("minus", "bad", "Removed")
    case "device.renamed":
    case "network.renamed":
      return row("camera", "quiet", `Renamed from “${event.data.from}” to “${event.data.to}”`)
    case "device.moved":
      return row("camera", "quiet", "Moved to another network")
    case "firmware.changed":
      return row("camera", "quiet", `Firmware ${event.data.to ?? "unknown"}`)
    case "storage.changed":
      return row("film", "quiet", `Local storage ${event.data.to ?? "unknown"}`)
    case "thumbnail.changed":
      return row("picture", "quiet", "New picture")
    case "command.progress":
      return event.data.status === "failed"
        ? row("cross", "bad", `${event.data.name} failed${because(event.data.error)}`)
        : row("command", "quiet", `${event.data.name} ${event.data.status}`)
    case "session.changed":
      return row(
        "person",
        event.data.to === "active" ? "good" : "bad",
        `${sessionWords[event.data.to] ?? event.data.to}${because(event.data.reason)}`,
      )
    case "health.changed":
      return row(
        "pulse",
        event.data.to === "ok" ? "good" : "bad",
        // Why says more than that, where there is a why.
        `${sourceName(event.data.what)}: ${event.data.reason ?? sourceWord(event.data.to)}`,
      )
    case "drift":
      return row("question", "bad", `The cloud answered in a new form (${event.data.path})`)
    case "gap":
      return row(
        "gap",
        "bad",
        `Gap in ${sourceName(event.data.what)}, something may be missing${because(event.data.reason)}`,
      )
    default:
      // A newer broadcaster may tell kinds that this page was not built with.
      return row("question", "quiet", (event as { readonly kind: string }).kind)
  }
}
