import { readFileSync } from "node:fs"
import { Schema } from "effect"
import { assert, it } from "vitest"
import { Scenario } from "../src/index.ts"

it("scenario.schema.json equals the JSON Schema of Scenario", () => {
  const file = new URL("../src/scenario.schema.json", import.meta.url)
  const { schema, definitions } = Schema.toJsonSchemaDocument(Scenario)
  assert.deepStrictEqual(JSON.parse(readFileSync(file, "utf8")), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Scenario",
    ...schema,
    $defs: definitions,
  })
})
