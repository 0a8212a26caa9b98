/** Formatters are dear to make (about 50 µs), and a page has few zones: one of each kind per zone is kept. */
const formatterCache = (options: Intl.DateTimeFormatOptions, locale?: string) => {
  const byZone = new Map<string, Intl.DateTimeFormat>()
  return (timeZone: string | null) => {
    const key = timeZone ?? ""
    const known = byZone.get(key)
    if (known) return known
    const created = new Intl.DateTimeFormat(locale, {
      ...options,
      ...(timeZone === null ? {} : { timeZone: supportedTimeZone(timeZone) }),
    })
    byZone.set(key, created)
    return created
  }
}

/** The cloud's zone names are text from outside; one that the browser does not know falls back to the reader's. */
const supportedTimeZone = (timeZone: string): string | undefined => {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: timeZone }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

const times = formatterCache({ hour: "2-digit", minute: "2-digit", second: "2-digit" })
const minutes = formatterCache({ hour: "2-digit", minute: "2-digit" })
const days = formatterCache({ weekday: "long", day: "numeric", month: "long" })
const full = formatterCache({ dateStyle: "medium", timeStyle: "long" })
const parts = formatterCache(
  { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  "en-CA",
)

/** Time of day in the home's zone, in the reader's locale, with seconds. */
export const formatTimeWithSeconds = (at: string | number, timeZone: string | null): string =>
  times(timeZone).format(new Date(at))
/** The same without seconds. */
export const formatTime = (at: string | number, timeZone: string | null): string =>
  minutes(timeZone).format(new Date(at))
/** Day and time with the zone's name: what a tooltip tells. */
export const formatDateTime = (at: string | number, timeZone: string | null): string =>
  full(timeZone).format(new Date(at))

const quarterHourMs = 900_000
const maxCachedOffsets = 5_000
const offsets = new Map<string, number>()

/** What to add to UTC at `at`. Asking `Intl` takes 30 µs, and no zone changes but at a quarter of an hour. */
const offsetMs = (at: number, timeZone: string | null): number => {
  const quarter = Math.floor(at / quarterHourMs)
  const key = `${quarter}${timeZone}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const part: Record<string, number> = {}
  for (const { type, value } of parts(timeZone).formatToParts(quarter * quarterHourMs))
    part[type] = Number(value)
  const local = Date.UTC(part["year"]!, part["month"]! - 1, part["day"], part["hour"], part["minute"])
  const offset = local - quarter * quarterHourMs
  if (offsets.size >= maxCachedOffsets) offsets.clear()
  offsets.set(key, offset)
  return offset
}

/** The calendar day in the home's time zone (`2026-03-14`) and the minute within it. */
export const localDay = (
  at: string | number,
  timeZone: string | null,
): { readonly day: string; readonly minute: number } => {
  const utc = new Date(at).getTime()
  const local = new Date(utc + offsetMs(utc, timeZone))
  return { day: local.toISOString().slice(0, 10), minute: local.getUTCHours() * 60 + local.getUTCMinutes() }
}

/** `Today`, `Yesterday`, or the day's name: `Saturday 14 March`. */
export const formatDay = (day: string, today: string): string => {
  if (day === today) return "Today"
  const noon = Date.parse(`${day}T12:00:00Z`)
  if (Date.parse(`${today}T12:00:00Z`) - noon === 86_400_000) return "Yesterday"
  return days("UTC").format(noon)
}
