import { expect, it } from "vitest"
import { makeProgram } from "../src/program.ts"
import { fileSchema, reference } from "./reference.ts"

const docs = new URL("../../../docs/", import.meta.url).pathname

it("docs/cli.md matches the command definitions", async () => {
  await expect(reference(makeProgram("0.0.0"))).toMatchFileSnapshot(`${docs}cli.md`)
})

it("docs/blink-streams.schema.json matches the settings table", async () => {
  await expect(`${JSON.stringify(fileSchema, null, 2)}\n`).toMatchFileSnapshot(
    `${docs}blink-streams.schema.json`,
  )
})
