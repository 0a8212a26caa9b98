import { contractFiles } from "../src/contract.ts"
import { version } from "../src/protocol.ts"
import { assert, it } from "@effect/vitest"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { breakingChanges } from "./breakingChanges.ts"

const folder = new URL("../schema/", import.meta.url)
const current = new URL("v1/", folder)
/**
 * Schemas of the releases that clients may still use: one folder a minor version, none before the first
 * release.
 */
const released = new URL("released/", folder)
const releases = existsSync(released)
  ? readdirSync(released).filter((minor) => Number(minor.split(".")[1]) >= version.minMinor)
  : []
const toText = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`

// `UPDATE_SCHEMA=1 vitest run --project protocol` regenerates the files.
if (process.env["UPDATE_SCHEMA"] !== undefined) {
  mkdirSync(current, { recursive: true })
  for (const [name, document] of Object.entries(contractFiles()))
    writeFileSync(new URL(name, current), toText(document))
}

for (const [name, document] of Object.entries(contractFiles()))
  it(`schema/v1/${name} equals the document generated from the schemas`, () => {
    assert.strictEqual(readFileSync(new URL(name, current), "utf8"), toText(document))
  })

for (const release of releases)
  for (const [name, sender] of [
    ["client-message.schema.json", "client"],
    ["server-message.schema.json", "server"],
  ] as const)
    it(`${name} only adds to the released version ${release}`, () => {
      const before: unknown = JSON.parse(readFileSync(new URL(`${release}/${name}`, released), "utf8"))
      assert.deepStrictEqual(breakingChanges(before, contractFiles()[name], sender), [])
    })

const messageSchema = (fields: object, required: ReadonlyArray<string>) => ({
  anyOf: [
    { type: "object", properties: { type: { enum: ["m"] }, ...fields }, required: ["type", ...required] },
  ],
})

it("breakingChanges reports removed message types, fields and enum values, and new required client fields", () => {
  const before = messageSchema({ a: { type: "string" }, word: { enum: ["x", "y"] } }, ["a"])
  assert.deepStrictEqual(breakingChanges(before, { anyOf: [] }, "server"), ["m: gone"])
  assert.deepStrictEqual(breakingChanges(before, messageSchema({ word: { enum: ["x"] } }, []), "server"), [
    "m.a: gone",
    'm.word: no longer "y"',
  ])
  assert.deepStrictEqual(
    breakingChanges(
      before,
      messageSchema({ a: { type: "integer" }, word: { enum: ["x", "y"] } }, []),
      "server",
    ),
    ["m: no longer always has a", "m.a: was string, is integer"],
  )
  const wider = messageSchema({ a: { type: "string" }, word: { enum: ["x", "y", "z"] }, b: {} }, ["a", "b"])
  assert.deepStrictEqual(breakingChanges(before, wider, "server"), [])
  assert.deepStrictEqual(breakingChanges(before, wider, "client"), ["m: now needs b"])
})
