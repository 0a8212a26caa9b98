import type { Client } from "@blink-streams/client"
import type { HttpClient } from "@blink-streams/client/http"
import { type ColourDepth, chalkLevel, colourDepth } from "./terminal/colourDepth.ts"
import type { Binding } from "./input/keyBindings.ts"
import { queryTerminal } from "./pictures/queryTerminal.ts"
import { pictureProtocol } from "./pictures/pictureProtocol.ts"
import { openClip } from "./openClip.ts"
import { makeScreenStore, type ScreenHistory } from "./model/ScreenStore.ts"
import { type ThemeName, guessTheme, themeOf } from "./terminal/theme.ts"

export interface ScreenOptions {
  readonly client: Client
  /** Serves pictures and clips. */
  readonly http: HttpClient
  readonly history: ScreenHistory
  readonly bindings: ReadonlyArray<Binding>
  /** Allows commands; without it the screen is read-only. */
  readonly control: boolean
  /** This process polls the cloud itself; there is no separate broadcaster. */
  readonly inProcess: boolean
}

export interface Appearance {
  readonly colour: string | boolean | undefined
  readonly theme: ThemeName | undefined
  readonly images: string | false | undefined
}

/** Runs the full-screen view until the user quits. The terminal is restored before it resolves or rejects. */
export type WatchScreen = (options: ScreenOptions) => Promise<void>

/** Detects the capabilities of the terminal and loads the renderer. */
export const prepareScreen = async (appearance: Appearance): Promise<WatchScreen> => {
  const depth: ColourDepth = colourDepth({
    flag: appearance.colour,
    environment: process.env,
    isTerminal: true,
  })
  const protocol = await pictureProtocol({
    flag: appearance.images,
    environment: process.env,
    depth,
    query: queryTerminal,
  })
  // Ink uses chalk, which reads this variable once, when it is loaded.
  process.env["FORCE_COLOR"] = chalkLevel[depth]
  // React runs its development checks unless this says production.
  process.env["NODE_ENV"] ??= "production"
  const [{ render }, { createElement }, { App }] = await Promise.all([
    import("ink"),
    import("react"),
    import("./screen/App.tsx"),
  ])
  return async (options) => {
    const { client, http, bindings, control, inProcess } = options
    const store = makeScreenStore(client, options.history)
    const app = render(
      createElement(App, {
        store,
        bindings,
        control,
        inProcess,
        theme: themeOf(appearance.theme ?? guessTheme(process.env), depth),
        depth,
        protocol,
        fetchPicture: (path, signal) => http.media(path, { signal }),
        play: (clip) => openClip(http, clip),
      }),
      {
        alternateScreen: true,
        incrementalRendering: true,
        maxFps: 10,
        exitOnCtrlC: false,
        interactive: true,
      },
    )
    // The stack trace is written after the alternate screen is closed, or it would disappear with it.
    const onCrash = (error: unknown): void => {
      app.unmount()
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(2)
    }
    process.once("uncaughtException", onCrash).once("unhandledRejection", onCrash)
    try {
      await app.waitUntilExit()
    } finally {
      process.off("uncaughtException", onCrash).off("unhandledRejection", onCrash)
      store.close()
      app.cleanup()
    }
  }
}
