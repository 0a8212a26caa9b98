import { memoizeMembers } from "../src/internal/decode/memo.ts"
import { assert, it } from "@effect/vitest"

/** New objects at every call, as a decoder makes them. */
const rows = (...names: ReadonlyArray<string>) => names.map((name) => ({ name }))

it("memoizeMembers converts only members that are other objects than before", () => {
  let conversions = 0
  const convert = memoizeMembers(({ name }: { readonly name: string }) => {
    conversions += 1
    return { name }
  })
  const [porch, yard] = rows("porch", "yard")
  const first = convert([porch!, yard!])
  const second = convert([porch!, { name: "garden" }])
  assert.strictEqual(conversions, 3)
  assert.strictEqual(second[0], first[0])
  assert.deepStrictEqual(second, [{ name: "porch" }, { name: "garden" }])
})

it("memoizeMembers returns the same list while the members convert to equal objects", () => {
  const convert = memoizeMembers(({ name }: { readonly name: string }) => ({ name, network: { name } }))
  const first = convert(rows("porch", "yard"))
  assert.strictEqual(convert(rows("porch", "yard")), first)
  const changed = convert(rows("porch", "garden"))
  assert.notStrictEqual(changed, first)
  assert.strictEqual(changed[0], first[0])
})

it("memoizeMembers returns a shorter and a longer list as they are", () => {
  const convert = memoizeMembers(({ name }: { readonly name: string }) => ({ name }))
  const names = (...of: ReadonlyArray<string>) => convert(rows(...of)).map(({ name }) => name)
  assert.deepStrictEqual(names("porch", "yard"), ["porch", "yard"])
  assert.deepStrictEqual(names("porch"), ["porch"])
  assert.deepStrictEqual(names(), [])
  assert.deepStrictEqual(names("porch", "yard", "garden"), ["porch", "yard", "garden"])
})
