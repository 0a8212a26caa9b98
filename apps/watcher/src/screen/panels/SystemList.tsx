import type { ArmState } from "@blink-streams/model"
import { Text } from "ink"
import { armLabels } from "../../format/armLabels.ts"
import { fit } from "../../format/fit.ts"
import type { SystemRow } from "../../model/stateRows.ts"
import type { Theme } from "../../terminal/theme.ts"

/** `unknown` has a distinct style, so that it cannot be mistaken for `disarmed`. */
const armStyle = (state: ArmState, theme: Theme) =>
  ({
    armed: { color: theme.armed, bold: true },
    disarmed: { color: theme.good },
    arming: { color: theme.warning },
    disarming: { color: theme.warning },
    unknown: { color: theme.warning, inverse: true },
  })[state]

interface Props {
  readonly systems: ReadonlyArray<SystemRow>
  readonly selected: number
  readonly width: number
  readonly height: number
  readonly theme: Theme
}

export const SystemList = ({ systems, selected, width, height, theme }: Props) => {
  const first = Math.max(0, Math.min(selected - height + 1, systems.length - height))
  if (systems.length === 0) return <Text color={theme.muted}>{fit(" No systems yet", width)}</Text>
  return systems.slice(first, first + height).map((system, index) => {
    const isSelected = first + index === selected
    const { glyph, text } = armLabels[system.arm]
    const state = fit(`${glyph} ${text}`, Math.min(13, Math.max(0, width - 8)))
    return (
      <Text key={system.key} {...(isSelected ? { backgroundColor: theme.selected } : {})}>
        <Text color={theme.accent}>{isSelected ? "›" : " "}</Text>
        <Text bold={isSelected}>{fit(system.name, width - state.length - 4)}</Text>
        <Text color={theme.alarm}>{system.offline ? " ↓" : "  "}</Text>
        <Text {...armStyle(system.arm, theme)}>{state}</Text>{" "}
      </Text>
    )
  })
}
