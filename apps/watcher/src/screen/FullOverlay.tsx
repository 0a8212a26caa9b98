import { type ScreenModel, selectedCamera } from "../model/ScreenModel.ts"
import { clipRows, recentRows } from "../model/cameraEvents.ts"
import { isPictureBeside } from "./layout.ts"
import { ClipList, CommandLog, Health, Help } from "./overlays.tsx"
import { CameraDetail } from "./panels/CameraDetail.tsx"
import { Panel } from "./panels/Panel.tsx"
import type { ScreenProps } from "./ScreenProps.ts"

const overlayTitle = (model: ScreenModel): string => {
  switch (model.overlay.name) {
    case "help":
      return "Keys"
    case "health":
      return "5 Health"
    case "log":
      return "Commands"
    case "clips":
      return `Clips of ${selectedCamera(model)?.name ?? "all cameras"}`
    default:
      return selectedCamera(model)?.name ?? "Detail"
  }
}

/** Overlay that replaces the panels: help, health, command log, clips or one camera. */
export const FullOverlay = (props: ScreenProps & { readonly width: number; readonly height: number }) => {
  const { model, theme, now, bindings, picture, width, height } = props
  const content = { width: width - 2, height: height - 2, theme }
  const { overlay } = model
  const camera = selectedCamera(model)
  return (
    <Panel title={overlayTitle(model)} note="esc" width={width} height={height} focused theme={theme}>
      {overlay.name === "help" && <Help {...content} bindings={bindings} />}
      {overlay.name === "health" && <Health {...content} accounts={model.state?.accounts ?? []} now={now} />}
      {overlay.name === "log" && <CommandLog {...content} entries={model.commandLog} />}
      {overlay.name === "clips" && <ClipList {...content} rows={clipRows(model)} selected={model.scroll} />}
      {overlay.name === "detail" && camera !== undefined && (
        <CameraDetail
          row={camera}
          picture={picture?.lines ?? []}
          recent={recentRows(model, camera)}
          pictureBeside={isPictureBeside(width)}
          now={now}
          {...content}
        />
      )}
    </Panel>
  )
}
