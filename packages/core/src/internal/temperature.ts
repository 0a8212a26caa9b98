import type { Temperature } from "@blink-streams/model/Snapshot"

export type Unit = Temperature["unit"]

const toCelsius = (raw: number, unit: Unit): number => (unit === "celsius" ? raw : ((raw - 32) * 5) / 9)

const round = (celsius: number): number => Math.round(celsius * 10) / 10

/** What a camera can live through. */
const isPlausible = (celsius: number): boolean => celsius > -45 && celsius < 65

/**
 * Degrees Celsius from a number without a unit. The account's own setting counts, unless the result could not be:
 * 68 is no temperature of a room in Celsius. Without a setting it is Fahrenheit, by most reports.
 */
export const toTemperature = (raw: number | null | undefined, account: Unit | null): Temperature | null => {
  if (raw === null || raw === undefined) return null
  const likely = account ?? "fahrenheit"
  const other = likely === "celsius" ? "fahrenheit" : "celsius"
  if (isPlausible(toCelsius(raw, likely)) || !isPlausible(toCelsius(raw, other))) {
    return {
      celsius: round(toCelsius(raw, likely)),
      raw,
      unit: likely,
      ground: account === null ? "default" : "account",
    }
  }
  return { celsius: round(toCelsius(raw, other)), raw, unit: other, ground: "plausibility" }
}
