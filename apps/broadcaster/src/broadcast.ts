import type { BlinkAccount, BlinkError } from "@blink-streams/core"
import { EventLog, type AccountMonitorOptions, AccountMonitors } from "@blink-streams/events"
import { type Certificate, Tokens, serve } from "@blink-streams/server"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Context, Effect, Layer, Redacted } from "effect"

/** One account with a session. */
export interface BroadcastAccount {
  readonly services: Layer.Layer<BlinkAccount.BlinkServices, BlinkError>
  /** E-mail address for a new sign-in from the dashboard when the session is lost. */
  readonly email?: string
}

export interface BroadcastOptions {
  readonly accounts: ReadonlyArray<BroadcastAccount>
  /** Poll intervals and event options of every account. */
  readonly monitorOptions: AccountMonitorOptions
  /** SQLite file of the event log; `null` keeps it in memory. */
  readonly log: string | null
  /** File with the hashes of other programs' tokens; `null` keeps them in memory. */
  readonly tokens: string | null
  /** Admin token; it has every scope. */
  readonly admin: Redacted.Redacted
  readonly host: string
  /** TCP port; 0 uses any free port. */
  readonly port: number
  /** Path of a Unix socket to listen on instead of host and port. */
  readonly socketPath?: string
  /** Trusts the client address in `X-Forwarded-For`. Default `false`; set it only behind a proxy. */
  readonly trustProxy?: boolean
  /** Folder of the built dashboard; `null` serves none. */
  readonly dashboardDir: string | null
  readonly allowedHosts: ReadonlyArray<string>
  readonly allowedOrigins: ReadonlyArray<string>
  /** TLS certificate; `null` for plain HTTP. */
  readonly certificate: Certificate | null
  readonly version: string
}

/** Addresses and account monitors of a running broadcast. */
export interface RunningBroadcast {
  /** 0 on a Unix socket. */
  readonly port: number
  /** URL of the websocket with the scheme `ws`, `wss` or `ws+unix`. */
  readonly websocket: string
  /** URL of the dashboard with a one-time sign-in code. */
  readonly signInLink: string
  readonly monitors: AccountMonitors["Service"]
}

/** Replaces the wildcard addresses 0.0.0.0 and [::] by loopback, since not every client can connect to a wildcard. */
const reachableUrl = (url: string): string =>
  url.replace(/^(\w+:\/\/)(?:(0\.0\.0\.0)|\[::\])(?=:)/, (_, scheme: string, four: string | undefined) =>
    four === undefined ? `${scheme}[::1]` : `${scheme}127.0.0.1`,
  )

/**
 * Monitors the accounts, writes their events to the log and serves both by websocket and HTTP, until the scope closes.
 *
 * **Errors.** `AccountLeaseHeld` when an account is monitored already, `BlinkError` of the first requests,
 * `LogError` and `TokensUnavailable` for unusable files, `ListenFailed` when the port or socket cannot be opened.
 */
export const broadcast = Effect.fn("broadcast")(function* (options: BroadcastOptions) {
  const { host, certificate } = options
  const log = options.log === null ? EventLog.layerMemory : EventLog.layerSqlite({ filename: options.log })
  const tokens =
    options.tokens === null
      ? Tokens.layerMemory(options.admin)
      : Tokens.layerFile(options.tokens, options.admin).pipe(Layer.provide(NodeServices.layer))
  const context = yield* Layer.build(
    Layer.mergeAll(AccountMonitors.layer.pipe(Layer.provide(log)), tokens, NodeHttpServer.layerHttpServices),
  )
  const monitors = Context.get(context, AccountMonitors)
  // Accounts are added before the server starts, so that the first client does not receive an empty state.
  for (const { services, email } of options.accounts)
    yield* monitors.add(services, { ...options.monitorOptions, ...(email === undefined ? {} : { email }) })
  const { url, socketUrl, port } = yield* serve({
    host,
    port: options.port,
    allowedHosts: options.allowedHosts,
    allowedOrigins: options.allowedOrigins,
    trustProxy: options.trustProxy ?? false,
    version: options.version,
    ...(options.dashboardDir === null ? {} : { staticDir: options.dashboardDir }),
    ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
    ...(certificate === null ? {} : { tls: certificate }),
  }).pipe(Effect.provideContext(context))
  const code = yield* Context.get(context, Tokens).createCode()
  const running: RunningBroadcast = {
    port,
    websocket: reachableUrl(socketUrl),
    signInLink: `${reachableUrl(url)}#code=${Redacted.value(code)}`,
    monitors,
  }
  return running
})
