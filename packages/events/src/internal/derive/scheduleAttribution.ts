import { type ArmSchedule, weekdays } from "@blink-streams/core"
import { type EventOf, timestampToMillis } from "@blink-streams/model"
import { DateTime, Option } from "effect"

export interface ArmTransition {
  readonly to: "armed" | "disarmed"
  /** Times of the polls before and after the change, by the cloud's clock in milliseconds since the Unix epoch. */
  readonly after: number
  readonly before: number
  readonly timeZone: string | null
}

const minute = 60_000
const day = 24 * 60 * minute

/** The cloud reports its time in whole seconds, and a response takes a while. */
const clockTolerance = 5_000
/** A schedule that was due this much earlier or later may have run late, or the cloud's clock may be misjudged. */
const uncertainMargin = 2 * minute
/** In a longer interval a person may have acted before the schedule, or have edited it since. */
const maxPollGap = 15 * minute

const actions = { armed: "arm", disarmed: "disarm" } as const

/** Time zone of a name; `null` when there is none or the name is unknown. */
const zoneOf = (name: string | null): DateTime.TimeZone | null =>
  name === null ? null : Option.getOrNull(DateTime.zoneMakeNamed(name))

const offsetOf = (at: number, zone: DateTime.TimeZone): number =>
  DateTime.zonedOffset(DateTime.makeZonedUnsafe(at, { timeZone: zone }))

/**
 * Offsets from its UTC time at which an entry is due if it follows local time and daylight saving has changed since it
 * was written. It is not known whether the cloud does that.
 */
const dstShifts = (written: number, at: number, zone: DateTime.TimeZone | null): ReadonlyArray<number> => {
  if (zone === null) return [-60 * minute, 60 * minute]
  const shift = offsetOf(written, zone) - offsetOf(at, zone)
  return shift === 0 ? [] : [shift]
}

/** Weekdays that `dow` may mean: in UTC and in local time. With an unknown zone, any adjacent day as well. */
const weekdaysAt = (at: number, zone: DateTime.TimeZone | null): ArmSchedule["weekdays"] => {
  const inUtc = DateTime.getPartUtc(DateTime.makeUnsafe(at), "weekDay")
  const days =
    zone === null
      ? [inUtc + 6, inUtc, inUtc + 1]
      : [inUtc, DateTime.getPart(DateTime.makeZonedUnsafe(at, { timeZone: zone }), "weekDay")]
  return days.map((day) => weekdays[day % 7]!)
}

/** Returns `yes` when a schedule was due between the two instants, `perhaps` when one reading of it was, else `no`. */
const isDue = (
  { weekdays: scheduledDays, time }: ArmSchedule,
  { after, before, timeZone }: ArmTransition,
): "yes" | "perhaps" | "no" => {
  const written = timestampToMillis(time)
  const zone = zoneOf(timeZone)
  const timeOfDay = ((written % day) + day) % day
  let due: "perhaps" | "no" = "no"
  for (let midnight = Math.floor(after / day - 1) * day; midnight < before + day; midnight += day) {
    for (const shift of [0, ...dstShifts(written, midnight + timeOfDay, zone)]) {
      const at = midnight + timeOfDay + shift
      if (at < after - uncertainMargin || at > before + uncertainMargin) continue
      const days = weekdaysAt(at, zone)
      const isCertain = shift === 0 && at >= after - clockTolerance && at <= before + clockTolerance
      if (isCertain && days.every((scheduledDay) => scheduledDays.includes(scheduledDay))) return "yes"
      if (scheduledDays.length === 0 || days.some((scheduledDay) => scheduledDays.includes(scheduledDay)))
        due = "perhaps"
    }
  }
  return due
}

/**
 * Returns who armed or disarmed a network, when it was no command of this process. `schedules` is `null` when they
 * could not be read. Returns `unknown` when both a schedule and a person are possible.
 */
export const attributeBySchedule = (
  schedules: ReadonlyArray<ArmSchedule> | null,
  transition: ArmTransition,
): EventOf<"arm.changed">["data"]["by"] => {
  const { to, after, before } = transition
  // The clock may have been set back between the two polls.
  if (schedules === null || before < after || before - after > maxPollGap) return "unknown"
  const matches = new Set(
    schedules
      .filter(({ enabled, action }) => enabled && action === actions[to])
      .map((schedule) => isDue(schedule, transition)),
  )
  if (matches.has("yes")) return "schedule"
  return matches.has("perhaps") ? "unknown" : "external"
}
