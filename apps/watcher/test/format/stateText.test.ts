import type { BlinkState } from "@blink-streams/model"
import { expect, it } from "vitest"
import { columnsOf } from "../../src/format/fit.ts"
import { stateText } from "../../src/format/stateText.ts"
import { now, sampleState } from "../fixtures.ts"
import { hostileTexts, unsafeCharacters } from "../texts.ts"

type Account = BlinkState["accounts"][number]

const [account] = sampleState().accounts
const textOf = (changes: Partial<Account> = {}, ...others: ReadonlyArray<Account>): string =>
  stateText({ accounts: [{ ...account!, ...changes }, ...others] }, now)

it("stateText shows the account, each system and a table of its cameras", () => {
  expect(textOf().split("\n")).toEqual([
    "Account 1234: session active, updated 12 s ago",
    "",
    "■ Home  Armed (as of 12 s ago)",
    "  camera      motion   last  battery  signal  temp   picture",
    "  Porch       on       3 m   ▮▮▮ ok   ▁▃▅▆·   21 °C  12 m",
    "  Garden      off      –     ▮▯▯ low  ▁▃▅▆·   21 °C  12 m",
    "  Front door  offline  3 m   ▮▮▮ ok   –       21 °C  12 m",
    "",
    "? Cabin  Unknown",
    "  camera  motion  last  battery  signal  temp  picture",
    "  Desk    on      3 m   mains    ▁▃▅▆·   –     12 m",
  ])
})

it("stateText shows an unknown arm state as unknown, never as disarmed", () => {
  const text = textOf({
    networks: account!.networks.map((each) => ({ ...each, arm: { state: "unknown", asOf: null } })),
  })
  expect(text).toContain("? Home  Unknown")
  expect(text).not.toMatch(/disarmed/i)
})

it.each([
  ["armed", "■ Home  Armed"],
  ["disarmed", "□ Home  Disarmed"],
  ["arming", "◧ Home  Arming"],
  ["disarming", "◨ Home  Disarming"],
] as const)("stateText shows the arm state %s with its glyph", (state, line) => {
  const [home, ...others] = account!.networks
  expect(textOf({ networks: [{ ...home!, arm: { state, asOf: null } }, ...others] })).toContain(`\n${line}\n`)
})

it("stateText marks a stale account and one that was not updated yet", () => {
  expect(textOf({ stale: true })).toContain("updated 12 s ago, stale\n")
  expect(textOf({ asOf: null })).toContain("Account 1234: session active, not updated yet\n")
})

it("stateText shows the state of the session in words", () => {
  expect(textOf({ session: { state: "awaiting_pin" } })).toContain("session awaiting pin")
  expect(textOf({ session: { state: "signed_out" } })).toContain("session signed out")
})

it("stateText marks a system whose sync module is offline", () => {
  const [hub] = account!.syncModules
  expect(textOf({ syncModules: [{ ...hub!, online: "offline" }] })).toContain(
    "■ Home  Armed (as of 12 s ago), sync module offline",
  )
  expect(textOf({ syncModules: [{ ...hub!, online: "unknown" }] })).not.toContain("offline\n\n")
})

it("stateText shows detection that is not known as unknown", () => {
  const [porch] = account!.cameras
  expect(textOf({ cameras: [{ ...porch!, detection: "unknown" }] })).toMatch(/ {2}Porch +unknown /)
})

it("stateText uses the signal to the sync module when there is none to the router", () => {
  const [porch] = account!.cameras
  expect(textOf({ cameras: [{ ...porch!, wifiBars: null, hubBars: 2 }] })).toContain("▁▃···")
})

it("stateText names every account", () => {
  const other = { ...account!, account: 99 as Account["account"], networks: [], cameras: [], syncModules: [] }
  expect(textOf({}, other).split("\n").slice(0, 2)).toEqual([
    "Account 1234: session active, updated 12 s ago",
    "Account 99: session active, updated 12 s ago",
  ])
})

it("stateText is empty without an account", () => {
  expect(stateText({ accounts: [] }, now)).toBe("")
})

it("stateText aligns its columns and passes no control character on, whatever the names are", () => {
  for (let at = 0; at + 4 <= 200; at += 4) {
    const text = stateText(sampleState(hostileTexts.slice(at, at + 4)), now)
    expect(text.replaceAll("\n", "")).not.toMatch(unsafeCharacters)
    const lines = text.split("\n")
    const top = lines.findIndex((line) => line.startsWith("  camera"))
    const column = columnsOf(lines[top]!.slice(0, lines[top]!.indexOf("battery")))
    for (const line of lines.slice(top + 1, top + 4)) {
      const before = line.split(/▮|mains/)[0] ?? ""
      expect(columnsOf(before), line).toBe(column)
    }
  }
})
