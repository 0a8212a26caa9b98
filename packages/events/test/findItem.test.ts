import { findItem } from "../src/internal/handles/findItem.ts"
import { assert, it } from "@effect/vitest"

const cameras = ["Porch", "Garden", "GARDEN", "Garage"].map((name, index) => ({ name, id: index + 1 }))

const find = (nameOrId: string | number, among = cameras) =>
  findItem(among, nameOrId, {
    noun: "camera",
    nameOf: ({ name }) => name,
    idsOf: ({ id }) => [`camera:${id}`, id],
  }).id

it("findItem finds an id, then an equal name, then a name that differs in case only", () => {
  assert.deepStrictEqual([find(4), find("camera:2"), find("GARDEN"), find("porch")], [4, 2, 3, 1])
})

it("findItem lists what there is when nothing has the name, and the ids when several have", () => {
  assert.throws(() => find("Porc"), TypeError, 'there is no camera "Porc": Porch, Garden, GARDEN, Garage')
  assert.throws(() => find(7, []), TypeError, 'there is no camera "7": there are none')
  assert.throws(
    () => find("garden"),
    TypeError,
    'there is more than one camera "garden": use an id (camera:2, camera:3)',
  )
})
