import type { BlinkAccount, BlinkError } from "@blink-streams/core"
import { AccountLease, EventLog, type HomeOptions, Homes } from "@blink-streams/events"
import { ListenFailed, Tokens, serve } from "@blink-streams/server"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Context, Effect, Layer, Redacted } from "effect"
import { createServer } from "node:https"
import type { Server } from "node:http"

/** An account that is signed in. */
export interface AccountToServe {
  readonly services: Layer.Layer<BlinkAccount.BlinkServices, BlinkError>
  /** With it a lost session can be mended from the dashboard. */
  readonly email?: string
}

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

export interface BroadcastOptions {
  readonly accounts: ReadonlyArray<AccountToServe>
  readonly cadence: HomeOptions
  /** The SQLite file of the log; `null` keeps it in memory only. */
  readonly log: string | null
  /** The file with the hashes of other programs' tokens; `null` keeps them in memory only. */
  readonly tokens: string | null
  /** Accepted with every scope. */
  readonly admin: Redacted.Redacted
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
  /** The built dashboard; `null` serves none. */
  readonly page: string | null
  readonly allowedHosts: ReadonlyArray<string>
  readonly allowedOrigins: ReadonlyArray<string>
  /** `null` for plain http. */
  readonly certificate: Certificate | null
  readonly version: string
}

/** Where it can be reached while its scope is open. */
export interface Broadcasting {
  readonly port: number
  /** `ws://…` or `wss://…` */
  readonly websocket: string
  /** Opens the dashboard signed in, once. */
  readonly link: string
  readonly homes: Homes["Service"]
}

/** The server of this package speaks plain http by itself; TLS comes from one that it is mounted on. */
const tlsServer = (certificate: Certificate, host: string, port: number) =>
  Effect.acquireRelease(
    Effect.callback<Server, ListenFailed>((resume) => {
      const server = createServer(certificate)
      server.once("error", (error: NodeJS.ErrnoException) =>
        resume(Effect.fail(new ListenFailed({ host, port, code: error.code ?? error.message }))),
      )
      server.listen(port, host, () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      }),
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
      Homes.layer.pipe(Layer.provide(log), Layer.provide(AccountLease.layerInProcess)),
      tokens,
      NodeHttpServer.layerHttpServices,
    ),
  )
  const homes = Context.get(context, Homes)
  // Homes first: whoever is let in sees a home, not an empty house.
  for (const { services, email } of options.accounts)
    yield* homes.add(services, { ...options.cadence, ...(email === undefined ? {} : { email }) })
  const server = certificate === null ? null : yield* tlsServer(certificate, host, options.port)
  const { url, socketUrl, port } = yield* serve({
    host,
    port: options.port,
    allowedHosts: options.allowedHosts,
    allowedOrigins: options.allowedOrigins,
    version: options.version,
    ...(options.page === null ? {} : { staticDir: options.page }),
    ...(server === null ? {} : { server }),
  }).pipe(Effect.provideContext(context))
  const secure = (address: string): string =>
    certificate === null ? address : address.replace(/^(http|ws):/, "$1s:")
  const code = yield* Context.get(context, Tokens).makeCode()
  const broadcasting: Broadcasting = {
    port,
    websocket: secure(socketUrl),
    link: `${secure(url)}#code=${Redacted.value(code)}`,
    homes,
  }
  return broadcasting
})
