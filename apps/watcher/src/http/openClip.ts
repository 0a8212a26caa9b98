import { spawn } from "node:child_process"
import { httpUrl } from "./httpUrl.ts"
import { type Broadcaster, readEvent } from "./logReader.ts"
import type { Cursor, ReceivedEvent } from "@blink-streams/client"

const openers: Readonly<Record<string, string>> = { darwin: "open", win32: "explorer" }

const playerHint = "set BLINK_STREAMS_PLAYER to a program that plays an address"
/** Whatever opens a video says within that time that it can't; a player goes on. */
const startupMillis = 2_000

/** The player of the user's choice, else whatever this system opens a video with. Resolves to what went wrong. */
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
    child.once("exit", (code) => end(code ? `${player} could not play it: ${playerHint}` : null))
    child.unref()
  })

/** Long enough for a player to begin. */
const expiryMarginMillis = 60_000

const isExpired = (url: URL): boolean => {
  const expires = url.searchParams.get("expires")
  return expires !== null && Number(expires) < Date.now() + expiryMarginMillis
}

const clipPath = ({ data }: ReceivedEvent["event"]): string | undefined =>
  "clip" in data ? data.clip : undefined

/** A clip to open: its address as an event told it, and the place of that event. */
export interface ClipReference extends Cursor {
  readonly clip: string
}

/** Opens a clip in a player. An address lives for an hour, a screen for days: one that has lapsed is asked for again. */
export const openClip = async (
  broadcaster: Broadcaster,
  { clip, ...cursor }: ClipReference,
): Promise<string | null> => {
  let url = httpUrl(broadcaster.url, clip)
  if (isExpired(url)) {
    const event = await readEvent(broadcaster, cursor)
    const freshPath = event === null ? undefined : clipPath(event)
    if (freshPath === undefined)
      return "the broadcaster's log no longer has this clip: blink-streams clips list knows all"
    url = httpUrl(broadcaster.url, freshPath)
  }
  return play(url.href)
}
