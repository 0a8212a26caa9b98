import type { EventOf } from "@blink-streams/model"
import { DateTime, Option } from "effect"

/** A schedule of a network, as far as it is read. */
export interface ProgramRow {
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

/** How far the cloud's clock and its punctuality are trusted. */
const doubt = 2 * minute
/** Within a longer time somebody may have been faster than the schedule. */
const longest = 15 * minute

const actions = { armed: "arm", disarmed: "disarm" } as const
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** Only the time of day and its offset count: the date is the day on which somebody edited the schedule. */
const minuteOfDay = (time: string): number | null => {
  const match = /(\d\d):(\d\d):\d\d(?:\s*([+-])(\d\d):?(\d\d))?$/.exec(time)
  if (match === null) return null
  const [, hours, minutes, sign, aheadHours = 0, aheadMinutes = 0] = match
  const ahead = (Number(aheadHours) * 60 + Number(aheadMinutes)) * (sign === "-" ? -1 : 1)
  return (((Number(hours) * 60 + Number(minutes) - ahead) % 1440) + 1440) % 1440
}

/** Of the day in UTC and in the home: nobody has seen which of them `dow` means. */
const weekdaysAt = (at: number, timeZone: string | null): ReadonlyArray<string | undefined> => {
  const utc = DateTime.makeUnsafe(at)
  const zoned = timeZone === null ? Option.none() : DateTime.setZoneNamed(utc, timeZone)
  return [
    weekdays[DateTime.getPartUtc(utc, "weekDay")],
    ...(Option.isSome(zoned) ? [weekdays[DateTime.getPart(zoned.value, "weekDay")]] : []),
  ]
}

/** Who armed or disarmed a network, when it was not us. `programs` is `null` when they could not be read. */
export const armedBy = (
  programs: ReadonlyArray<ProgramRow> | null,
  { to, after, before, timeZone }: ArmTransition,
): EventOf<"arm.changed">["data"]["by"] => {
  if (programs === null) return "unknown"
  const points = programs
    .filter(({ status }) => status !== "disabled")
    .flatMap(({ schedule }) => schedule ?? [])
    .filter(({ action }) => action === actions[to])
  const isDue = ({ dow, time }: (typeof points)[number]): boolean => {
    const wanted = minuteOfDay(time ?? "")
    if (wanted === null) return false
    for (
      let midnight = Math.floor((after - doubt) / day) * day;
      midnight <= before + doubt;
      midnight += day
    ) {
      const at = midnight + wanted * minute
      if (at < after - doubt || at > before + doubt) continue
      const named = dow ?? []
      if (named.length === 0 || weekdaysAt(at, timeZone).some((word) => named.includes(word ?? "")))
        return true
    }
    return false
  }
  if (!points.some(isDue)) return "someone"
  return before - after > longest ? "unknown" : "program"
}
