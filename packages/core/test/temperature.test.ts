import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import { toTemperature } from "../src/internal/toModel/temperature.ts"

it("toTemperature uses the account's unit and names it", () => {
  assert.deepStrictEqual(toTemperature(68, "fahrenheit"), {
    celsius: 20,
    raw: 68,
    unit: "fahrenheit",
    basis: "account",
  })
  assert.deepStrictEqual(toTemperature(21, "celsius"), {
    celsius: 21,
    raw: 21,
    unit: "celsius",
    basis: "account",
  })
})

it("toTemperature assumes Fahrenheit without a unit and marks the assumption", () => {
  assert.deepStrictEqual(toTemperature(50, null), {
    celsius: 10,
    raw: 50,
    unit: "fahrenheit",
    basis: "default",
  })
})

it("toTemperature uses the other unit when the account's gives an implausible temperature", () => {
  assert.deepStrictEqual(toTemperature(95, "celsius"), {
    celsius: 35,
    raw: 95,
    unit: "fahrenheit",
    basis: "plausibility",
  })
})

it("toTemperature returns null without a number", () => {
  assert.isNull(toTemperature(null, "celsius"))
  assert.isNull(toTemperature(undefined, null))
})

it.prop(
  "toTemperature keeps the raw number and converts it from the unit it names",
  { raw: Schema.Int },
  ({ raw }) => {
    const found = toTemperature(raw, null)!
    const expected = found.unit === "celsius" ? raw : ((raw - 32) * 5) / 9
    assert.isAtMost(Math.abs(found.celsius - expected), 0.051)
    assert.isTrue(found.raw === raw)
  },
)
