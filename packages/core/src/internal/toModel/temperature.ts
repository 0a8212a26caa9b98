import type { Temperature } from "@blink-streams/model"

export type TemperatureUnit = Temperature["unit"]

const toCelsius = (raw: number, unit: TemperatureUnit): number =>
  unit === "celsius" ? raw : ((raw - 32) * 5) / 9

const round = (celsius: number): number => Math.round(celsius * 10) / 10

/** Temperatures in which a camera can operate. */
const isPlausible = (celsius: number): boolean => celsius > -45 && celsius < 65

/**
 * Converts a number without a unit to degrees Celsius. Uses the account's unit, by default Fahrenheit, unless
 * only the other unit gives a plausible temperature.
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
      basis: accountUnit === null ? "default" : "account",
    }
  }
  return { celsius: round(toCelsius(raw, otherUnit)), raw, unit: otherUnit, basis: "plausibility" }
}
