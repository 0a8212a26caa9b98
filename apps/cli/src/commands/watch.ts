import { httpClient } from "@blink-streams/client/http"
import { bindKeys, matchesKind, prepareScreen, recentEvents, watchLines } from "@blink-streams/watcher"
import { colourDepth } from "@blink-streams/watcher/text"
import { stateText } from "@blink-streams/watcher/lines"
import { CliError } from "../errors/CliError.ts"
import { type HomeConnection, withHome } from "../connect/connectHome.ts"
import type { ConnectFlags } from "../connect/findBroadcaster.ts"
import { firstState } from "../connect/firstState.ts"
import { imageProtocolSetting } from "../settings/imageProtocolSetting.ts"
import { printResult } from "../terminal/printResult.ts"

interface Flags extends ConnectFlags {
  readonly json?: boolean
  readonly once?: boolean
  readonly count?: number
  readonly duration?: number
  readonly until?: string
  readonly since?: string
  readonly backfilled?: boolean
  readonly timeout?: number
  readonly quiet?: boolean
  readonly control?: boolean
  readonly color?: string | boolean
  readonly theme?: "dark" | "light" | "colourblind"
  readonly images?: string | false
}

/** Rejects a misspelt kind, for which the command would wait forever. */
const assertKnownKind = async (pattern: string): Promise<void> => {
  const kinds = Object.keys((await import("@blink-streams/model")).topicOf)
  if (!kinds.some((kind) => matchesKind(kind, pattern)))
    throw new CliError("usage", `--until is "${pattern}": expected ${kinds.join(", ")}, or a prefix and *`)
}

const usesLines = (flags: Flags): boolean =>
  flags.json === true ||
  flags.quiet === true ||
  flags.count !== undefined ||
  flags.duration !== undefined ||
  flags.until !== undefined ||
  !process.stdout.isTTY ||
  !process.stdin.isTTY ||
  process.env["TERM"] === "dumb"

const printLines = async (flags: Flags, home: HomeConnection): Promise<void> => {
  const controller = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort())
  const end = await watchLines({
    client: home.client,
    since: flags.since ?? null,
    backfilled: flags.backfilled === true,
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
    notify: (line) => flags.quiet || process.stderr.write(`blink-streams: ${line}\n`),
    signal: controller.signal,
  })
  const { reason } = home.client.connection
  const suffix = reason === undefined ? "" : `: ${reason}`
  if (end === "timedOut")
    throw new CliError(end, `no matching event within ${Math.round((flags.timeout ?? 0) / 1_000)} s`)
  if (end === "noConnection") throw new CliError(end, `no broadcaster is running at ${home.url}${suffix}`)
  if (end === "signInNeeded") throw new CliError(end, `the broadcaster rejected the token${suffix}`)
}

/** `blink-streams watch`: full screen on a terminal, lines elsewhere. */
export const watch = async (flags: Flags): Promise<void> => {
  const images = imageProtocolSetting(flags.images)
  if (flags.until !== undefined) await assertKnownKind(flags.until)
  const showScreen =
    flags.once || usesLines(flags)
      ? null
      : await prepareScreen({ colour: flags.color, theme: flags.theme, images })
  const show = async (home: HomeConnection): Promise<void> => {
    const bound = bindKeys(home.settings.keys)
    if ("problem" in bound) throw new CliError("usage", bound.problem)
    if (flags.once) {
      const state = await firstState(home.client, flags.timeout)
      return printResult(flags.json, state, stateText(state, Date.now()))
    }
    if (showScreen === null) return printLines(flags, home)
    const http = httpClient(home)
    return showScreen({
      client: home.client,
      http,
      history:
        flags.since === undefined
          ? await recentEvents(http)
          : { since: flags.since, seen: new Set<string>() },
      bindings: bound.bindings,
      control: flags.control === true,
      inProcess: home.direct,
    })
  }
  await withHome(flags, show)
}
