import { readFileSync } from "node:fs"
import { assert, it } from "vitest"
import { routes } from "../src/internal/routes/routes.ts"

const expected = routes
  .map(({ method, path, dialect, evidence, withdrawn }) => {
    const today = withdrawn === null ? "" : withdrawn === 404 ? "404" : "update required"
    return [method, `\`${path}\``, dialect, evidence, today].join(" | ").trim()
  })
  .toSorted()

it("The README lists exactly the calls that are routed", () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8")
  const [, table = ""] = /<!-- calls -->([\s\S]*)<!-- end of calls -->/.exec(text) ?? []
  const rows = table
    .split("\n")
    .filter((line) => line.includes("`"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(" | ")
        .trim(),
    )
  assert.deepStrictEqual(rows.toSorted(), expected)
})

it("No call is routed twice", () => {
  const lines = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ":")}`)
  assert.deepStrictEqual(
    lines.filter((line, index) => lines.indexOf(line) !== index),
    [],
  )
})
