import type { BlinkAccount, BlinkError } from "@blink-streams/core"
import { AccountLease, EventLog, type HomeOptions, Homes } from "@blink-streams/events"
import { Tokens, serve } from "@blink-streams/server"
import { NodeServices } from "@effect/platform-node"
import { Context, Effect, Layer, Redacted } from "effect"
import type { Server } from "node:http"

/** An account that is signed in. */
export interface AccountToServe {
  readonly services: Layer.Layer<BlinkAccount.BlinkServices, BlinkError>
  /** With it a lost session can be mended from the dashboard. */
  readonly email?: string
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
  readonly allowedOrigins: ReadonlyArray<string>
  /** A server to mount on, for TLS; plain http without one. */
  readonly server: Server | null
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

/** Everything from the cloud to the socket, in one scope: accounts, log, and the server over them. */
export const broadcast = Effect.fn("broadcast")(function* (options: BroadcastOptions) {
  const log = options.log === null ? EventLog.layerMemory : EventLog.layerSqlite({ filename: options.log })
  const tokens =
    options.tokens === null
      ? Tokens.layerMemory(options.admin)
      : Tokens.layerFile(options.tokens, options.admin).pipe(Layer.provide(NodeServices.layer))
  const context = yield* Layer.build(
    Layer.mergeAll(
      Homes.layer.pipe(Layer.provideMerge(log), Layer.provide(AccountLease.layerInProcess)),
      tokens,
    ),
  )
  const homes = Context.get(context, Homes)
  // The page is up at once; homes join as the cloud answers.
  const { url, port } = yield* serve({
    host: options.host,
    port: options.port,
    allowedOrigins: options.allowedOrigins,
    ...(options.page === null ? {} : { staticDir: options.page }),
    ...(options.server === null ? {} : { server: options.server }),
  }).pipe(Effect.provideContext(context))
  for (const { services, email } of options.accounts)
    yield* homes.add(services, { ...options.cadence, ...(email === undefined ? {} : { email }) })
  const code = yield* Context.get(context, Tokens).makeCode()
  const link = new URL(url)
  link.hash = `code=${Redacted.value(code)}`
  return { port, websocket: url.replace(/^http/, "ws"), link: link.href, homes } satisfies Broadcasting
})
