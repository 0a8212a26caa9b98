import { type HttpClient, RequestError } from "@blink-streams/client/http"
import { spawn } from "node:child_process"

const openers: Readonly<Record<string, string>> = { darwin: "open", win32: "explorer" }

const playerHint = "set BLINK_STREAMS_PLAYER to a program that plays a URL"
/** A player that has not exited with an error after this time is considered started. */
const startupMillis = 2_000

/** Starts `BLINK_STREAMS_PLAYER`, by default the opener of the operating system. Resolves to an error message or `null`. */
const play = (url: string): Promise<string | null> =>
  new Promise((resolve) => {
    const player = process.env["BLINK_STREAMS_PLAYER"] || (openers[process.platform] ?? "xdg-open")
    const child = spawn(player, [url], { detached: true, stdio: "ignore" })
    const timer = setTimeout(() => resolve(null), startupMillis)
    const end = (problem: string | null): void => {
      clearTimeout(timer)
      resolve(problem)
    }
    child.once("error", () => end(`${player} can't be started: ${playerHint}`))
    child.once("exit", (code) => end(code ? `${player} failed: ${playerHint}` : null))
    child.unref()
  })

/** A clip to open: its path from an event, and the cursor of that event. */
export interface ClipReference {
  readonly clip: string
  readonly cursor: string
}

/** Opens a clip in a player. Resolves to an error message or `null`. An expired URL is renewed from the event log first. */
export const openClip = async (http: HttpClient, { clip, cursor }: ClipReference): Promise<string | null> => {
  try {
    const url = await http.freshMediaUrl(clip, cursor)
    return url === null
      ? "This clip is no longer in the event log: use blink-streams clips list"
      : await play(url)
  } catch (error) {
    if (error instanceof RequestError) return `This clip can't be opened: ${error.message}`
    throw error
  }
}
