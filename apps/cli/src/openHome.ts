import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { type Client, CommandError, type Cursor, connect } from "@blink-streams/client"
import type { HomeState } from "@blink-streams/model"
import { httpUrl } from "@blink-streams/watcher/httpUrl"
import { type ExitReason, Failure } from "./Failure.ts"
import { isThisMachine } from "./isThisMachine.ts"
import { ownName } from "./ownName.ts"
import { type SettingFlags, type Settings, readSecret, resolveSettings } from "./Settings.ts"

export interface HomeFlags extends SettingFlags {
  readonly connect?: string
  readonly direct?: boolean
  readonly account?: string
}

/** A broadcaster to talk to: one that runs, or one of our own for as long as this command lives. */
export interface OpenHome {
  readonly client: Client
  readonly url: string
  readonly token: string
  /** The cloud is asked by this very process. */
  readonly direct: boolean
  readonly settings: Settings
  readonly close: () => Promise<void>
}

export interface Place {
  readonly url: string
  readonly token: string
}

/** Where in the log of that broadcaster to begin; `null` for now. */
export type Beginning = (place: Place) => Promise<Cursor | null>

const answers = async (url: string): Promise<boolean> => {
  try {
    const { ok } = await fetch(httpUrl(url, "/healthz"), { signal: AbortSignal.timeout(700) })
    return ok
  } catch {
    return false
  }
}

export const parseUrl = (text: string): URL => {
  const url = URL.parse(/^\w+:\/\//.test(text) ? text : `ws://${text}`)
  if (!url || !/^(wss?|https?):$/.test(url.protocol))
    throw new Failure(
      "usage",
      `"${text}" is no address of a broadcaster: expected one such as ws://127.0.0.1:25465`,
    )
  if (url.search !== "" || url.username !== "")
    throw new Failure("usage", "the address may not hold secrets: the token comes from BLINK_STREAMS_TOKEN")
  return url
}

/** As told, else what the broadcaster of this machine on `port` left in the state folder. */
const ownToken = (folder: StateFolder, port: number): string | null =>
  readSecret("BLINK_STREAMS_TOKEN") ?? folder.endpoint(port)?.token ?? folder.adminToken()

/** The key to the broadcaster at `url`; `null` when there is none. What lies in the state folder is for no other machine. */
export const tokenFor = (folder: StateFolder, url: URL): string | null => {
  const port = Number(url.port || (url.protocol.endsWith("s:") ? 443 : 80))
  const own = folder.endpoint(port)?.url
  return isThisMachine(url.hostname) || (own !== undefined && new URL(own).host === url.host)
    ? ownToken(folder, port)
    : readSecret("BLINK_STREAMS_TOKEN")
}

/** The broadcaster that is asked for, or one that runs on this machine; `null` when there is none. */
export const findPlace = async (flags: HomeFlags, settings: Settings): Promise<Place | null> => {
  const folder = new StateFolder(settings.dir)
  if (flags.connect !== undefined) {
    const url = parseUrl(flags.connect)
    const token = tokenFor(folder, url)
    if (token === null)
      throw new Failure(
        "signInNeeded",
        `${url.origin} wants a token: set BLINK_STREAMS_TOKEN or BLINK_STREAMS_TOKEN_FILE`,
      )
    return { url: url.href, token }
  }
  const url = folder.endpoint(settings.port)?.url ?? `ws://127.0.0.1:${settings.port}`
  const token = ownToken(folder, settings.port)
  return token !== null && (await answers(url)) ? { url, token } : null
}

/**
 * The home, over a broadcaster: the one asked for, else the one that runs here, else one of our own inside this
 * process. So whatever uses it knows only one way to reach a home.
 */
export const openHome = async (flags: HomeFlags, begin?: Beginning): Promise<OpenHome> => {
  const settings = resolveSettings(flags)
  const place = flags.direct ? null : await findPlace(flags, settings)
  if (place) {
    const since = (await begin?.(place)) ?? null
    const client = connect({ ...place, ...(since ? { since } : {}) })
    return { client, ...place, direct: false, settings, close: async () => client.close() }
  }
  const { serveInProcess } = await import("./serveInProcess.ts")
  const { close, ...own } = await serveInProcess(settings, flags.account)
  const since = (await begin?.(own)) ?? null
  const client = connect({ ...own, ...(since ? { since } : {}) })
  return {
    client,
    ...own,
    direct: true,
    settings,
    close: async () => {
      client.close()
      await close()
    },
  }
}

/** Close codes that say no: the token is wrong, or may not do this. */
const refused = new Set([4401, 4403])

const needsPerson = new Set(["signedOut", "awaitingPin", "blocked"])

/**
 * Why nothing can be said about `home` yet: no account of it has been looked at, and the first look has failed.
 * `null` while that may still come, or when there is something to say.
 */
const failureOfHome = ({ accounts }: HomeState): Failure | null => {
  if (hasLooked({ accounts })) return null
  for (const { session, sources } of accounts) {
    if (needsPerson.has(session.state))
      return new Failure(
        "signInNeeded",
        `${session.reason ?? "nobody is signed in any more"}: run ${ownName()} login`,
      )
    const failed = Object.values(sources).find(({ state, reason }) => state !== "ok" && reason !== null)
    if (failed) return new Failure("noConnection", failed.reason ?? "the cloud does not answer")
  }
  return null
}

/** A home without accounts is known as it is. */
const hasLooked = ({ accounts }: HomeState): boolean =>
  accounts.length === 0 || accounts.some(({ asOf }) => asOf !== null)

/** The first state that a look at the home has shown. A home that never answers is told as such. */
export const firstState = (client: Client, timeout: number): Promise<HomeState> =>
  new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer)
      unsubscribe()
    }
    const look = (): void => {
      const { status, code, reason } = client.connection
      const problem = client.state === null ? null : failureOfHome(client.state)
      if (client.state !== null && hasLooked(client.state)) {
        finish()
        resolve(client.state)
      } else if (problem !== null) {
        finish()
        reject(problem)
      } else if (status === "closed") {
        finish()
        reject(
          code !== undefined && refused.has(code)
            ? new Failure("signInNeeded", `the broadcaster refused the token${reason ? `: ${reason}` : ""}`)
            : new Failure("noConnection", `no connection${reason ? `: ${reason}` : ""}`),
        )
      }
    }
    const timer = setTimeout(() => {
      finish()
      const { reason } = client.connection
      reject(new Failure("noConnection", `the broadcaster does not answer${reason ? `: ${reason}` : ""}`))
    }, timeout)
    const unsubscribe = client.subscribe(look)
    look()
  })

const reasonOfCode = (error: CommandError): ExitReason =>
  error.code === "connection_closed"
    ? "noConnection"
    : /timeout|timed_out|deadline/.test(error.code)
      ? "timedOut"
      : /sign_in|session|reauth|two_factor/.test(error.code)
        ? "signInNeeded"
        : "failed"

/** A command that the cloud or the broadcaster declined, as an end of this process. */
export const commandFailure = (error: unknown): unknown =>
  error instanceof CommandError ? new Failure(reasonOfCode(error), error.message) : error
