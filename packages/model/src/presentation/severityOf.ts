import type { EventKind } from "../BlinkEvent.ts"
import type { Severity } from "../Severity.ts"

/** Severity of each event kind, used by the filter `minSeverity` and by screens. */
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
  "device.removed": "warning",
  "device.renamed": "info",
  "device.moved": "notice",
  "firmware.changed": "info",
  "network.added": "notice",
  "network.removed": "warning",
  "network.renamed": "info",
  "storage.changed": "warning",
  "thumbnail.changed": "info",
  "command.progress": "info",
  "session.changed": "warning",
  "health.changed": "warning",
  "schema.drift": "warning",
  gap: "warning",
} as const satisfies Record<EventKind, Severity>
