import { type EventKind, type Topic, topicOf } from "@blink-streams/model"

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

export const eventGroupOf = (kind: EventKind): EventGroup => groupOfTopic[topicOf[kind]] ?? "system"
