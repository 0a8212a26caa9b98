// Not the index, which loads the server: client commands have to start fast.
import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { httpClient } from "@blink-streams/client/http"
import { CliError } from "../errors/CliError.ts"
import { type SettingFlags, type Settings, readSecret } from "../settings/Settings.ts"
import { isLoopbackHost } from "./isLoopbackHost.ts"

export interface ConnectFlags extends SettingFlags {
  readonly connect?: string
  readonly direct?: boolean
  readonly account?: string
}

/** URL and token of a broadcaster. */
export interface BroadcasterAddress {
  readonly url: string
  readonly token: string
}

const isRunning = (url: string): Promise<boolean> =>
  httpClient({ url })
    .isReady({ signal: AbortSignal.timeout(700) })
    .then(
      () => true,
      () => false,
    )

/** Parses the URL of a broadcaster; the scheme defaults to `ws`. Throws a `CliError` when it is invalid. */
export const parseBroadcasterUrl = (text: string): URL => {
  const url = URL.parse(/^\w+:\/\//.test(text) ? text : `ws://${text}`)
  if (!url || !/^(wss?|https?):$/.test(url.protocol))
    throw new CliError(
      "usage",
      `"${text}" is not the URL of a broadcaster: expected for example ws://127.0.0.1:25465`,
    )
  if (url.search !== "" || url.username !== "")
    throw new CliError("usage", "the URL must not contain secrets: set the token in BLINK_STREAMS_TOKEN")
  return url
}

/** Token for a broadcaster of this machine: from the environment, its run file, or the admin token file. */
const localToken = (folder: StateFolder, port: number): string | null =>
  readSecret("BLINK_STREAMS_TOKEN") ?? folder.readRunFile(port)?.token ?? folder.adminToken()

/**
 * Token for the broadcaster at `url`. Tokens of the state folder are sent to a broadcaster of this machine only. Throws a
 * `CliError` when there is none.
 */
export const tokenFor = (folder: StateFolder, url: URL): string => {
  const port = Number(url.port || (url.protocol.endsWith("s:") ? 443 : 80))
  const localUrl = folder.readRunFile(port)?.url
  const token =
    isLoopbackHost(url.hostname) || (localUrl !== undefined && new URL(localUrl).host === url.host)
      ? localToken(folder, port)
      : readSecret("BLINK_STREAMS_TOKEN")
  if (token === null)
    throw new CliError(
      "signInNeeded",
      `${url.origin} requires a token: set BLINK_STREAMS_TOKEN or BLINK_STREAMS_TOKEN_FILE`,
    )
  return token
}

/**
 * Returns the broadcaster of `--connect`, else the one that runs on this machine, else `null`. Throws a `CliError` when
 * `--connect` is invalid or its token is missing.
 */
export const findBroadcaster = async (
  flags: ConnectFlags,
  settings: Settings,
): Promise<BroadcasterAddress | null> => {
  const folder = new StateFolder(settings.dir)
  if (flags.connect !== undefined) {
    const url = parseBroadcasterUrl(flags.connect)
    return { url: url.href, token: tokenFor(folder, url) }
  }
  const url = folder.readRunFile(settings.port)?.url ?? `ws://127.0.0.1:${settings.port}`
  const token = localToken(folder, settings.port)
  return token !== null && (await isRunning(url)) ? { url, token } : null
}
