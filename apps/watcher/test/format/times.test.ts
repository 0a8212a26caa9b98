import { expect, it } from "vitest"
import { ageText, clockText, durationText, shortClockText } from "../../src/format/times.ts"
import { now } from "../fixtures.ts"

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

it.each([
  [-5 * second, "0 s"],
  [0, "0 s"],
  [999, "0 s"],
  [second, "1 s"],
  [59_999, "59 s"],
  [minute, "1 m"],
  [hour - 1, "59 m"],
  [hour, "1 h"],
  [day, "24 h"],
  [2 * day - 1, "47 h"],
  [2 * day, "2 d"],
  [400 * day, "400 d"],
])("durationText shows %i ms as %s", (millis, text) => {
  expect(durationText(millis)).toBe(text)
})

it("durationText never shows a longer time for a shorter duration", () => {
  const secondsOf = (text: string): number => {
    const [count = "", unit = ""] = text.split(" ")
    return Number(count) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[unit] ?? Number.NaN)
  }
  let before = 0
  for (let millis = 0; millis < 4 * day; millis += 7_919) {
    const shown = secondsOf(durationText(millis))
    expect(shown).toBeGreaterThanOrEqual(before)
    expect(shown).toBeLessThanOrEqual(millis / second)
    before = shown
  }
})

it.each([
  ["2026-11-24T14:29:20.000Z", "40 s"],
  ["2026-11-24T12:30:00.000Z", "2 h"],
  // The clock of a camera may be ahead.
  ["2026-11-24T14:31:00.000Z", "0 s"],
])("ageText shows the age of %s as %s", (timestamp, text) => {
  expect(ageText(timestamp, now)).toBe(text)
})

it("ageText shows a dash for a time that is not known", () => {
  expect(ageText(null, now)).toBe("–")
})

it.each([
  ["2026-11-24T00:00:00.000Z", "00:00:00", "00:00"],
  ["2026-11-24T09:05:07.900Z", "09:05:07", "09:05"],
  ["2026-11-24T23:59:59.999Z", "23:59:59", "23:59"],
])("The time of day of %s is %s with seconds and %s without", (timestamp, long, short) => {
  expect(clockText(timestamp)).toBe(long)
  expect(shortClockText(timestamp)).toBe(short)
})
