import type { EventOf } from "@blink-streams/model"
import { DateTime, Option } from "effect"

/** A schedule of a network, as far as it is read. */
export interface ScheduleProgram {
  readonly status?: string | null
  readonly schedule?: ReadonlyArray<{
    readonly dow?: ReadonlyArray<string> | null
    readonly time?: string | null
    readonly action?: string | null
  }> | null
}

export interface ArmTransition {
  readonly to: "armed" | "disarmed"
  /** Between these two looks, in milliseconds of the cloud's epoch. */
  readonly after: number
  readonly before: number
  readonly timeZone: string | null
}

const minute = 60_000
const day = 24 * 60 * minute

/** The cloud tells its time in whole seconds, and an answer is under way for a while. */
const clockTolerance = 5_000
/** A schedule that was due so long before or after may have been late, or the cloud's clock not what we think. */
const uncertainMargin = 2 * minute
/** Within a longer time somebody may have been faster than the schedule, or have edited it since. */
const maxPollGap = 15 * minute

const actions = { armed: "arm", disarmed: "disarm" } as const
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** The instant a point was written with: its time of day is what counts, its date is that of the last edit. */
const parseScheduleTime = (time: string): number | null => {
  const match = /(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d):\d\d(?:\s*([+-]\d\d):?(\d\d))?$/.exec(time)
  if (match === null) return null
  const [, date = "1970-01-01", clock, hours = "+00", minutes = "00"] = match
  const at = Date.parse(`${date}T${clock}:00${hours}:${minutes}`)
  return Number.isNaN(at) ? null : at
}

/** A zone by its name; `null` when there is none, or nobody knows it. */
const zoneOf = (name: string | null): DateTime.TimeZone | null =>
  name === null ? null : Option.getOrNull(DateTime.zoneMakeNamed(name))

const offsetOf = (at: number, zone: DateTime.TimeZone): number =>
  DateTime.zonedOffset(DateTime.makeZonedUnsafe(at, { timeZone: zone }))

/**
 * How much later than at its time in UTC a point is due if it follows the clocks of the home, which may have been put
 * forward or back since it was written. Nobody has seen whether it does.
 */
const dstShifts = (written: number, at: number, zone: DateTime.TimeZone | null): ReadonlyArray<number> => {
  if (zone === null) return [-60 * minute, 60 * minute]
  const shift = offsetOf(written, zone) - offsetOf(at, zone)
  return shift === 0 ? [] : [shift]
}

/** The days that `dow` may mean: that in UTC or that in the home, which may be any next to it where its zone is not known. */
const weekdaysAt = (at: number, zone: DateTime.TimeZone | null): ReadonlyArray<string> => {
  const inUtc = DateTime.getPartUtc(DateTime.makeUnsafe(at), "weekDay")
  const days =
    zone === null
      ? [inUtc + 6, inUtc, inUtc + 1]
      : [inUtc, DateTime.getPart(DateTime.makeZonedUnsafe(at, { timeZone: zone }), "weekDay")]
  return days.map((day) => weekdays[day % 7] ?? "")
}

/** Whether a point was due between two instants: for certain, by one way to read it, or not at all. */
const isDue = (
  { dow, time }: NonNullable<ScheduleProgram["schedule"]>[number],
  { after, before, timeZone }: ArmTransition,
): "yes" | "perhaps" | "no" => {
  const written = parseScheduleTime(time ?? "")
  if (written === null) return "no"
  const zone = zoneOf(timeZone)
  const scheduledDays = dow ?? []
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
 * Who armed or disarmed a network, when it was not us. `programs` is `null` when they could not be read. Where a
 * schedule and a person may both have been it, nobody knows.
 */
export const attributeBySchedule = (
  programs: ReadonlyArray<ScheduleProgram> | null,
  transition: ArmTransition,
): EventOf<"arm.changed">["data"]["by"] => {
  const { to, after, before } = transition
  // Our clock may have been set back between the two looks.
  if (programs === null || before < after || before - after > maxPollGap) return "unknown"
  const matches = new Set(
    programs
      .filter(({ status }) => status !== "disabled")
      .flatMap(({ schedule }) => schedule ?? [])
      .filter(({ action }) => action === actions[to])
      .map((point) => isDue(point, transition)),
  )
  if (matches.has("yes")) return "program"
  return matches.has("perhaps") ? "unknown" : "someone"
}
