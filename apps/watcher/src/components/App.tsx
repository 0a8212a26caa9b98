import { useApp, useInput, useStdout, useWindowSize } from "ink"
import { useLayoutEffect, useState, useSyncExternalStore } from "react"
import type { ColourDepth } from "../colourDepth.ts"
import type { Binding } from "../keys.ts"
import { layoutOf, placeInOverlay, placeInPanel } from "../layout.ts"
import type { PictureProtocol } from "../pictures/pictureProtocol.ts"
import { type Hands, pressAll } from "../press.ts"
import { coversPanels, selectedCamera, visibleCameras } from "../ScreenModel.ts"
import type { ScreenStore } from "../ScreenStore.ts"
import { systemRows } from "../homeView.ts"
import type { Theme } from "../theme.ts"
import { useNow } from "../useNow.ts"
import { type FetchPicture, usePicture } from "../usePicture.ts"
import { Screen } from "./Screen.tsx"

export interface AppProps {
  readonly store: ScreenStore
  readonly bindings: ReadonlyArray<Binding>
  readonly control: boolean
  readonly direct: boolean
  readonly theme: Theme
  readonly depth: ColourDepth
  readonly protocol: PictureProtocol
  readonly fetchPicture: FetchPicture
  readonly play: Hands["play"]
}

/** Milliseconds. Ages and the countdown lag by this much at most while nothing happens: a frame a second costs a percent. */
const idleFrame = 5_000

/** Clock, keys, size and pictures of the screen; what is drawn is `Screen`'s. */
export const App = (props: AppProps) => {
  const { store, bindings, control, direct, theme, depth, protocol, fetchPicture, play } = props
  const model = useSyncExternalStore(store.subscribe, store.model)
  const now = useNow(idleFrame)
  const { columns, rows } = useWindowSize()
  const { exit, suspendTerminal } = useApp()
  const { stdout } = useStdout()
  const [entered, enterAgain] = useState(0)

  const layout = layoutOf(
    columns,
    rows,
    { systems: systemRows(model.home).length, cameras: visibleCameras(model).length },
    model.wide,
  )
  const isOpen = model.overlay.name === "detail"
  const place = isOpen ? placeInOverlay(columns, rows) : placeInPanel(layout)
  const isShown = isOpen || (!coversPanels(model.overlay) && layout.detail.height > 0)
  // A question stands over the panels; text gives way to it, pixels would not.
  const isAsked = model.overlay.name === "confirm" || model.overlay.name === "pin"
  const picture = usePicture({
    url: isShown ? (selectedCamera(model)?.camera.thumbnail?.url ?? null) : null,
    room: { columns: Math.min(80, place.columns), rows: Math.min(24, place.rows) },
    protocol,
    depth,
    fetchPicture,
  })

  // Pixels lie over the text that ink writes: put there after its frame, and taken away before the next one, which is
  // why this is an effect of the layout. A terminal that was left for a shell and entered again is empty.
  useLayoutEffect(() => {
    if (!picture || picture.pixels === "" || !isShown || isAsked) return undefined
    const at = (drawing: string): string => `\u001B7\u001B[${place.row};${place.column}H${drawing}\u001B8`
    const timer = setTimeout(() => stdout.write(at(picture.pixels)), 150)
    return () => {
      clearTimeout(timer)
      stdout.write(at(picture.clear))
    }
  }, [picture, isShown, isAsked, place.row, place.column, entered, stdout])

  useInput((input, key) => {
    if (key.ctrl && input === "c") return exit()
    if (key.ctrl && input === "z") {
      void suspendTerminal(async () => {
        const resumed = new Promise((resolve) => process.once("SIGCONT", resolve))
        process.kill(process.pid, "SIGTSTP")
        await resumed
      }).then(() => enterAgain((count) => count + 1))
      return
    }
    pressAll(
      {
        store,
        bindings,
        control,
        now: Date.now,
        quit: exit,
        // OSC 52: the terminal puts it on the clipboard, also over ssh.
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
      direct={direct}
      picture={picture}
    />
  )
}
