import type { EventKind } from "./BlinkEvent.ts"

/** Subscription topic of each event kind. */
export const topicOf = {
  motion: "motion",
  "doorbell.pressed": "doorbell",
  "clip.added": "clip",
  "clip.updated": "clip",
  "clip.watched": "clip",
  "clip.deleted": "clip",
  "arm.changed": "arm",
  "detection.changed": "detection",
  "snooze.changed": "detection",
  "online.changed": "online",
  "battery.changed": "battery",
  "signal.changed": "signal",
  "temperature.crossed": "temperature",
  "device.added": "device",
  "device.removed": "device",
  "device.renamed": "device",
  "device.moved": "device",
  "firmware.changed": "device",
  "network.added": "device",
  "network.removed": "device",
  "network.renamed": "device",
  "storage.changed": "device",
  "thumbnail.changed": "thumbnail",
  "command.progress": "command",
  "session.changed": "health",
  "health.changed": "health",
  "schema.drift": "health",
  gap: "health",
} as const satisfies Record<EventKind, string>
export type Topic = (typeof topicOf)[EventKind]
