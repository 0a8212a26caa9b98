import { type Timestamp, timestampFromMillis } from "@blink-streams/model"
import { type ArmSchedule, weekdays } from "../../ArmSchedule.ts"
import type { ProgramRow } from "../wire/network.ts"

/** Parses the instant an entry was written with: `2026-03-13 06:00:00 +0000`, sometimes without its date. */
const parseTime = (time: string): Timestamp | null => {
  const match = /(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d):\d\d(?:\s*([+-]\d\d):?(\d\d))?$/.exec(time)
  if (match === null) return null
  const [, date = "1970-01-01", clock, hours = "+00", minutes = "00"] = match
  const at = Date.parse(`${date}T${clock}:00${hours}:${minutes}`)
  return Number.isNaN(at) ? null : timestampFromMillis(at)
}

/** Converts a schedule, which the cloud calls a program. An entry with an unreadable time or action is left out. */
export const toArmSchedules = ({ status, schedule }: ProgramRow): ReadonlyArray<ArmSchedule> =>
  (schedule ?? []).flatMap(({ dow, time: text, action }) => {
    const time = parseTime(text ?? "")
    if (time === null || (action !== "arm" && action !== "disarm")) return []
    const days = dow ?? []
    return [
      {
        enabled: status !== "disabled",
        action,
        weekdays: weekdays.filter((day) => days.includes(day)),
        time,
      },
    ]
  })
