import type { Temperature } from "@blink-streams/model"

export type TemperatureUnit = Temperature["unit"]

const toCelsius = (raw: number, unit: TemperatureUnit): number =>
  unit === "celsius" ? raw : ((raw - 32) * 5) / 9

const round = (celsius: number): number => Math.round(celsius * 10) / 10

/** What a camera can live through. */
const isPlausible = (celsius: number): boolean => celsius > -45 && celsius < 65

/**
 * Degrees Celsius from a number without a unit. The account's own setting counts, unless the result could not be:
 * 68 is no temperature of a room in Celsius. Without a setting it is Fahrenheit, by most reports.
 */
export const toTemperature = (
  raw: number | null | undefined,
  accountUnit: TemperatureUnit | null,
): Temperature | null => {
  if (raw === null || raw === undefined) return null
  const assumedUnit = accountUnit ?? "fahrenheit"
  const otherUnit = assumedUnit === "celsius" ? "fahrenheit" : "celsius"
  if (isPlausible(toCelsius(raw, assumedUnit)) || !isPlausible(toCelsius(raw, otherUnit))) {
    return {
      celsius: round(toCelsius(raw, assumedUnit)),
      raw,
      unit: assumedUnit,
      ground: accountUnit === null ? "default" : "account",
    }
  }
  return { celsius: round(toCelsius(raw, otherUnit)), raw, unit: otherUnit, ground: "plausibility" }
}
