import { CameraId } from "@blink-streams/model"
import { assert, test } from "vitest"
import { accountViews } from "../src/state/accountViews.ts"
import { accountState, camera, network } from "./fixtures.ts"

const namesOf = (cameras: ReturnType<typeof camera>[]) =>
  accountViews({ accounts: [accountState({ cameras })] })[0]!.networks[0]!.cameras.map(({ name }) => name)

test("accountViews lists offline cameras first, then those with a low battery, then by name", () => {
  const cameras = [
    camera(1, { name: "Shed" }),
    camera(2, { name: "Attic" }),
    camera(3, { name: "Porch", battery: "low" }),
    camera(4, { name: "Gate", online: "offline" }),
  ]
  assert.deepStrictEqual(namesOf(cameras), ["Gate", "Porch", "Attic", "Shed"])
})

test("accountViews sorts numbers inside camera names numerically", () => {
  assert.deepStrictEqual(namesOf([camera(1, { name: "Cam 10" }), camera(2, { name: "Cam 9" })]), [
    "Cam 9",
    "Cam 10",
  ])
})

test("accountViews gives two cameras of different kinds with the same id different keys", () => {
  const cameras = [camera(5), camera(5, { kind: "mini", id: CameraId.make(5) })]
  const keys = accountViews({ accounts: [accountState({ cameras })] })[0]!.networks[0]!.cameras.map(
    ({ key }) => key,
  )
  assert.deepStrictEqual(keys.sort(), ["7/camera:5", "7/mini:5"])
})

test("accountViews lists a camera only under its own network", () => {
  const view = accountViews({
    accounts: [accountState({ networks: [network(1), network(2)], cameras: [camera(1)] })],
  })
  assert.deepStrictEqual(
    view[0]!.networks.map(({ cameras }) => cameras.length),
    [1, 0],
  )
})
