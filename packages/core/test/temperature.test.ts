import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import { toTemperature } from "../src/internal/toModel/temperature.ts"

it("the account's unit decides, and says so", () => {
  assert.deepStrictEqual(toTemperature(68, "fahrenheit"), {
    celsius: 20,
    raw: 68,
    unit: "fahrenheit",
    ground: "account",
  })
  assert.deepStrictEqual(toTemperature(21, "celsius"), {
    celsius: 21,
    raw: 21,
    unit: "celsius",
    ground: "account",
  })
})

it("without one it is Fahrenheit, and says that this is a guess", () => {
  assert.deepStrictEqual(toTemperature(50, null), {
    celsius: 10,
    raw: 50,
    unit: "fahrenheit",
    ground: "default",
  })
})

it("what no camera survives is taken for the other unit", () => {
  assert.deepStrictEqual(toTemperature(95, "celsius"), {
    celsius: 35,
    raw: 95,
    unit: "fahrenheit",
    ground: "plausibility",
  })
})

it("no number is no temperature", () => {
  assert.isNull(toTemperature(null, "celsius"))
  assert.isNull(toTemperature(undefined, null))
})

it.prop(
  "the raw number is kept, and the result belongs to the unit that is named",
  { raw: Schema.Int },
  ({ raw }) => {
    const found = toTemperature(raw, null)!
    const expected = found.unit === "celsius" ? raw : ((raw - 32) * 5) / 9
    assert.isAtMost(Math.abs(found.celsius - expected), 0.051)
    assert.isTrue(found.raw === raw)
  },
)
