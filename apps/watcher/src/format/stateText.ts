import type { BlinkState } from "@blink-streams/model"
import { barsText, batteryText } from "./cameraText.ts"
import { armLabels } from "./armLabels.ts"
import { columnsOf, fit } from "./fit.ts"
import { sessionStateText } from "./sessionStateText.ts"
import { type SystemRow, cameraRows, systemRows } from "../model/stateRows.ts"
import { ageText } from "./times.ts"

/** Formats rows as lines; each column is as wide as its widest cell, at most 40 columns. */
const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? "")))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => fit(cell, Math.min(40, widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  )
}

const systemLines = (state: BlinkState, system: SystemRow, now: number): ReadonlyArray<string> => {
  const { glyph, text } = armLabels[system.arm]
  const asOf = system.asOf === null ? "" : ` (as of ${ageText(system.asOf, now)} ago)`
  return [
    `${glyph} ${system.name}  ${text}${asOf}${system.offline ? ", sync module offline" : ""}`,
    ...table([
      ["  camera", "motion", "last", "battery", "signal", "temp", "picture"],
      ...cameraRows(state, system).map(({ name, camera }) => [
        `  ${name}`,
        camera.online === "offline" ? "offline" : camera.detection,
        ageText(camera.lastMotionAt, now),
        batteryText(camera),
        barsText(camera.wifiBars ?? camera.hubBars),
        camera.temperature === null ? "–" : `${camera.temperature.celsius.toFixed(0)} °C`,
        ageText(camera.thumbnail?.takenAt ?? null, now),
      ]),
    ]),
  ]
}

/** The state of every account as text tables. */
export const stateText = (state: BlinkState, now: number): string => {
  const lines = state.accounts.map(
    ({ account, asOf, stale, session }) =>
      `Account ${account}: session ${sessionStateText(session.state)}, ${asOf === null ? "not updated yet" : `updated ${ageText(asOf, now)} ago`}${stale ? ", stale" : ""}`,
  )
  for (const system of systemRows(state)) lines.push("", ...systemLines(state, system, now))
  return lines.join("\n")
}
