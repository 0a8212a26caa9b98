import type { Cursor } from "@blink-streams/client"
import { bindKeys } from "@blink-streams/watcher/keys"
import { colourDepth } from "@blink-streams/watcher/colourDepth"
import { stateText } from "@blink-streams/watcher/stateText"
import { matchesKind, watchLines } from "@blink-streams/watcher/watchLines"
import { Failure } from "../Failure.ts"
import { type HomeFlags, firstState, openHome } from "../openHome.ts"
import { imagesSetting } from "../imagesSetting.ts"
import { lookMillis } from "./state.ts"

interface Flags extends HomeFlags {
  readonly json?: boolean
  readonly once?: boolean
  readonly count?: number
  readonly duration?: number
  readonly until?: string
  readonly since?: string
  readonly timeout?: number
  readonly quiet?: boolean
  readonly control?: boolean
  readonly color?: string | boolean
  readonly theme?: "dark" | "light" | "colourblind"
  readonly images?: string | false
}

/** A misspelt kind would be waited for in vain. */
const checkKind = async (wanted: string): Promise<void> => {
  const kinds = Object.keys((await import("@blink-streams/model")).topicOf)
  if (!kinds.some((kind) => matchesKind(kind, wanted)))
    throw new Failure("usage", `--until is "${wanted}": expected ${kinds.join(", ")}, or a beginning and *`)
}

const wantsLines = (flags: Flags): boolean =>
  flags.json === true ||
  flags.quiet === true ||
  flags.count !== undefined ||
  flags.duration !== undefined ||
  flags.until !== undefined ||
  !process.stdout.isTTY ||
  !process.stdin.isTTY ||
  process.env["TERM"] === "dumb"

const lines = async (flags: Flags, home: Awaited<ReturnType<typeof openHome>>): Promise<void> => {
  const stopping = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort())
  const end = await watchLines({
    client: home.client,
    json: flags.json === true,
    quiet: flags.quiet === true,
    coloured:
      colourDepth({ flag: flags.color, environment: process.env, isTerminal: process.stdout.isTTY }) !==
      "none",
    count: flags.count ?? null,
    duration: flags.duration ?? null,
    timeout: flags.timeout ?? null,
    until: flags.until ?? null,
    write: (line) => process.stdout.write(`${line}\n`),
    note: (line) => flags.quiet || process.stderr.write(`blink-streams: ${line}\n`),
    signal: stopping.signal,
  })
  const { reason } = home.client.connection
  const why = reason === undefined ? "" : `: ${reason}`
  if (end === "timedOut")
    throw new Failure(end, `nothing of the kind in ${Math.round((flags.timeout ?? 0) / 1_000)} s`)
  if (end === "noConnection") throw new Failure(end, `no broadcaster answers at ${home.url}${why}`)
  if (end === "signInNeeded") throw new Failure(end, `the broadcaster refused the token${why}`)
}

/** `blink-streams watch`: the screen on a terminal, lines elsewhere. */
export const watch = async (flags: Flags): Promise<void> => {
  const since =
    flags.since === undefined ? undefined : (await import("@blink-streams/model")).parseCursor(flags.since)
  if (since === null)
    throw new Failure("usage", `--since is "${flags.since}": expected epoch:seq, as an event has them`)
  const images = imagesSetting(flags.images)
  if (flags.until !== undefined) await checkKind(flags.until)
  const show =
    flags.once || wantsLines(flags)
      ? null
      : await (
          await import("@blink-streams/watcher/prepareScreen")
        ).prepareScreen({ colour: flags.color, theme: flags.theme, images })
  let openedAt: Cursor | null = null
  const home = await openHome(flags, async (place) => {
    if (since !== undefined || show === null) return since ?? null
    const recent = await (await import("@blink-streams/watcher/logReader")).recentPlaces(place)
    openedAt = recent?.end ?? null
    return recent?.since ?? null
  })
  try {
    const bound = bindKeys(home.settings.keys)
    if ("problem" in bound) throw new Failure("usage", bound.problem)
    if (flags.once) {
      const state = await firstState(home.client, flags.timeout ?? lookMillis)
      process.stdout.write(`${flags.json ? JSON.stringify(state) : stateText(state, Date.now())}\n`)
      return
    }
    if (show === null) return await lines(flags, home)
    await show({
      client: home.client,
      broadcaster: { url: home.url, token: home.token },
      openedAt,
      bindings: bound.bindings,
      control: flags.control === true,
      direct: home.direct,
    })
  } finally {
    await home.close()
  }
}
