import { StateFolder } from "@blink-streams/broadcaster"
import { type Client, CommandError, connect, type Cursor } from "@blink-streams/client"
import type { BlinkState } from "@blink-streams/model"
import { httpUrl } from "@blink-streams/watcher"
import { type ExitReason, CliError } from "../errors/CliError.ts"
import { isLoopbackHost } from "./isLoopbackHost.ts"
import { binName } from "../binName.ts"
import { type SettingFlags, type Settings, readSecret, resolveSettings } from "../settings/Settings.ts"

export interface ConnectFlags extends SettingFlags {
  readonly connect?: string
  readonly direct?: boolean
  readonly account?: string
}

/** A broadcaster to talk to: one that runs, or one of our own for as long as this command lives. */
export interface HomeConnection {
  readonly client: Client
  readonly url: string
  readonly token: string
  /** The cloud is asked by this very process. */
  readonly direct: boolean
  readonly settings: Settings
  readonly close: () => Promise<void>
}

export interface BroadcasterAddress {
  readonly url: string
  readonly token: string
}

/** Where in the log of that broadcaster to begin; `null` for now. */
export type StartCursor = (address: BroadcasterAddress) => Promise<Cursor | null>

const isHealthy = async (url: string): Promise<boolean> => {
  try {
    const { ok } = await fetch(httpUrl(url, "/healthz"), { signal: AbortSignal.timeout(700) })
    return ok
  } catch {
    return false
  }
}

export const parseBroadcasterUrl = (text: string): URL => {
  const url = URL.parse(/^\w+:\/\//.test(text) ? text : `ws://${text}`)
  if (!url || !/^(wss?|https?):$/.test(url.protocol))
    throw new CliError(
      "usage",
      `"${text}" is no address of a broadcaster: expected one such as ws://127.0.0.1:25465`,
    )
  if (url.search !== "" || url.username !== "")
    throw new CliError("usage", "the address may not hold secrets: the token comes from BLINK_STREAMS_TOKEN")
  return url
}

/** As told, else what the broadcaster of this machine on `port` left in the state folder. */
const localToken = (folder: StateFolder, port: number): string | null =>
  readSecret("BLINK_STREAMS_TOKEN") ?? folder.readRunFile(port)?.token ?? folder.adminToken()

/** The key to the broadcaster at `url`; `null` when there is none. What lies in the state folder is for no other machine. */
export const tokenFor = (folder: StateFolder, url: URL): string | null => {
  const port = Number(url.port || (url.protocol.endsWith("s:") ? 443 : 80))
  const localUrl = folder.readRunFile(port)?.url
  return isLoopbackHost(url.hostname) || (localUrl !== undefined && new URL(localUrl).host === url.host)
    ? localToken(folder, port)
    : readSecret("BLINK_STREAMS_TOKEN")
}

/** The broadcaster that is asked for, or one that runs on this machine; `null` when there is none. */
export const findBroadcaster = async (
  flags: ConnectFlags,
  settings: Settings,
): Promise<BroadcasterAddress | null> => {
  const folder = new StateFolder(settings.dir)
  if (flags.connect !== undefined) {
    const url = parseBroadcasterUrl(flags.connect)
    const token = tokenFor(folder, url)
    if (token === null)
      throw new CliError(
        "signInNeeded",
        `${url.origin} wants a token: set BLINK_STREAMS_TOKEN or BLINK_STREAMS_TOKEN_FILE`,
      )
    return { url: url.href, token }
  }
  const url = folder.readRunFile(settings.port)?.url ?? `ws://127.0.0.1:${settings.port}`
  const token = localToken(folder, settings.port)
  return token !== null && (await isHealthy(url)) ? { url, token } : null
}

/**
 * The home, over a broadcaster: the one asked for, else the one that runs here, else one of our own inside this
 * process. So whatever uses it knows only one way to reach a home.
 */
export const connectHome = async (
  flags: ConnectFlags,
  startCursor?: StartCursor,
): Promise<HomeConnection> => {
  const settings = resolveSettings(flags)
  const address = flags.direct ? null : await findBroadcaster(flags, settings)
  if (address) {
    const since = (await startCursor?.(address)) ?? null
    const client = connect({ ...address, ...(since ? { since } : {}) })
    return { client, ...address, direct: false, settings, close: async () => client.close() }
  }
  const { serveInProcess } = await import("./serveInProcess.ts")
  const { close, ...broadcaster } = await serveInProcess(settings, flags.account)
  const since = (await startCursor?.(broadcaster)) ?? null
  const client = connect({ ...broadcaster, ...(since ? { since } : {}) })
  return {
    client,
    ...broadcaster,
    direct: true,
    settings,
    close: async () => {
      client.close()
      await close()
    },
  }
}

/** Close codes that say no: the token is wrong, or may not do this. */
const rejectedCloseCodes = new Set([4401, 4403])

const signInStates = new Set(["signedOut", "awaitingPin", "blocked"])

/**
 * Why nothing can be said about `home` yet: no account of it has been looked at, and the first look has failed.
 * `null` while that may still come, or when there is something to say.
 */
const stateError = ({ accounts }: BlinkState): CliError | null => {
  if (hasSnapshot({ accounts })) return null
  for (const { session, sources } of accounts) {
    if (signInStates.has(session.state))
      return new CliError(
        "signInNeeded",
        `${session.reason ?? "nobody is signed in any more"}: run ${binName()} login`,
      )
    const failed = Object.values(sources).find(({ state, reason }) => state !== "ok" && reason !== null)
    if (failed) return new CliError("noConnection", failed.reason ?? "the cloud does not answer")
  }
  return null
}

/** A home without accounts is known as it is. */
const hasSnapshot = ({ accounts }: BlinkState): boolean =>
  accounts.length === 0 || accounts.some(({ asOf }) => asOf !== null)

/** The first state that a look at the home has shown. A home that never answers is told as such. */
export const firstState = (client: Client, timeout: number): Promise<BlinkState> =>
  new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer)
      unsubscribe()
    }
    const check = (): void => {
      const { status, code, reason } = client.connection
      const error = client.state === null ? null : stateError(client.state)
      if (client.state !== null && hasSnapshot(client.state)) {
        finish()
        resolve(client.state)
      } else if (error !== null) {
        finish()
        reject(error)
      } else if (status === "closed") {
        finish()
        reject(
          code !== undefined && rejectedCloseCodes.has(code)
            ? new CliError("signInNeeded", `the broadcaster refused the token${reason ? `: ${reason}` : ""}`)
            : new CliError("noConnection", `no connection${reason ? `: ${reason}` : ""}`),
        )
      }
    }
    const timer = setTimeout(() => {
      finish()
      const { reason } = client.connection
      reject(new CliError("noConnection", `the broadcaster does not answer${reason ? `: ${reason}` : ""}`))
    }, timeout)
    const unsubscribe = client.subscribe(check)
    check()
  })

const exitReasonOf = (error: CommandError): ExitReason =>
  error.code === "connection_closed"
    ? "noConnection"
    : /timeout|timed_out|deadline/.test(error.code)
      ? "timedOut"
      : /sign_in|session|reauth|two_factor/.test(error.code)
        ? "signInNeeded"
        : "failed"

/** A command that the cloud or the broadcaster declined, as an end of this process. */
export const toCommandError = (error: unknown): unknown =>
  error instanceof CommandError ? new CliError(exitReasonOf(error), error.message) : error
