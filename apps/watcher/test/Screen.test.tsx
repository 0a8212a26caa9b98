import { renderToString } from "ink"
import { expect, it } from "vitest"
import { Screen } from "../src/components/Screen.tsx"
import { defaultBindings } from "../src/keys.ts"
import { type ScreenModel, initialModel, withHome, withNews } from "../src/ScreenModel.ts"
import { themeOf } from "../src/theme.ts"
import { now, someEvent, someHome } from "./home.ts"

const live = { status: "live", since: "2026-11-24T14:00:00.000Z" } as const

export const draw = (model: ScreenModel, columns: number, rows: number): string =>
  renderToString(
    <Screen
      model={model}
      columns={columns}
      rows={rows}
      now={now}
      theme={themeOf("dark", "none")}
      depth="none"
      bindings={defaultBindings}
      control={false}
      direct={false}
      picture={null}
    />,
    { columns },
  )

it("x", () => {
  let model = withHome(initialModel(now), { home: someHome(), connection: live, prompts: [] })
  model = withNews(model, [
    {
      type: "event",
      event: someEvent("motion", { clipId: "1", cause: "pir", durationSeconds: 12 }, { lag: 38 }),
    },
    {
      type: "event",
      event: someEvent(
        "motion",
        { clipId: "2", cause: "pir", durationSeconds: 12 },
        { lag: 31, seconds: 30 },
      ),
    },
    {
      type: "event",
      event: someEvent("arm.changed", { from: "disarmed", to: "armed", by: "someone" }, { name: "Home" }),
    },
    { type: "gap", from: 3, to: 9, reason: "cursor_expired", at: "2026-11-24T14:29:00.000Z" },
    { type: "event", event: someEvent("battery.changed", { from: "ok", to: "low" }, { name: "Garden" }) },
  ])
  for (const [c, r] of [
    [120, 40],
    [200, 50],
    [80, 24],
    [60, 15],
    [50, 12],
    [39, 7],
  ] as const)
    console.log(c, r, `\n${draw(model, c, r)}|`)
  expect(1).toBe(1)
})
