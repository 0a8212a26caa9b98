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

/** Connection to a broadcaster: a running one, or one inside this process for the duration of the command. */
export interface HomeConnection {
  readonly client: Client
  readonly url: string
  readonly token: string
  /** True when the broadcaster runs in this process. */
  readonly direct: boolean
  readonly settings: Settings
  readonly close: () => Promise<void>
}

/** URL and token of a broadcaster. */
export interface BroadcasterAddress {
  readonly url: string
  readonly token: string
}

/** Chooses the cursor to resume from in the log of a broadcaster; `null` starts at the end of the log. */
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
 * Token for the broadcaster at `url`; `null` when there is none. Tokens of the state folder are sent to a broadcaster of
 * this machine only.
 */
export const tokenFor = (folder: StateFolder, url: URL): string | null => {
  const port = Number(url.port || (url.protocol.endsWith("s:") ? 443 : 80))
  const localUrl = folder.readRunFile(port)?.url
  return isLoopbackHost(url.hostname) || (localUrl !== undefined && new URL(localUrl).host === url.host)
    ? localToken(folder, port)
    : readSecret("BLINK_STREAMS_TOKEN")
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
    const token = tokenFor(folder, url)
    if (token === null)
      throw new CliError(
        "signInNeeded",
        `${url.origin} requires a token: set BLINK_STREAMS_TOKEN or BLINK_STREAMS_TOKEN_FILE`,
      )
    return { url: url.href, token }
  }
  const url = folder.readRunFile(settings.port)?.url ?? `ws://127.0.0.1:${settings.port}`
  const token = localToken(folder, settings.port)
  return token !== null && (await isHealthy(url)) ? { url, token } : null
}

/**
 * Connects to the broadcaster of `--connect`, else to the one that runs on this machine, else to one that it starts
 * inside this process. Commands therefore use one API in all three cases.
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

/** Close codes for an invalid token and for a missing permission. */
const rejectedCloseCodes = new Set([4401, 4403])

const signInStates = new Set(["signed_out", "awaiting_pin", "blocked"])

/**
 * Returns the error of the first poll when no account has a snapshot yet; `null` when there is a snapshot or the first
 * poll may still succeed.
 */
const stateError = ({ accounts }: BlinkState): CliError | null => {
  if (hasSnapshot({ accounts })) return null
  for (const { session, sources } of accounts) {
    if (signInStates.has(session.state))
      return new CliError("signInNeeded", `${session.reason ?? "signed out"}: run ${binName()} login`)
    const failed = Object.values(sources).find(({ state, reason }) => state !== "ok" && reason !== null)
    if (failed) return new CliError("noConnection", failed.reason ?? "the cloud does not respond")
  }
  return null
}

/** True when an account has a snapshot, or there are no accounts. */
const hasSnapshot = ({ accounts }: BlinkState): boolean =>
  accounts.length === 0 || accounts.some(({ asOf }) => asOf !== null)

/**
 * Resolves with the first state that contains a snapshot. Rejects with a `CliError` when the first poll fails, the
 * connection is closed or `timeout` milliseconds pass.
 */
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
            ? new CliError("signInNeeded", `the broadcaster rejected the token${reason ? `: ${reason}` : ""}`)
            : new CliError("noConnection", `no connection${reason ? `: ${reason}` : ""}`),
        )
      }
    }
    const timer = setTimeout(() => {
      finish()
      const { reason } = client.connection
      reject(new CliError("noConnection", `the broadcaster does not respond${reason ? `: ${reason}` : ""}`))
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

/** Converts a `CommandError` of the client into a `CliError`. Returns any other error unchanged. */
export const toCommandError = (error: unknown): unknown =>
  error instanceof CommandError ? new CliError(exitReasonOf(error), error.message) : error
