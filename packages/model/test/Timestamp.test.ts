import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Timestamp, parseTimestamp, timestampFromMillis, timestampToMillis } from "../src/index.ts"

const decode = Schema.decodeUnknownSync(Timestamp)
/** Milliseconds from 1970 to 9998. */
const Millis = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Date.UTC(9999, 0, 1) - 1 }))

describe("Timestamp", () => {
  it.prop("Timestamps keep every millisecond from 1970 to 9998", { millis: Millis }, ({ millis }) => {
    const timestamp = timestampFromMillis(millis)
    return timestampToMillis(timestamp) === millis && decode(timestamp) === timestamp
  })

  it.prop(
    "The text order of timestamps is their time order",
    { one: Millis, other: Millis },
    ({ one, other }) => timestampFromMillis(one) < timestampFromMillis(other) === one < other,
  )

  it.prop(
    "parseTimestamp returns the same instant for every UTC offset",
    { millis: Millis, minutes: Schema.Int.check(Schema.isBetween({ minimum: -14 * 60, maximum: 14 * 60 })) },
    ({ millis, minutes }) => {
      const sign = minutes < 0 ? "-" : "+"
      const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0")
      const rest = String(Math.abs(minutes) % 60).padStart(2, "0")
      const local = new Date(millis + minutes * 60_000)
      // A date that an offset moves out of the four-digit years has another form.
      if (local.getUTCFullYear() < 1 || local.getUTCFullYear() > 9999) return true
      const text = `${local.toISOString().slice(0, -1)}${sign}${hours}:${rest}`
      return parseTimestamp(text) === timestampFromMillis(millis)
    },
  )

  it.each([
    ["2026-03-14T06:42:00Z", "2026-03-14T06:42:00.000Z"],
    ["2026-03-14T06:42:00.1Z", "2026-03-14T06:42:00.100Z"],
    ["2026-03-14T06:42:00.123456Z", "2026-03-14T06:42:00.123Z"],
    ["2026-03-14T06:42:00+00:00", "2026-03-14T06:42:00.000Z"],
    ["2026-03-14T06:42:00-05:00", "2026-03-14T11:42:00.000Z"],
    ["2026-03-14", "2026-03-14T00:00:00.000Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"],
    ["9998-12-31T23:59:59.999Z", "9998-12-31T23:59:59.999Z"],
  ])("parseTimestamp parses %s", (text, timestamp) => {
    assert.strictEqual(parseTimestamp(text), timestamp)
  })

  it.each([
    "",
    " ",
    "now",
    "2026-13-01T00:00:00Z",
    "2026-03-14T25:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "9999-01-01T00:00:00Z",
    "+010000-01-01T00:00:00Z",
    "null",
  ])("parseTimestamp returns null for %j", (text) => {
    assert.isNull(parseTimestamp(text))
  })

  it.each([
    "2026-03-14T06:42:00.000",
    "2026-03-14T06:42:00.00Z",
    "2026-03-14T06:42:00.0000Z",
    "2026-03-14 06:42:00.000Z",
    "12026-03-14T06:42:00.000Z",
    "2026-03-14T06:42:00.000z",
    " 2026-03-14T06:42:00.000Z",
    "2026-03-14T06:42:00.000Z\n",
    1_773_470_520_000,
    null,
  ])("Timestamp rejects %j", (value) => {
    assert.throws(() => decode(value))
  })
})
