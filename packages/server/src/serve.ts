import { AccountMonitors } from "@blink-streams/events"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Clock, Effect } from "effect"
import { randomBytes } from "node:crypto"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { makeCommandService } from "./internal/commands/CommandService.ts"
import { makeAuthorize } from "./internal/http/authorize.ts"
import { makeHttpApp } from "./internal/http/httpApp.ts"
import { makeAdmission } from "./internal/listen/admission.ts"
import { handleCors } from "./internal/listen/cors.ts"
import { listen, makeHttpServer } from "./internal/listen/httpServer.ts"
import { requestUrl } from "./internal/listen/requestUrl.ts"
import { makeMediaCache } from "./internal/media/MediaCache.ts"
import { MediaUrlSigner } from "./internal/media/MediaUrlSigner.ts"
import { makeStats } from "./internal/metrics/Stats.ts"
import { makeHub } from "./internal/replay/Hub.ts"
import { attachSockets } from "./internal/socket/attachSockets.ts"
import { makePeers } from "./internal/socket/peers.ts"
import { defaultLimits, type Limits } from "./Limits.ts"
import { ListenFailed } from "./ListenFailed.ts"
import type { RunningServer, ServeOptions } from "./ServeOptions.ts"
import { Tokens } from "./Tokens.ts"

const loopbackHosts = ["127.0.0.1", "localhost", "::1"]

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

const rejectRequest = (response: ServerResponse, status: number, reason: string) => {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" })
  response.end(`${reason}\n`)
}

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
  const monitors = yield* AccountMonitors
  const tokens = yield* Tokens
  const clock = yield* Clock.Clock
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const {
    host = "127.0.0.1",
    port = 25465,
    socketPath,
    tls,
    allowedHosts = [],
    allowedOrigins = [],
  } = options
  const prefix = (options.path ?? "").replace(/\/+$/, "")
  const isShared = options.server !== undefined
  const isReachable = !isShared && socketPath === undefined && !loopbackHosts.includes(host)
  if (isReachable && !(yield* tokens.hasAny))
    return yield* new ListenFailed({ host, port, code: "TOKEN_NEEDED" })

  const stats = makeStats()
  const mediaUrls = new MediaUrlSigner(randomBytes(32), prefix)
  const mediaCache = yield* makeMediaCache({ maxBytes: options.cacheBytes ?? 256 * 1024 * 1024 })
  const commands = yield* makeCommandService(monitors, mediaUrls)
  const hub = yield* makeHub({ monitors, limits, mediaUrls, stats })
  const admission = makeAdmission({
    hosts: new Set([...loopbackHosts, host, ...allowedHosts].map((name) => name.toLowerCase())),
    allowedOrigins: new Set(allowedOrigins.map((origin) => origin.toLowerCase())),
    trustProxy: options.trustProxy ?? false,
    limits,
    stats,
    now: () => clock.currentTimeMillisUnsafe(),
  })
  const peers = yield* makePeers({
    onFailedAuth: (address) => admission.failedAuth(address),
    hub,
    monitors,
    tokens,
    commands,
    limits,
    stats,
    server: { name: options.name ?? "blink-streams", version: options.version ?? "0.0.0" },
    schema: `${prefix}/schema/v1/asyncapi.json`,
  })
  const app = yield* makeHttpApp({
    monitors,
    hub,
    commands,
    mediaCache,
    stats,
    mediaUrls,
    limits,
    tokens,
    admission,
    authorize: makeAuthorize(tokens, admission),
    ...(options.staticDir === undefined ? {} : { staticDir: options.staticDir }),
    // A missing `staticDir` is a programming error.
  }).pipe(Effect.orDie)
  const handler = yield* NodeHttpServer.makeHandler(app, { scope: yield* Effect.scope })

  const isOwnPath = ({ url }: IncomingMessage) => {
    const pathname = requestUrl(url)?.pathname
    return pathname !== undefined && (pathname === prefix || pathname.startsWith(`${prefix}/`))
  }
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    if (!isOwnPath(request)) {
      if (!isShared) rejectRequest(response, 404, "nothing at this path")
      return
    }
    const rejection = admission.check(request)
    if (rejection !== null) return rejectRequest(response, rejection.status, rejection.reason)
    if (handleCors(request, response)) return
    request.url = (request.url ?? "/").slice(prefix.length) || "/"
    handler(request, response)
  }
  const listenOptions = { host, port, socketPath, tls, handshakeMs: limits.authDeadlineMs }
  const server = options.server ?? (yield* makeHttpServer(listenOptions))
  yield* Effect.acquireRelease(
    Effect.sync(() => server.on("request", onRequest)),
    () => Effect.sync(() => server.off("request", onRequest)),
  )
  yield* attachSockets({ server, peers, admission, limits, stats, isOwnPath, isShared })
  if (!isShared) yield* listen(server, listenOptions)

  const tlsSuffix = tls === undefined ? "" : "s"
  const authority = `${host.includes(":") ? `[${host}]` : host}:${portOf(server)}`
  const urlFor = (scheme: string) =>
    socketPath === undefined
      ? `${scheme}${tlsSuffix}://${authority}${prefix}/`
      : `${scheme}+unix:${socketPath}:${prefix}/`
  const runningServer: RunningServer = { url: urlFor("http"), socketUrl: urlFor("ws"), port: portOf(server) }
  return runningServer
})
