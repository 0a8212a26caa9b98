import { Box } from "ink"
import { coversPanels, selectedSystem, visibleCameras } from "../model/ScreenModel.ts"
import { systemRows } from "../model/stateRows.ts"
import type { Theme } from "../terminal/theme.ts"
import { Dialog } from "./Dialog.tsx"
import { FullOverlay } from "./FullOverlay.tsx"
import { Header } from "./Header.tsx"
import { HintLine } from "./HintLine.tsx"
import { computeLayout } from "./layout.ts"
import { Panels } from "./panels/Panels.tsx"
import type { ScreenProps } from "./ScreenProps.ts"
import { StatusLine } from "./StatusLine.tsx"

/** Theme in one muted colour for a state that is no longer updated. */
const dimmed = (theme: Theme): Theme => {
  const { muted, border } = theme
  return {
    ...theme,
    accent: muted,
    good: muted,
    warning: muted,
    alarm: muted,
    armed: muted,
    border,
  }
}

/** The whole screen as a pure function of its properties. */
export const Screen = (props: ScreenProps) => {
  const { model, columns, rows, now, control, inProcess, bindings } = props
  const layout = computeLayout(
    columns,
    rows,
    { systems: systemRows(model.state).length, cameras: visibleCameras(model).length },
    model.isWide,
  )
  if (layout.mode === "line") return <StatusLine {...props} />
  const stale =
    model.connection.status !== "live" || model.state?.accounts.some((account) => account.stale) === true
  const theme = stale ? dimmed(props.theme) : props.theme
  const account = model.state?.accounts.find((each) => each.account === selectedSystem(model)?.account)
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header
        connection={model.connection}
        account={account ?? model.state?.accounts[0]}
        accounts={model.state?.accounts.length ?? 0}
        inProcess={inProcess}
        control={control}
        now={now}
        width={columns}
        theme={props.theme}
      />
      {coversPanels(model.overlay) ? (
        <FullOverlay {...props} width={columns} height={rows - 2} />
      ) : (
        <Panels {...props} theme={theme} layout={layout} stale={stale} />
      )}
      <HintLine
        model={model}
        bindings={bindings}
        control={control}
        now={now}
        width={columns - 1}
        theme={props.theme}
      />
      <Dialog {...props} />
    </Box>
  )
}
