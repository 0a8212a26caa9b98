import type { Timestamp } from "@blink-streams/model"

/** Days of a schedule, in the order of the week. */
export const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const

/** A network is armed or disarmed at a time of day. */
export interface ArmSchedule {
  readonly enabled: boolean
  readonly action: "arm" | "disarm"
  /** In UTC or in local time: which one is not known. Empty when the cloud lists none. */
  readonly weekdays: ReadonlyArray<(typeof weekdays)[number]>
  /** Instant of the last edit's day whose time of day, in UTC, is that of the schedule. */
  readonly time: Timestamp
}
