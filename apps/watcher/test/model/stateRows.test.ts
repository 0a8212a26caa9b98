import type { BlinkState } from "@blink-streams/model"
import { expect, it } from "vitest"
import { cameraRows, systemRows } from "../../src/model/stateRows.ts"
import { sampleState } from "../fixtures.ts"
import { hostileTexts, unsafeCharacters } from "../texts.ts"

type Account = BlinkState["accounts"][number]

const [account] = sampleState().accounts
const stateOf = (changes: Partial<Account>): BlinkState => ({ accounts: [{ ...account!, ...changes }] })
/** Two accounts whose systems and cameras have the same ids. */
const twoAccounts: BlinkState = { accounts: [account!, { ...account!, account: 99 as Account["account"] }] }

it("systemRows has a row per system with its arm state and its age", () => {
  expect(systemRows(sampleState())).toEqual([
    {
      key: "1234:11",
      account: 1234,
      id: 11,
      name: "Home",
      arm: "armed",
      asOf: "2026-11-24T14:29:48.000Z",
      offline: false,
    },
    {
      key: "1234:12",
      account: 1234,
      id: 12,
      name: "Cabin",
      arm: "unknown",
      asOf: null,
      offline: false,
    },
  ])
})

it("systemRows and cameraRows are empty without a state", () => {
  expect(systemRows(null)).toEqual([])
  expect(cameraRows(null, undefined)).toEqual([])
  expect(systemRows({ accounts: [] })).toEqual([])
})

it("systemRows marks only the system of an offline sync module", () => {
  const [hub] = account!.syncModules
  const rows = systemRows(stateOf({ syncModules: [{ ...hub!, online: "offline" }] }))
  expect(rows.map(({ name, offline }) => [name, offline])).toEqual([
    ["Home", true],
    ["Cabin", false],
  ])
})

it("systemRows does not mark a system whose sync module may be online", () => {
  const [hub] = account!.syncModules
  expect(
    systemRows(stateOf({ syncModules: [{ ...hub!, online: "unknown" }] })).some(({ offline }) => offline),
  ).toBe(false)
})

it("systemRows names a system without a name by its id", () => {
  const [home, cabin] = account!.networks
  const networks = [
    { ...home!, name: "" },
    { ...cabin!, name: " \u0007 " },
  ]
  expect(systemRows(stateOf({ networks })).map(({ name }) => name)).toEqual(["System 11", "System 12"])
})

it("cameraRows lists the cameras of one system, or of all", () => {
  const state = sampleState()
  const [home, cabin] = systemRows(state)
  const namesOf = (system: typeof home) => cameraRows(state, system).map(({ name }) => name)
  expect(namesOf(home)).toEqual(["Porch", "Garden", "Front door"])
  expect(namesOf(cabin)).toEqual(["Desk"])
  expect(namesOf(undefined)).toEqual(["Porch", "Garden", "Front door", "Desk"])
})

it("cameraRows identifies a camera by account, kind and id", () => {
  expect(cameraRows(sampleState(), undefined).map(({ key }) => key)).toEqual([
    "1234:camera:1",
    "1234:camera:2",
    "1234:doorbell:3",
    "1234:mini:4",
  ])
})

it("cameraRows keeps the cameras of two accounts with equal ids apart", () => {
  const [home, , otherHome] = systemRows(twoAccounts)
  expect(cameraRows(twoAccounts, home).map(({ key }) => key)).toEqual([
    "1234:camera:1",
    "1234:camera:2",
    "1234:doorbell:3",
  ])
  expect(cameraRows(twoAccounts, otherHome).map(({ key }) => key)).toEqual([
    "99:camera:1",
    "99:camera:2",
    "99:doorbell:3",
  ])
  expect(new Set(cameraRows(twoAccounts, undefined).map(({ key }) => key)).size).toBe(8)
})

it("cameraRows names the system of a camera, by its id when it is not in the list", () => {
  expect(cameraRows(sampleState(), undefined).map(({ system }) => system)).toEqual([
    "Home",
    "Home",
    "Home",
    "Cabin",
  ])
  expect(cameraRows(stateOf({ networks: [] }), undefined)[0]?.system).toBe("System 11")
})

it("cameraRows names a camera without a name by kind and id", () => {
  const [porch] = account!.cameras
  expect(cameraRows(stateOf({ cameras: [{ ...porch!, name: "\u0000" }] }), undefined)[0]?.name).toBe(
    "camera 1",
  )
})

it("Rows have no control character, whatever the names are", () => {
  for (const name of hostileTexts) {
    const state = stateOf({
      networks: account!.networks.map((each) => ({ ...each, name })),
      cameras: account!.cameras.map((each) => ({ ...each, name })),
    })
    for (const row of [...systemRows(state), ...cameraRows(state, undefined)]) {
      expect(row.name).not.toMatch(unsafeCharacters)
      expect(row.name).not.toBe("")
    }
  }
})
