import { DateTime } from "effect"

const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

/** The cloud's usual form: UTC, whole seconds, offset spelt out. Clients parse exactly this. */
export const timestamp = (ms: number): string => `${iso(ms).slice(0, 19)}+00:00`

export const timestampOrNull = (ms: number | null): string | null => (ms === null ? null : timestamp(ms))

export const isoDay = (ms: number): string => iso(ms).slice(0, 10)

/** As file names of stills have it: 24 hours and AM or PM besides. */
export const fileTime = (ms: number): string => {
  const text = iso(ms)
  const hour = text.slice(11, 13)
  return `${text.slice(0, 10).replaceAll("-", "_")}__${hour}_${text.slice(14, 16)}${Number(hour) < 12 ? "AM" : "PM"}`
}

/** The `Date` header's form. */
export const httpDate = (ms: number): string => DateTime.toDateUtc(DateTime.makeUnsafe(ms)).toUTCString()

/**
 * Times as clients send them in `since`: ISO with `Z` or an offset with or without its colon, a blank for the `T`, and
 * a plus that form decoding has turned into a blank. Null when it is none of these.
 */
export const parseTime = (text: string): number | null => {
  const match =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|[ +](\d\d):?(\d\d)|-(\d\d):?(\d\d))?$/.exec(
      text.trim(),
    )
  if (match === null) {
    const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
    return Number.isNaN(day) ? null : day
  }
  const utc = Date.parse(`${match[1]}T${match[2]}Z`)
  const ahead = Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0)
  const behind = Number(match[5] ?? 0) * 60 + Number(match[6] ?? 0)
  return Number.isNaN(utc) ? null : utc - (ahead - behind) * 60_000
}
