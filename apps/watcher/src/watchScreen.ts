import type { Client } from "@blink-streams/client"
import { spawn } from "node:child_process"
import { type ColourDepth, chalkLevel, colourDepth } from "./colourDepth.ts"
import type { Binding } from "./keys.ts"
import { askTerminal } from "./pictures/askTerminal.ts"
import { pictureProtocol } from "./pictures/pictureProtocol.ts"
import { httpUrl } from "./httpUrl.ts"
import { makeScreenStore } from "./ScreenStore.ts"
import { type ThemeName, guessTheme, themeOf } from "./theme.ts"

export interface ScreenOptions {
  readonly client: Client
  /** Where the broadcaster is, for pictures and clips. */
  readonly url: string
  readonly bindings: ReadonlyArray<Binding>
  /** Without it nothing in the home can be changed from here. */
  readonly control: boolean
  /** The cloud is asked by this very process. */
  readonly direct: boolean
  readonly colour: string | boolean | undefined
  readonly theme: ThemeName | undefined
  readonly images: string | false | undefined
}

const openers: Readonly<Record<string, string>> = { darwin: "open", win32: "explorer" }

/** The player of the user's choice, else whatever this system opens a video with. */
const openInPlayer = (address: string): void => {
  const program = process.env["BLINK_STREAMS_PLAYER"] || (openers[process.platform] ?? "xdg-open")
  const child = spawn(program, [address], { detached: true, stdio: "ignore" })
  child.on("error", () => {
    // Nothing to play it with: the screen stays as it is.
  })
  child.unref()
}

/** Draws the home full-screen until the user quits; the terminal is as before when it resolves or rejects. */
export const watchScreen = async (options: ScreenOptions): Promise<void> => {
  const { client, url, bindings, control, direct } = options
  const depth: ColourDepth = colourDepth({ flag: options.colour, environment: process.env, isTerminal: true })
  const protocol = await pictureProtocol({
    flag: options.images,
    environment: process.env,
    depth,
    query: askTerminal,
  })
  // Ink's colours come from chalk, which reads this once, while it is loaded.
  process.env["FORCE_COLOR"] = chalkLevel[depth]
  // React checks itself at every step unless it is told that this is no development.
  process.env["NODE_ENV"] ??= "production"
  const [{ render }, { createElement }, { App }] = await Promise.all([
    import("ink"),
    import("react"),
    import("./components/App.tsx"),
  ])
  const store = makeScreenStore(client)
  const fetchPicture = async (path: string, signal: AbortSignal): Promise<Uint8Array> => {
    const response = await fetch(httpUrl(url, path), { signal })
    if (!response.ok) throw new Error(`the picture was refused with ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  }
  const app = render(
    createElement(App, {
      store,
      bindings,
      control,
      direct,
      theme: themeOf(options.theme ?? guessTheme(process.env), depth),
      depth,
      protocol,
      fetchPicture,
      play: (clip) => openInPlayer(httpUrl(url, clip).href),
    }),
    { alternateScreen: true, incrementalRendering: true, maxFps: 10, exitOnCtrlC: false, interactive: true },
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
