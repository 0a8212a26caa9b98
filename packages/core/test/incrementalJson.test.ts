import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { toDecodedDocument, patchDocument } from "../src/internal/decode/incrementalJson.ts"

const Thing = Schema.Record(Schema.String, Schema.Json)
const Things = Schema.Array(Thing).check(Schema.isMaxLength(5))
const Document = Schema.Struct({ note: Schema.String, first: Things, second: Things, other: Thing })
const asDocument = (json: unknown) => json as Record<string, unknown>
const change = { list: Schema.Literals(["first", "second"]), at: Schema.Literals([0, 1, 2, 3, 4]), to: Thing }

it.effect.prop(
  "patchDocument returns the document of the new text and keeps unchanged objects",
  { before: Document, change: Schema.Struct(change) },
  ({ before, change: { list, at, to } }) =>
    Effect.sync(() => {
      const text = JSON.stringify(before)
      const after = { ...before, [list]: before[list].map((thing, index) => (index === at ? to : thing)) }
      const previous = toDecodedDocument(text, JSON.parse(text))
      const patched = patchDocument(previous, JSON.stringify(after), asDocument)
      assert.isNotNull(patched)
      assert.strictEqual(JSON.stringify(patched.value), JSON.stringify(JSON.parse(JSON.stringify(after))))
      for (const name of ["first", "second"] as const) {
        const [old, now] = [
          previous.value[name] as ReadonlyArray<unknown>,
          patched.value[name] as ReadonlyArray<unknown>,
        ]
        for (const [index, thing] of now.entries()) {
          const same = JSON.stringify(after[name][index]) === JSON.stringify(before[name][index])
          if (same) assert.strictEqual(thing, old[index])
        }
      }
    }),
)

it.effect.prop(
  "patchDocument returns null or the right document for any other change",
  { before: Document, after: Document },
  ({ before, after }) =>
    Effect.sync(() => {
      const text = JSON.stringify(before)
      const next = JSON.stringify(after)
      const patched = patchDocument(toDecodedDocument(text, JSON.parse(text)), next, asDocument)
      if (patched !== null)
        assert.strictEqual(JSON.stringify(patched.value), JSON.stringify(JSON.parse(next)))
    }),
)

it("patchDocument returns null when the decoder dropped an item", () => {
  const text = JSON.stringify({ first: [{ id: 1 }, { id: "broken" }] })
  const previous = toDecodedDocument(text, { first: [{ id: 1 }] })
  assert.isNull(patchDocument(previous, text, asDocument))
})
