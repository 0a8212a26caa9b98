import { spawn } from "node:child_process"
import { httpUrl } from "./httpUrl.ts"
import { type Broadcaster, readEvent } from "./logReader.ts"
import type { Cursor, ReceivedEvent } from "@blink-streams/client"

const openers: Readonly<Record<string, string>> = { darwin: "open", win32: "explorer" }

const advice = "set BLINK_STREAMS_PLAYER to a program that plays an address"
/** Whatever opens a video says within that time that it can't; a player goes on. */
const verdictMillis = 2_000

/** The player of the user's choice, else whatever this system opens a video with. Resolves to what went wrong. */
const play = (address: string): Promise<string | null> =>
  new Promise((resolve) => {
    const program = process.env["BLINK_STREAMS_PLAYER"] || (openers[process.platform] ?? "xdg-open")
    const child = spawn(program, [address], { detached: true, stdio: "ignore" })
    const timer = setTimeout(() => resolve(null), verdictMillis)
    const end = (problem: string | null): void => {
      clearTimeout(timer)
      resolve(problem)
    }
    child.once("error", () => end(`${program} can't be started: ${advice}`))
    child.once("exit", (code) => end(code ? `${program} could not play it: ${advice}` : null))
    child.unref()
  })

/** Long enough for a player to begin. */
const safetyMillis = 60_000

const hasLapsed = (address: URL): boolean => {
  const expires = address.searchParams.get("expires")
  return expires !== null && Number(expires) < Date.now() + safetyMillis
}

const clipOf = ({ data }: ReceivedEvent["event"]): string | undefined =>
  "clip" in data ? data.clip : undefined

/** A clip to open: its address as an event told it, and the place of that event. */
export interface ClipPlace extends Cursor {
  readonly clip: string
}

/** Opens a clip in a player. An address lives for an hour, a screen for days: one that has lapsed is asked for again. */
export const openClip = async (
  broadcaster: Broadcaster,
  { clip, ...place }: ClipPlace,
): Promise<string | null> => {
  let address = httpUrl(broadcaster.url, clip)
  if (hasLapsed(address)) {
    const event = await readEvent(broadcaster, place)
    const fresh = event === null ? undefined : clipOf(event)
    if (fresh === undefined)
      return "the broadcaster's log no longer has this clip: blink-streams clips list knows all"
    address = httpUrl(broadcaster.url, fresh)
  }
  return play(address.href)
}
