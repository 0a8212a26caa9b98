import { DateTime } from "effect"

const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

/** The cloud's usual format: UTC, whole seconds, `+00:00`. Some clients parse exactly this. */
export const timestamp = (ms: number): string => `${iso(ms).slice(0, 19)}+00:00`

export const timestampOrNull = (ms: number | null): string | null => (ms === null ? null : timestamp(ms))

export const isoDay = (ms: number): string => iso(ms).slice(0, 10)

/** Format of file names: a 24-hour time followed by AM or PM. */
export const fileTime = (ms: number): string => {
  const text = iso(ms)
  const hour = text.slice(11, 13)
  return `${text.slice(0, 10).replaceAll("-", "_")}__${hour}_${text.slice(14, 16)}${Number(hour) < 12 ? "AM" : "PM"}`
}

/** Format of the `Date` header. */
export const httpDate = (ms: number): string => DateTime.toDateUtc(DateTime.makeUnsafe(ms)).toUTCString()

/**
 * Parses `since` in the variants of known clients: ISO 8601 with `Z` or an offset with or without a colon, a space instead of
 * `T`, and a plus sign that form decoding has turned into a space. Returns null for other text.
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
