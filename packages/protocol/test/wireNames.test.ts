import { assert, it } from "@effect/vitest"
import { contractFiles } from "../src/contract.ts"

/** Values of `enum` and `const` anywhere in a JSON schema. */
const enumerations = (value: unknown): ReadonlyArray<string> => {
  if (typeof value !== "object" || value === null) return []
  if (Array.isArray(value)) return value.flatMap(enumerations)
  return Object.entries(value).flatMap(([key, member]) =>
    key === "enum" || key === "const"
      ? [member].flat().filter((word) => typeof word === "string")
      : enumerations(member),
  )
}

it("Every enumeration on the wire is snake_case, and dotted where it is a kind or a type", () => {
  const words = ["client-message.schema.json", "server-message.schema.json"].flatMap((name) =>
    enumerations(contractFiles()[name]),
  )
  assert.isAbove(words.length, 50)
  assert.deepStrictEqual(
    words.filter((word) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z]+(_[a-z]+)*)*$/.test(word)),
    [],
  )
})
