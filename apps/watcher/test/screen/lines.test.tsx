import type { Connection } from "@blink-streams/client"
import type { AccountState } from "@blink-streams/model"
import { renderToString } from "ink"
import type { ReactNode } from "react"
import { describe, expect, it } from "vitest"
import { columnsOf } from "../../src/format/fit.ts"
import { defaultBindings } from "../../src/input/keyBindings.ts"
import { type ScreenModel, initialModel, withClientState } from "../../src/model/ScreenModel.ts"
import { cameraRows, systemRows } from "../../src/model/stateRows.ts"
import { Header } from "../../src/screen/Header.tsx"
import { HintLine } from "../../src/screen/HintLine.tsx"
import { CameraList } from "../../src/screen/panels/CameraList.tsx"
import { SystemList } from "../../src/screen/panels/SystemList.tsx"
import { StatusLine } from "../../src/screen/StatusLine.tsx"
import { themeOf } from "../../src/terminal/theme.ts"
import { now, sampleState } from "../fixtures.ts"
import { hostileTexts, unsafeCharacters } from "../texts.ts"

const live: Connection = { status: "live", since: "2026-11-24T14:00:00.000Z" }
const theme = themeOf("dark", "none")
const [account] = sampleState().accounts
const model = withClientState(initialModel(now), { state: sampleState(), connection: live, prompts: [] })
const draw = (element: ReactNode, columns: number): string => renderToString(element, { columns })

describe("Header", () => {
  const header = (width: number, changes: Partial<Parameters<typeof Header>[0]> = {}): string =>
    draw(
      <Header
        connection={live}
        account={account}
        accounts={1}
        inProcess={false}
        control={false}
        now={now}
        width={width}
        theme={theme}
        {...changes}
      />,
      width,
    )

  it("Header shows status, age, countdown, account, requests and mode when there is room", () => {
    expect(header(140)).toBe(
      " blink-streams  ● Live  Updated 12 s ago · Next update in 48 s · Account 1234 · 214 requests left this hour · Read-only",
    )
  })

  it("Header shortens, then drops items from the end, and never exceeds its width", () => {
    for (let width = 20; width <= 140; width++) {
      const line = header(width)
      expect(columnsOf(line), line).toBeLessThanOrEqual(width)
      expect(line).toContain("● Live")
    }
    expect(header(100)).toContain("214 requests left")
    expect(header(60)).not.toContain("requests")
  })

  it("Header shows the number of accounts instead of the id when there are several, and the mode", () => {
    expect(header(120, { accounts: 3, control: true })).toMatch(/3 accounts .* Control$/)
  })

  it("Header shows no countdown while the connection is lost", () => {
    const lost = header(120, { connection: { ...live, status: "stale" } })
    expect(lost).toContain("✗ Offline 30 m")
    expect(lost).not.toContain("Next update")
  })
})

describe("HintLine", () => {
  const hint = (changes: Partial<ScreenModel>, width = 79, control = false): string =>
    draw(
      <HintLine
        model={{ ...model, ...changes }}
        bindings={defaultBindings}
        control={control}
        now={now}
        width={width}
        theme={theme}
      />,
      width,
    )

  it("HintLine shows the hints that fit", () => {
    expect(hint({}).trim()).toBe("? help  q quit  / filter  p pause  E health  L log")
    expect(hint({}, 20).trim()).toBe("? help  q quit")
    for (let width = 8; width < 90; width++)
      expect(columnsOf(hint({}, width, true))).toBeLessThanOrEqual(width)
  })

  it.each([
    ["filter", "/porch▏"],
    ["command", ":porch▏"],
  ] as const)("HintLine shows the text field of %s", (name, text) => {
    expect(hint({ overlay: { name, text: "porch" } }).trimEnd()).toBe(text)
  })

  it("HintLine shows a message for 30 s", () => {
    const message = { text: "Copied 1", tone: "good" } as const
    expect(hint({ message: { ...message, at: now - 29_999 } })).toContain("Copied 1")
    expect(hint({ message: { ...message, at: now - 30_000 } })).not.toContain("Copied 1")
  })
})

describe("Lists", () => {
  const systems = systemRows(sampleState())
  const cameras = cameraRows(sampleState(), undefined)

  it.each(["armed", "disarmed", "arming", "disarming", "unknown"] as const)(
    "SystemList shows the arm state %s by its word, also without colours",
    (arm) => {
      const text = draw(
        <SystemList systems={[{ ...systems[0]!, arm }]} selected={0} width={40} height={3} theme={theme} />,
        40,
      )
      expect(text.toLowerCase()).toMatch(new RegExp(`\\b${arm}\\b`))
    },
  )

  it("SystemList and CameraList scroll to the selected row", () => {
    const many = Array.from({ length: 20 }, (_, index) => ({
      ...systems[0]!,
      key: `${index}`,
      name: `System ${index}`,
    }))
    const text = draw(<SystemList systems={many} selected={12} width={40} height={5} theme={theme} />, 40)
    expect(text).toContain("›System 12")
    expect(text.split("\n")).toHaveLength(5)
    const list = draw(
      <CameraList cameras={cameras} selected={3} width={60} height={3} now={now} theme={theme} />,
      60,
    )
    expect(list).toContain("›Desk")
    expect(list.split("\n")).toHaveLength(3)
  })

  it("CameraList shows an offline camera and unknown values as such", () => {
    const [porch] = cameras
    const row = {
      ...porch!,
      camera: { ...porch!.camera, online: "offline", detection: "unknown", battery: "unknown" } as const,
    }
    const text = draw(
      <CameraList cameras={[row]} selected={0} width={80} height={3} now={now} theme={theme} />,
      80,
    )
    expect(text).toContain("↓ Porch (offline)")
    expect(text).toMatch(/\(offline\) +\? +3 m +\? /)
    expect(text).not.toMatch(/○ off|▮/)
  })

  it("SystemList shows that there are no systems yet", () => {
    expect(draw(<SystemList systems={[]} selected={0} width={40} height={3} theme={theme} />, 40)).toContain(
      "No systems yet",
    )
  })
})

describe("StatusLine", () => {
  const line = (changes: Partial<ScreenModel>, columns = 60): string =>
    draw(
      <StatusLine
        model={{ ...model, ...changes }}
        columns={columns}
        rows={4}
        now={now}
        theme={theme}
        depth="none"
        bindings={defaultBindings}
        control={false}
        inProcess={false}
        picture={null}
      />,
      columns,
    )
  const stateWith = (changes: Partial<AccountState>) => ({ accounts: [{ ...account!, ...changes }] })

  it("StatusLine shows status and arm states, an unknown one as unknown", () => {
    expect(line({})).toContain("● Live  ■ Home Armed  ? Cabin Unknown")
    expect(line({ state: stateWith({ stale: true }) })).toContain("◌ Stale 12 s")
  })

  it("StatusLine passes no control character on and leaves the last cell empty, whatever the names are", () => {
    for (const name of hostileTexts.slice(0, 120)) {
      const text = line(
        { state: stateWith({ networks: account!.networks.map((each) => ({ ...each, name })) }) },
        38,
      )
      expect(text).not.toMatch(unsafeCharacters)
      expect(columnsOf(text.trimEnd())).toBeLessThan(38)
    }
  })
})
