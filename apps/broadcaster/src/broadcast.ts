import type { BlinkAccount, BlinkError } from "@blink-streams/core"
import { AccountLease, EventLog, type AccountMonitorOptions, AccountMonitors } from "@blink-streams/events"
import { type Certificate, Tokens, serve } from "@blink-streams/server"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Context, Effect, Layer, Redacted } from "effect"

/** An account that is signed in. */
export interface BroadcastAccount {
  readonly services: Layer.Layer<BlinkAccount.BlinkServices, BlinkError>
  /** With it a lost session can be mended from the dashboard. */
  readonly email?: string
}

export interface BroadcastOptions {
  readonly accounts: ReadonlyArray<BroadcastAccount>
  readonly monitorOptions: AccountMonitorOptions
  /** The SQLite file of the log; `null` keeps it in memory only. */
  readonly log: string | null
  /** The file with the hashes of other programs' tokens; `null` keeps them in memory only. */
  readonly tokens: string | null
  /** Accepted with every scope. */
  readonly admin: Redacted.Redacted
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
  /** A Unix socket, instead of host and port. */
  readonly socketPath?: string
  /** Whether a proxy in front says who asks, in `X-Forwarded-For`. */
  readonly trustProxy?: boolean
  /** The built dashboard; `null` serves none. */
  readonly dashboardDir: string | null
  readonly allowedHosts: ReadonlyArray<string>
  readonly allowedOrigins: ReadonlyArray<string>
  /** `null` for plain http. */
  readonly certificate: Certificate | null
  readonly version: string
}

/** Where it can be reached while its scope is open. */
export interface RunningBroadcast {
  /** 0 on a Unix socket. */
  readonly port: number
  /** `ws://…`, `wss://…`, or `ws+unix:PATH:/` */
  readonly websocket: string
  /** Opens the dashboard signed in, once. */
  readonly signInLink: string
  readonly monitors: AccountMonitors["Service"]
}

/** An address that stands for all of a machine can't be opened everywhere; on this machine loopback can. */
const reachableUrl = (url: string): string =>
  url.replace(/^(\w+:\/\/)(?:(0\.0\.0\.0)|\[::\])(?=:)/, (_, scheme: string, four: string | undefined) =>
    four === undefined ? `${scheme}[::1]` : `${scheme}127.0.0.1`,
  )

/** Everything from the cloud to the socket, in one scope: accounts, log, and the server over them. */
export const broadcast = Effect.fn("broadcast")(function* (options: BroadcastOptions) {
  const { host, certificate } = options
  const log = options.log === null ? EventLog.layerMemory : EventLog.layerSqlite({ filename: options.log })
  const tokens =
    options.tokens === null
      ? Tokens.layerMemory(options.admin)
      : Tokens.layerFile(options.tokens, options.admin).pipe(Layer.provide(NodeServices.layer))
  const context = yield* Layer.build(
    Layer.mergeAll(
      AccountMonitors.layer.pipe(Layer.provide(log), Layer.provide(AccountLease.layerInProcess)),
      tokens,
      NodeHttpServer.layerHttpServices,
    ),
  )
  const monitors = Context.get(context, AccountMonitors)
  // Homes first: whoever is let in sees a home, not an empty house.
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
