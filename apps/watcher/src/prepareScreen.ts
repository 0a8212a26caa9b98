import type { Client, Cursor } from "@blink-streams/client"
import { type ColourDepth, chalkLevel, colourDepth } from "./terminal/colourDepth.ts"
import type { Binding } from "./input/keyBindings.ts"
import { queryTerminal } from "./pictures/queryTerminal.ts"
import { pictureProtocol } from "./pictures/pictureProtocol.ts"
import { httpUrl } from "./http/httpUrl.ts"
import type { Broadcaster } from "./http/logReader.ts"
import { openClip } from "./http/openClip.ts"
import { makeScreenStore } from "./model/ScreenStore.ts"
import { type ThemeName, guessTheme, themeOf } from "./terminal/theme.ts"

export interface ScreenOptions {
  readonly client: Client
  /** Where pictures and clips are. */
  readonly broadcaster: Broadcaster
  /** Where the log ended when the screen was opened; `null` when it begins with nothing before. */
  readonly openedAt: Cursor | null
  readonly bindings: ReadonlyArray<Binding>
  /** Without it nothing in the home can be changed from here. */
  readonly control: boolean
  /** The cloud is asked by this very process. */
  readonly inProcess: boolean
}

export interface Appearance {
  readonly colour: string | boolean | undefined
  readonly theme: ThemeName | undefined
  readonly images: string | false | undefined
}

/** Draws the home full-screen until the user quits; the terminal is as before when it resolves or rejects. */
export type WatchScreen = (options: ScreenOptions) => Promise<void>

/**
 * Finds out what the terminal can do and loads what draws on it. All that takes time is done here, before there is a
 * connection: the screen listens from the first moment of it on, and misses no event.
 */
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
  // Ink's colours come from chalk, which reads this once, while it is loaded.
  process.env["FORCE_COLOR"] = chalkLevel[depth]
  // React checks itself at every step unless it is told that this is no development.
  process.env["NODE_ENV"] ??= "production"
  const [{ render }, { createElement }, { App }] = await Promise.all([
    import("ink"),
    import("react"),
    import("./screen/App.tsx"),
  ])
  return async (options) => {
    const { client, broadcaster, bindings, control, inProcess } = options
    const store = makeScreenStore(client, options.openedAt)
    const fetchPicture = async (path: string, signal: AbortSignal): Promise<Uint8Array> => {
      const response = await fetch(httpUrl(broadcaster.url, path), { signal })
      if (!response.ok) throw new Error(`the picture was refused with ${response.status}`)
      return new Uint8Array(await response.arrayBuffer())
    }
    const app = render(
      createElement(App, {
        store,
        bindings,
        control,
        inProcess,
        theme: themeOf(appearance.theme ?? guessTheme(process.env), depth),
        depth,
        protocol,
        fetchPicture,
        play: (clip) => openClip(broadcaster, clip),
      }),
      {
        alternateScreen: true,
        incrementalRendering: true,
        maxFps: 10,
        exitOnCtrlC: false,
        interactive: true,
      },
    )
    // A crash must not leave its report on a screen that goes away with us.
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
