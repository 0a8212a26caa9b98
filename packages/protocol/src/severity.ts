import type { EventKind } from "@blink-streams/model"
import { Schema } from "effect"

/** Importance of an event for users, in ascending order. */
export const Severity = Schema.Literals(["info", "notice", "warning", "alert"])
export type Severity = typeof Severity.Type

/** Severity of each event kind, used by `filter.minSeverity` and screens. */
export const severityOf = {
  motion: "alert",
  "doorbell.pressed": "alert",
  "clip.added": "info",
  "clip.updated": "info",
  "clip.watched": "info",
  "clip.deleted": "info",
  "arm.changed": "notice",
  "detection.changed": "notice",
  "snooze.changed": "notice",
  "online.changed": "warning",
  "battery.changed": "warning",
  "signal.changed": "info",
  "temperature.crossed": "warning",
  "device.added": "notice",
  "device.removed": "notice",
  "device.renamed": "info",
  "device.moved": "notice",
  "firmware.changed": "info",
  "network.added": "notice",
  "network.removed": "notice",
  "network.renamed": "info",
  "storage.changed": "warning",
  "thumbnail.changed": "info",
  "command.progress": "info",
  "session.changed": "warning",
  "health.changed": "warning",
  "schema.drift": "warning",
  gap: "warning",
} as const satisfies Record<EventKind, Severity>

/** Returns true when the severity of `kind` is at least `minimum`. */
export const isAtLeast = (kind: EventKind, minimum: Severity): boolean =>
  Severity.literals.indexOf(severityOf[kind]) >= Severity.literals.indexOf(minimum)
