/** Caches one formatter per time zone: creating one takes about 50 µs. */
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

/** Returns the time zone if the browser supports it, else `undefined`, which means the browser's own. Blink sends the names as free text. */
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

/** Formats the time of day with seconds, in the browser's locale. A `timeZone` of `null` means the browser's own. */
export const formatTimeWithSeconds = (at: string | number, timeZone: string | null): string =>
  times(timeZone).format(new Date(at))
/** Formats the time of day without seconds. */
export const formatTime = (at: string | number, timeZone: string | null): string =>
  minutes(timeZone).format(new Date(at))
/** Formats date and time with the name of the time zone. */
export const formatDateTime = (at: string | number, timeZone: string | null): string =>
  full(timeZone).format(new Date(at))

const quarterHourMs = 900_000
const maxCachedOffsets = 5_000
const offsets = new Map<string, number>()

/** Offset from UTC at `at`. Cached per 15 minutes: an `Intl` call takes 30 µs, and offsets change only on a quarter hour. */
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

/** Calendar day (`2026-03-14`) and minute of the day in a time zone. */
export const localDay = (
  at: string | number,
  timeZone: string | null,
): { readonly day: string; readonly minute: number } => {
  const utc = new Date(at).getTime()
  const local = new Date(utc + offsetMs(utc, timeZone))
  return { day: local.toISOString().slice(0, 10), minute: local.getUTCHours() * 60 + local.getUTCMinutes() }
}

/** Formats a day: `Today`, `Yesterday`, or `Saturday 14 March`. */
export const formatDay = (day: string, today: string): string => {
  if (day === today) return "Today"
  const noon = Date.parse(`${day}T12:00:00Z`)
  if (Date.parse(`${today}T12:00:00Z`) - noon === 86_400_000) return "Yesterday"
  return days("UTC").format(noon)
}
