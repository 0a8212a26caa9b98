import { useApp, useInput, useStdout, useWindowSize } from "ink"
import { useEffect, useSyncExternalStore } from "react"
import type { ColourDepth } from "../colourDepth.ts"
import type { Binding } from "../keys.ts"
import { layoutOf } from "../layout.ts"
import type { PictureProtocol } from "../pictures/pictureProtocol.ts"
import { pressAll } from "../press.ts"
import { selectedCamera, visibleCameras } from "../ScreenModel.ts"
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
  readonly play: (clip: string) => void
}

/** Milliseconds. Ages and the countdown lag by this much at most while nothing happens: a frame a second costs a percent. */
const idleFrame = 5_000
/** The facts under a picture in the detail, with its note. */
const factRows = 13

/** Clock, keys, size and pictures of the screen; what is drawn is `Screen`'s. */
export const App = (props: AppProps) => {
  const { store, bindings, control, direct, theme, depth, protocol, fetchPicture, play } = props
  const model = useSyncExternalStore(store.subscribe, store.model)
  const now = useNow(idleFrame)
  const { columns, rows } = useWindowSize()
  const { exit, suspendTerminal } = useApp()
  const { stdout } = useStdout()

  const layout = layoutOf(
    columns,
    rows,
    { systems: systemRows(model.home).length, cameras: visibleCameras(model).length },
    model.wide,
  )
  const isOpen = model.overlay.name === "detail"
  const place = isOpen
    ? { column: 2, row: 3, columns: columns - 2, rows: rows - 4 - factRows }
    : {
        column: layout.systems.width + layout.cameras.width + 2,
        row: 3,
        columns: layout.detail.width - 2,
        rows: layout.detail.height - 2 - factRows,
      }
  const isShown = isOpen || (model.overlay.name === "none" && layout.detail.height > 0)
  const picture = usePicture({
    url: isShown ? (selectedCamera(model)?.camera.thumbnail?.url ?? null) : null,
    room: { columns: Math.min(80, place.columns), rows: Math.min(24, place.rows) },
    protocol,
    depth,
    fetchPicture,
  })

  // Pixels lie over the text that ink writes: put there after its frame, taken away before the next place.
  useEffect(() => {
    if (!picture || picture.pixels === "" || !isShown) return undefined
    const timer = setTimeout(
      () => stdout.write(`\u001B7\u001B[${place.row};${place.column}H${picture.pixels}\u001B8`),
      150,
    )
    return () => {
      clearTimeout(timer)
      stdout.write(picture.clear)
    }
  }, [picture, isShown, place.row, place.column, stdout])

  useInput((input, key) => {
    if (key.ctrl && input === "c") return exit()
    if (key.ctrl && input === "z") {
      void suspendTerminal(async () => {
        const resumed = new Promise((resolve) => process.once("SIGCONT", resolve))
        process.kill(process.pid, "SIGTSTP")
        await resumed
      })
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
