import { Text } from "ink"
import { armLabels } from "../format/armLabels.ts"
import { fit } from "../format/fit.ts"
import type { ScreenModel } from "../model/ScreenModel.ts"
import { systemRows } from "../model/stateRows.ts"
import { statusBadge } from "../model/statusBadge.ts"
import type { ScreenProps } from "./ScreenProps.ts"

/** The open dialog or text field in one line, for screens too small to show it; `null` when none is open. */
const dialogText = ({ overlay }: ScreenModel): string | null => {
  if (overlay.name === "confirm") return `${overlay.question} y/n`
  if (overlay.name === "prompt")
    return `${overlay.prompt.kind === "two_factor" ? "code" : "password"}: ${"•".repeat(overlay.text.length)}▏`
  if (overlay.name === "filter") return `/${overlay.text}▏`
  return overlay.name === "command" ? `:${overlay.text}▏` : null
}

/** The smallest screen: status, arm state of the systems, and the last event in one line. */
export const StatusLine = ({ model, columns, now, theme, inProcess }: ScreenProps) => {
  const status = statusBadge(model.connection, model.state?.accounts[0], now, inProcess)
  const systems = systemRows(model.state)
    .map(({ name, arm }) => `${armLabels[arm].glyph} ${name} ${armLabels[arm].text}`)
    .join("  ")
  const last = model.feed.rows.at(-1)
  const event = last ? `${last.glyph} ${last.subjectName} ${last.text}` : ""
  return (
    <Text color={theme[status.tone]}>
      {fit(dialogText(model) ?? `${status.glyph} ${status.text}  ${systems}  ${event}`, columns - 1)}
    </Text>
  )
}
