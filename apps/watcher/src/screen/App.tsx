import { useApp, useInput, useStdout, useWindowSize } from "ink"
import { useLayoutEffect, useState, useSyncExternalStore } from "react"
import type { ColourDepth } from "../terminal/colourDepth.ts"
import type { Binding } from "../input/keyBindings.ts"
import { computeLayout, overlayPictureArea, panelPictureArea } from "./layout.ts"
import type { PictureProtocol } from "../pictures/pictureProtocol.ts"
import { type ScreenActions, handleInput } from "../input/handleKey.ts"
import { coversPanels, selectedCamera, visibleCameras } from "../model/ScreenModel.ts"
import type { ScreenStore } from "../model/ScreenStore.ts"
import { systemRows } from "../model/stateRows.ts"
import type { Theme } from "../terminal/theme.ts"
import { useNow } from "./useNow.ts"
import { type FetchPicture, usePicture } from "../pictures/usePicture.ts"
import { Screen } from "./Screen.tsx"

export interface AppProps {
  readonly store: ScreenStore
  readonly bindings: ReadonlyArray<Binding>
  readonly control: boolean
  readonly inProcess: boolean
  readonly theme: Theme
  readonly depth: ColourDepth
  readonly protocol: PictureProtocol
  readonly fetchPicture: FetchPicture
  readonly play: ScreenActions["play"]
}

/** Maximum age of times and countdowns on an idle screen. A frame per second would cost about 1 % CPU. */
const idleFrameMillis = 5_000

/** Root component: provides clock, keys, terminal size and pictures; `Screen` draws them. */
export const App = (props: AppProps) => {
  const { store, bindings, control, inProcess, theme, depth, protocol, fetchPicture, play } = props
  const model = useSyncExternalStore(store.subscribe, store.model)
  const now = useNow(idleFrameMillis)
  const { columns, rows } = useWindowSize()
  const { exit, suspendTerminal } = useApp()
  const { stdout } = useStdout()
  const [resumeCount, setResumeCount] = useState(0)

  const layout = computeLayout(
    columns,
    rows,
    { systems: systemRows(model.state).length, cameras: visibleCameras(model).length },
    model.isWide,
  )
  const isOpen = model.overlay.name === "detail"
  const pictureArea = isOpen ? overlayPictureArea(columns, rows) : panelPictureArea(layout)
  const isShown = isOpen || (!coversPanels(model.overlay) && layout.detail.height > 0)
  // A dialog covers text but not pixels.
  const hasDialog = model.overlay.name === "confirm" || model.overlay.name === "prompt"
  const picture = usePicture({
    url: isShown ? (selectedCamera(model)?.camera.thumbnail?.url ?? null) : null,
    available: { columns: Math.min(80, pictureArea.columns), rows: Math.min(24, pictureArea.rows) },
    protocol,
    depth,
    fetchPicture,
  })

  // Pixels are drawn over the text of ink: after its frame, and removed before the next one, hence a layout effect.
  // `resumeCount` redraws them after Ctrl-Z and fg, when the terminal is empty.
  useLayoutEffect(() => {
    if (!picture || picture.pixels === "" || !isShown || hasDialog) return undefined
    const at = (drawing: string): string =>
      `\u001B7\u001B[${pictureArea.row};${pictureArea.column}H${drawing}\u001B8`
    const timer = setTimeout(() => stdout.write(at(picture.pixels)), 150)
    return () => {
      clearTimeout(timer)
      stdout.write(at(picture.clear))
    }
  }, [picture, isShown, hasDialog, pictureArea.row, pictureArea.column, resumeCount, stdout])

  useInput((input, key) => {
    if (key.ctrl && input === "c") return exit()
    if (key.ctrl && input === "z") {
      void suspendTerminal(async () => {
        const resumed = new Promise((resolve) => process.once("SIGCONT", resolve))
        process.kill(process.pid, "SIGTSTP")
        await resumed
      }).then(() => setResumeCount((count) => count + 1))
      return
    }
    handleInput(
      {
        store,
        bindings,
        control,
        now: Date.now,
        quit: exit,
        // OSC 52 sets the clipboard, also over ssh.
        copy: (text) => stdout.write(`\u001B]52;c;${Buffer.from(text).toString("base64")}\u0007`),
        play,
      },
      input,
      key,
    )
  })

  return (
    <Screen
      model={model}
      columns={columns}
      rows={rows}
      now={now}
      theme={theme}
      depth={depth}
      bindings={bindings}
      control={control}
      inProcess={inProcess}
      picture={picture}
    />
  )
}
