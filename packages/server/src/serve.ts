import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer } from "effect"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { makeHttpApp } from "./internal/http/httpApp.ts"
import { Admission } from "./internal/listen/Admission.ts"
import { handleCors } from "./internal/listen/cors.ts"
import { listen, makeHttpServer } from "./internal/listen/httpServer.ts"
import { isOwnPath } from "./internal/listen/requestUrl.ts"
import { ServerConfig } from "./internal/ServerConfig.ts"
import { serverLayer } from "./internal/serverLayer.ts"
import { attachSockets } from "./internal/socket/attachSockets.ts"
import { ListenFailed } from "./ListenFailed.ts"
import type { RunningServer, ServeOptions } from "./ServeOptions.ts"
import { Tokens } from "./Tokens.ts"

const rejectRequest = (response: ServerResponse, status: number, reason: string) => {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" })
  response.end(`${reason}\n`)
}

/** Makes the listener of the `request` events of an HTTP server. */
const makeOnRequest = Effect.gen(function* () {
  const admission = yield* Admission
  const { prefix, sharedServer } = yield* ServerConfig
  // A missing `staticDir` is a programming error.
  const app = yield* Effect.orDie(makeHttpApp)
  const handler = yield* NodeHttpServer.makeHandler(app, { scope: yield* Effect.scope })
  return (request: IncomingMessage, response: ServerResponse) => {
    if (!isOwnPath(request.url, prefix)) {
      if (sharedServer === undefined) rejectRequest(response, 404, "nothing at this path")
      return
    }
    const rejection = admission.check(request)
    if (rejection !== null) return rejectRequest(response, rejection.status, rejection.reason)
    if (handleCors(request, response)) return
    request.url = (request.url ?? "/").slice(prefix.length) || "/"
    handler(request, response)
  }
})

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

const toRunningServer = (
  { host, socketPath, tls, prefix }: ServerConfig["Service"],
  port: number,
): RunningServer => {
  const tlsSuffix = tls === undefined ? "" : "s"
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`
  const urlFor = (scheme: string) =>
    socketPath === undefined
      ? `${scheme}${tlsSuffix}://${authority}${prefix}/`
      : `${scheme}+unix:${socketPath}:${prefix}/`
  return { url: urlFor("http"), socketUrl: urlFor("ws"), port }
}

const startServer = Effect.gen(function* () {
  const config = yield* ServerConfig
  const { host, port, socketPath, tls, limits, sharedServer } = config
  const onRequest = yield* makeOnRequest
  const listenOptions = { host, port, socketPath, tls, handshakeMs: limits.authDeadlineMs }
  const server = sharedServer ?? (yield* makeHttpServer(listenOptions))
  yield* Effect.acquireRelease(
    Effect.sync(() => server.on("request", onRequest)),
    () => Effect.sync(() => server.off("request", onRequest)),
  )
  yield* attachSockets(server)
  if (sharedServer === undefined) yield* listen(server, listenOptions)
  return toRunningServer(config, portOf(server))
})

/**
 * Serves all accounts on one port: websocket, web page, state, events, commands, media, tokens, health and metrics.
 * Closing the scope sends `shutdown` to every peer and stops the server.
 *
 * **Defaults.** `http://127.0.0.1:25465/`; see `ServeOptions` and `defaultLimits`.
 *
 * **Errors.** `ListenFailed`, also when the address is not loopback and no token exists. With `options.server` you call
 * `listen` yourself.
 *
 * @example
 * ```ts
 * import { AccountLease, AccountMonitors, EventLog } from "@blink-streams/events"
 * import { serve, Tokens } from "@blink-streams/server"
 * import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
 * import { Effect, Layer, Redacted } from "effect"
 *
 * const layer = Layer.mergeAll(
 *   AccountMonitors.layer.pipe(Layer.provide(EventLog.layerMemory), Layer.provide(AccountLease.layerInProcess)),
 *   Tokens.layerMemory(Redacted.make("an admin token")),
 *   NodeHttpServer.layerHttpServices,
 * )
 * const program = Effect.andThen(serve({ port: 25465 }), Effect.never)
 * await Effect.runPromise(Effect.scoped(program).pipe(Effect.provide(layer)))
 * ```
 */
export const serve = Effect.fn("serve")(function* (options: ServeOptions = {}) {
  const tokens = yield* Tokens
  const config = ServerConfig.resolve(options)
  const { host, port, isReachable } = config
  if (isReachable && !(yield* tokens.hasAny))
    return yield* new ListenFailed({ host, port, code: "TOKEN_NEEDED" })
  const services = yield* Layer.build(Layer.provideMerge(serverLayer, Layer.succeed(ServerConfig, config)))
  return yield* Effect.provideContext(startServer, services)
})
