import type { Connection } from "@blink-streams/client"
import { renderToString } from "ink"
import { expect, it } from "vitest"
import { Screen } from "../src/screen/Screen.tsx"
import { columnsOf } from "../src/format/fit.ts"
import { defaultBindings } from "../src/input/keyBindings.ts"
import {
  type ScreenModel,
  initialModel,
  moveSelection,
  selectCameraOf,
  withClientState,
  withChanges,
} from "../src/model/ScreenModel.ts"
import { themeOf } from "../src/terminal/theme.ts"
import { armCommand } from "../src/model/screenCommands.ts"
import { now, sampleEvent, sampleState } from "./fixtures.ts"

const live: Connection = { status: "live", since: "2026-11-24T14:00:00.000Z" }

const draw = (model: ScreenModel, columns: number, rows: number, control = false): string =>
  renderToString(
    <Screen
      model={model}
      columns={columns}
      rows={rows}
      now={now}
      theme={themeOf("dark", "none")}
      depth="none"
      bindings={defaultBindings}
      control={control}
      inProcess={false}
      picture={null}
    />,
    { columns },
  )

const modelWith = (home = sampleState(), connection = live): ScreenModel =>
  withClientState(initialModel(now), { state: home, connection, prompts: [] })

const busyModel = (): ScreenModel =>
  withChanges(modelWith(), [
    {
      type: "event",
      event: sampleEvent("motion", { clipId: "1", cause: "pir", durationSeconds: 12 }, { lag: 38 }),
    },
    {
      type: "event",
      event: sampleEvent(
        "motion",
        { clipId: "2", cause: "pir", durationSeconds: 9 },
        { lag: 31, seconds: 30 },
      ),
    },
    {
      type: "event",
      event: sampleEvent("arm.changed", { from: "disarmed", to: "armed", by: "external" }, { name: "Home" }),
    },
    { type: "gap", cursor: "e1:9", reason: "cursor_expired", at: "2026-11-24T14:29:00.000Z" },
    {
      type: "event",
      event: sampleEvent("battery.changed", { from: "ok", to: "low" }, { name: "Garden", replayed: true }),
    },
  ])

const sizes = [
  [200, 50],
  [120, 40],
  [80, 24],
  [60, 15],
  [40, 8],
  [39, 7],
  [20, 5],
] as const

it.each(sizes)("Screen matches its snapshot at %i×%i", async (columns, rows) => {
  await expect(`${draw(busyModel(), columns, rows)}\n`).toMatchFileSnapshot(`screens/${columns}x${rows}.txt`)
})

it.each(sizes)(
  "Screen stays within %i×%i and leaves the last cell empty when names contain control characters and wide text",
  (columns, rows) => {
    const hostile = sampleState([
      "\u001B[2J\u001B]0;owned\u0007Porch",
      "\u202Eلا👩‍👩‍👧前門",
      "x".repeat(300),
      "a\nb\tc",
    ])
    const lines = draw({ ...busyModel(), state: hostile }, columns, rows).split("\n")
    expect(lines.length).toBeLessThanOrEqual(rows)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
    expect(columnsOf(lines.at(-1)!.trimEnd())).toBeLessThan(columns)
    // oxlint-disable-next-line no-control-regex -- names must not contain any of them
    expect(lines.join("")).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/)
  },
)

it("Screen draws a system with an unknown arm state as unknown, never as disarmed", () => {
  const text = draw(busyModel(), 120, 40)
  expect(text).toContain("? Unknown")
  expect(text).not.toContain("Disarmed")
})

it("Screen shows the duration of the outage and the time of the last state when the connection is lost", () => {
  const lost: Connection = { status: "stale", since: "2026-11-24T14:27:00.000Z" }
  const [header, border] = draw(modelWith(sampleState(), lost), 120, 40).split("\n")
  expect(header).toContain("✗ Offline 3 m")
  expect(header).not.toContain("Next update")
  expect(border).toContain("as of 14:29")
})

it("Screen shows the end of throttling for a throttled account", () => {
  const home = sampleState()
  const [account] = home.accounts
  const throttled = {
    ...account!,
    budget: { callsLeft: 0, throttledUntil: "2026-11-24T14:45:00.000Z" as never },
  }
  expect(draw(modelWith({ accounts: [throttled] }), 120, 40)).toContain("Throttled until 14:45")
})

it("Screen lists the cameras of the selected system", () => {
  const below = moveSelection(modelWith(), 1)
  const text = draw(below, 120, 40)
  expect(text).toContain("2 Cameras of Cabin")
  expect(text).toContain("›Desk")
  expect(text).not.toContain("Porch")
})

it("Screen shows the hints of command keys only when commands are allowed", () => {
  expect(draw(modelWith(), 120, 40)).not.toContain("D disarm")
  expect(draw(modelWith(), 120, 40, true)).toContain("D disarm")
})

it("Screen opens a dialog for a code, masks the input, and closes it when the prompt is gone", () => {
  const prompt = {
    id: "p1",
    kind: "two_factor",
    account: sampleState().accounts[0]!.account,
    since: sampleState().accounts[0]!.asOf!,
    submitWith: "prompt.submit",
  } as const
  const asked = withClientState(busyModel(), { state: sampleState(), connection: live, prompts: [prompt] })
  expect(asked.overlay.name).toBe("prompt")
  const typed = { ...asked, overlay: { ...asked.overlay, text: "123456" } } as ScreenModel
  expect(draw(typed, 80, 24)).toContain("code: ••••••▏")
  expect(draw(typed, 80, 24)).not.toContain("123456")
  expect(withClientState(asked, { state: sampleState(), connection: live, prompts: [] }).overlay.name).toBe(
    "none",
  )
})

it.each([
  [120, 40],
  [80, 24],
  [60, 13],
])("Screen draws a confirm dialog at %i×%i that covers the panels below", (columns, rows) => {
  const wanted = armCommand(busyModel(), "disarm")
  if (!("command" in wanted)) throw new Error("no system to disarm")
  const overlay = { name: "confirm", question: "Disarm Home?", command: wanted.command } as const
  const lines = draw({ ...busyModel(), overlay }, columns, rows).split("\n")
  const top = lines.findIndex((line) => line.includes("╭─ Confirm "))
  const left = lines[top]!.indexOf("╭─ Confirm ")
  const box = lines.slice(top, top + 7).map((line) => line.slice(left, left + Math.min(64, columns)))
  expect(box.map((line) => line.slice(1, -1).trim())).toEqual([
    expect.stringMatching(/^─ Confirm ─+ esc ─$/),
    "",
    "Disarm Home?",
    "",
    "y  yes      n  no",
    "",
    expect.stringMatching(/^─+$/),
  ])
  expect(lines).toHaveLength(rows)
})

it("selectCameraOf selects the camera of an event and changes nothing without an event", () => {
  const { feed, ...model } = busyModel()
  const desk = sampleEvent("motion", { clipId: "9", cause: "pir" })
  const there = { account: 1234, network: 12, camera: 4, kind: "mini", name: "Desk" } as never
  const next = withChanges({ ...model, feed }, [{ type: "event", event: { ...desk, subject: there } }])
  expect(draw(selectCameraOf(next, next.feed.rows.at(-1)), 120, 40)).toContain("›Desk")
  expect(selectCameraOf(next, undefined)).toBe(next)
})

it("Screen asks for confirmation in its only line when the terminal is too small for a dialog", () => {
  const overlay = {
    name: "confirm",
    question: "Disarm Home?",
    command: { name: "disarm", target: {}, label: "disarm Home" },
  } as const
  expect(draw({ ...busyModel(), overlay }, 30, 5)).toContain("Disarm Home? y/n")
})

it("Screen shows a hint for a postponed sign-in until it is done", () => {
  const [account] = sampleState().accounts
  const prompt = {
    id: "p1",
    kind: "reauth",
    account: account!.account,
    since: account!.asOf!,
    submitWith: "prompt.submit",
  } as const
  const asked = withClientState(busyModel(), { state: sampleState(), connection: live, prompts: [prompt] })
  const later: ScreenModel = { ...asked, overlay: { name: "none" } }
  expect(draw(later, 80, 24)).toContain("Sign-in required: press enter")
})

it("Events from before the screen was opened are acknowledged rows", () => {
  const old = { ...sampleEvent("motion", { clipId: "1", cause: "pir" }, { replayed: true }), seen: true }
  const [row] = withChanges(modelWith(), [{ type: "event", event: old }]).feed.rows
  expect(row).toMatchObject({ acknowledged: true, replayed: true })
})

it.each(["help", "health", "log", "detail", "clips"] as const)(
  "Screen draws the %s overlay",
  async (name) => {
    await expect(`${draw({ ...busyModel(), overlay: { name } }, 100, 30)}\n`).toMatchFileSnapshot(
      `screens/${name}.txt`,
    )
  },
)
