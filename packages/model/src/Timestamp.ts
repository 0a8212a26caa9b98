import { DateTime, Schema } from "effect"

/**
 * An instant as ISO 8601 text in UTC with milliseconds: `2026-03-14T06:42:00.000Z`.
 *
 * Text rather than a date object, because the same value stands in the library, in the log, on the
 * websocket and in lines of JSON. Text in this one form sorts as time does.
 */
export const Timestamp = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
).pipe(Schema.brand("Timestamp"))
export type Timestamp = typeof Timestamp.Type

/** The timestamp of `millis` since the epoch. */
export const timestampFromMillis = (millis: number): Timestamp =>
  Timestamp.make(DateTime.formatIso(DateTime.makeUnsafe(millis)))

/** Milliseconds since the epoch. */
export const timestampToMillis = (timestamp: Timestamp): number => Date.parse(timestamp)

const endOfRange = Date.UTC(9999, 0, 1)

/** Reads an instant in any form of ISO 8601; `null` when it is none, or none of the years 1970 to 9998. */
export const parseTimestamp = (text: string): Timestamp | null => {
  const millis = Date.parse(text)
  return millis >= 0 && millis < endOfRange ? timestampFromMillis(millis) : null
}
