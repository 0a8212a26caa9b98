import { DateTime, Schema } from "effect"

/**
 * An instant as ISO 8601 text in UTC with milliseconds: `2026-03-14T06:42:00.000Z`.
 *
 * It is text instead of a date object so that library, event log, websocket and JSON lines share one value.
 * Text order is time order.
 */
export const Timestamp = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
).pipe(Schema.brand("Timestamp"))
export type Timestamp = typeof Timestamp.Type

/** Converts milliseconds since the Unix epoch to a timestamp. */
export const timestampFromMillis = (millis: number): Timestamp =>
  Timestamp.make(DateTime.formatIso(DateTime.makeUnsafe(millis)))

/** Converts a timestamp to milliseconds since the Unix epoch. */
export const timestampToMillis = (timestamp: Timestamp): number => Date.parse(timestamp)

const endOfRange = Date.UTC(9999, 0, 1)

/** Parses an instant in any ISO 8601 form. Returns `null` for other text and for years outside 1970 to 9998. */
export const parseTimestamp = (text: string): Timestamp | null => {
  const millis = Date.parse(text)
  return millis >= 0 && millis < endOfRange ? timestampFromMillis(millis) : null
}
