import { expect, it } from "vitest"
import { makeProgram } from "../src/program.ts"
import { fileSchema, reference } from "./reference.ts"

const docs = new URL("../../../docs/", import.meta.url).pathname

it("docs/cli.md says what the program says", async () => {
  await expect(reference(makeProgram("0.0.0"))).toMatchFileSnapshot(`${docs}cli.md`)
})

it("the schema of blink-streams.json is that of the settings", async () => {
  await expect(`${JSON.stringify(fileSchema, null, 2)}\n`).toMatchFileSnapshot(
    `${docs}blink-streams.schema.json`,
  )
})
