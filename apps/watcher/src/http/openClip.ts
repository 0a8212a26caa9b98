import { spawn } from "node:child_process"
import { httpUrl } from "./httpUrl.ts"
import { type Broadcaster, readEvent } from "./logReader.ts"
import type { BlinkEvent } from "@blink-streams/model"

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

/** Remaining validity that a player needs to start. */
const expiryMarginMillis = 60_000

const isExpired = (url: URL): boolean => {
  const expires = url.searchParams.get("expires")
  return expires !== null && Number(expires) < Date.now() + expiryMarginMillis
}

const clipPath = ({ data }: BlinkEvent): string | undefined => ("clip" in data ? data.clip : undefined)

/** A clip to open: its path from an event, and the cursor of that event. */
export interface ClipReference {
  readonly clip: string
  readonly cursor: string
}

/** Opens a clip in a player. Resolves to an error message or `null`. An expired URL is renewed from the event log first. */
export const openClip = async (
  broadcaster: Broadcaster,
  { clip, cursor }: ClipReference,
): Promise<string | null> => {
  let url = httpUrl(broadcaster.url, clip)
  if (isExpired(url)) {
    const event = await readEvent(broadcaster, cursor)
    const freshPath = event === null ? undefined : clipPath(event)
    if (freshPath === undefined)
      return "This clip is no longer in the event log: use blink-streams clips list"
    url = httpUrl(broadcaster.url, freshPath)
  }
  return play(url.href)
}
