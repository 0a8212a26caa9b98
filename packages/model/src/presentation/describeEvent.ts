import type { BlinkEvent, EventOf } from "../BlinkEvent.ts"
import type { Severity } from "../Severity.ts"
import { severityOf } from "./severityOf.ts"
import { sourceName, sourceText } from "./sourceText.ts"

const seconds = (duration: number | undefined): string =>
  duration === undefined ? "" : `, ${Math.round(duration)} s`
const reasonSuffix = (reason: string | undefined): string => (reason ? `: ${reason}` : "")
const celsius = (value: { readonly celsius: number }): string => `${value.celsius.toFixed(0)} °C`

const recordingNames: Readonly<Record<string, string>> = {
  motion: "Motion clip",
  doorbell: "Doorbell clip",
  liveview: "Live view",
  snapshot: "Picture",
}
/** Name of a recording by its cause; `Clip` for a cause that this version does not know. */
const recordingName = ({ data }: EventOf<"clip.added" | "clip.updated" | "clip.watched" | "clip.deleted">) =>
  recordingNames[data.cause] ?? "Clip"

const armLabels = {
  armed: "Armed",
  disarmed: "Disarmed",
  arming: "Arming",
  disarming: "Disarming",
  unknown: "Arm state unknown",
} as const
const armCauses = {
  command: " by command",
  schedule: " by schedule",
  external: " by another app",
  unknown: "",
} as const
const onlineLabels = { online: "Online", offline: "Offline", unknown: "Online status unknown" } as const
const batteryLabels = {
  ok: "Battery OK",
  low: "Battery low",
  mains: "Mains powered",
  unknown: "Battery unknown",
} as const
const sessionLabels: Readonly<Record<string, string>> = {
  signed_out: "Signed out of Blink",
  authorizing: "Signing in to Blink",
  awaiting_pin: "PIN required",
  active: "Signed in to Blink",
  renewing: "Renewing the Blink session",
  blocked: "Sign-in blocked",
}

const signalText = ({ wifiBars, hubBars }: EventOf<"signal.changed">["data"]["to"]): string =>
  [
    ...(wifiBars === null ? [] : [`Wi-Fi ${wifiBars}/5`]),
    ...(hubBars === null ? [] : [`sync module ${hubBars}/5`]),
  ].join(", ") || "unknown"

const textOf = (event: BlinkEvent): string => {
  switch (event.kind) {
    case "motion":
      return `Motion detected${seconds(event.data.durationSeconds)}`
    case "doorbell.pressed":
      return "Doorbell pressed"
    case "clip.added": {
      const { storage, partial, durationSeconds } = event.data
      const target = storage === "local" ? " to USB storage" : ""
      return `${recordingName(event)} saved${target}${partial ? ", still uploading" : seconds(durationSeconds)}`
    }
    case "clip.updated":
      return `${recordingName(event)} complete${seconds(event.data.durationSeconds)}`
    case "clip.watched":
      return `${recordingName(event)} watched`
    case "clip.deleted":
      return `${recordingName(event)} deleted`
    case "arm.changed":
      return `${armLabels[event.data.to]}${armCauses[event.data.by]}`
    case "detection.changed":
      return `Motion detection ${event.data.to}`
    case "snooze.changed":
      return event.data.to === null
        ? "Notification state unknown"
        : `Notifications ${event.data.to ? "snoozed" : "on"}`
    case "online.changed":
      return onlineLabels[event.data.to]
    case "battery.changed":
      return batteryLabels[event.data.to]
    case "signal.changed":
      return `Signal: ${signalText(event.data.to)}`
    case "temperature.crossed": {
      const { from, to, limit } = event.data
      return `Temperature ${celsius(to)}, ${to.celsius > from.celsius ? "above" : "below"} ${celsius(limit)}`
    }
    case "device.added":
      return "Device added"
    case "device.removed":
      return "Device removed"
    case "network.added":
      return "System added"
    case "network.removed":
      return "System removed"
    case "device.renamed":
    case "network.renamed":
      return `Renamed from “${event.data.from}” to “${event.data.to}”`
    case "device.moved":
      return "Moved to another system"
    case "firmware.changed":
      return `Firmware ${event.data.to ?? "unknown"}`
    case "storage.changed":
      return `USB storage ${event.data.to ?? "unknown"}`
    case "thumbnail.changed":
      return "New picture"
    case "command.progress":
      return `Command ${event.data.name} ${event.data.status}${reasonSuffix(event.data.error)}`
    case "session.changed":
      return `${sessionLabels[event.data.to] ?? event.data.to}${reasonSuffix(event.data.reason)}`
    case "health.changed": {
      const { name, state } = sourceText(event.data.source, event.data.to)
      // The reason is more specific than the state.
      return `${name}: ${event.data.reason || state}`
    }
    case "schema.drift":
      return `Unexpected response from Blink: ${event.data.path} (${event.data.count} times)`
    case "gap":
      return `${sourceName(event.data.source)}: events may be missing${reasonSuffix(event.data.reason)}`
    default: {
      // A newer broadcaster may send kinds that this version does not know; a kind of this version fails to compile here.
      const unknown: never = event
      return (unknown as { readonly kind: string }).kind
    }
  }
}

/** True when the event ends a problem that an earlier event of the same kind reported. */
const isResolved = (event: BlinkEvent): boolean =>
  (event.kind === "online.changed" && event.data.to === "online") ||
  (event.kind === "battery.changed" && (event.data.to === "ok" || event.data.to === "mains")) ||
  (event.kind === "storage.changed" && event.data.to === "active") ||
  (event.kind === "session.changed" && event.data.to === "active") ||
  (event.kind === "health.changed" && event.data.to === "ok")

/**
 * Describes an event in a few words, without the name of the camera or system. `severity` depends on the kind only;
 * `resolved` is true when the event ends a problem of its kind (a camera is online again). Names and reasons are inserted
 * unchanged: remove control characters before you write them to a terminal.
 *
 * An event of a kind that this version does not know is described by its kind, with the severity `info`.
 */
export const describeEvent = (
  event: BlinkEvent,
): { readonly text: string; readonly severity: Severity; readonly resolved: boolean } => ({
  text: textOf(event),
  severity: event.kind in severityOf ? severityOf[event.kind] : "info",
  resolved: isResolved(event),
})
