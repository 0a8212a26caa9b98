import { Homes } from "@blink-streams/events/Homes"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Clock, Effect } from "effect"
import { randomBytes } from "node:crypto"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { makeCommandDesk } from "./CommandDesk.ts"
import { makeAdmission } from "./internal/admission.ts"
import { makeHub } from "./internal/Hub.ts"
import { makeAuthorize } from "./internal/http/authorize.ts"
import { makeHttpApp } from "./internal/http/httpApp.ts"
import { answersOtherOrigin } from "./internal/otherOrigin.ts"
import { listen, ownServer } from "./internal/ownServer.ts"
import { makePeers } from "./internal/peers.ts"
import { attachSockets } from "./internal/sockets.ts"
import { makeStats } from "./internal/Stats.ts"
import { targetOf } from "./internal/targetOf.ts"
import { defaultLimits, type Limits } from "./Limits.ts"
import { ListenFailed } from "./ListenFailed.ts"
import { MediaAddress } from "./MediaAddress.ts"
import { makeMediaCache } from "./MediaCache.ts"
import type { Running, ServeOptions } from "./ServeOptions.ts"
import { Tokens } from "./Tokens.ts"

const loopback = ["127.0.0.1", "localhost", "::1"]

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

const refuse = (response: ServerResponse, status: number, reason: string) => {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" })
  response.end(`${reason}\n`)
}

/**
 * Serves all homes on one port: websocket, page, state, events, commands, media, health. Stops with the scope, after
 * it has told every peer.
 *
 * **Errors.** `ListenFailed`. A server that was handed in is listened with by its owner.
 */
export const serve = Effect.fn("serve")(function* (options: ServeOptions = {}) {
  const homes = yield* Homes
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
  const shared = options.server !== undefined
  const reachable = !shared && socketPath === undefined && !loopback.includes(host)
  if (reachable && !(yield* tokens.hasAny))
    return yield* new ListenFailed({ host, port, code: "TOKEN_NEEDED" })

  const stats = makeStats()
  const media = new MediaAddress(randomBytes(32), prefix)
  const cache = yield* makeMediaCache({ maxBytes: options.cacheBytes ?? 256 * 1024 * 1024 })
  const desk = yield* makeCommandDesk(homes, media)
  const hub = yield* makeHub({ homes, limits, media, stats })
  const admission = makeAdmission({
    hosts: new Set([...loopback, host, ...allowedHosts].map((name) => name.toLowerCase())),
    allowedOrigins: new Set(allowedOrigins.map((origin) => origin.toLowerCase())),
    trustProxy: options.trustProxy ?? false,
    limits,
    stats,
    now: () => clock.currentTimeMillisUnsafe(),
  })
  const peers = yield* makePeers({
    onFailedAuth: (address) => admission.failedAuth(address),
    hub,
    homes,
    tokens,
    desk,
    limits,
    stats,
    server: { name: options.name ?? "blink-streams", version: options.version ?? "0.0.0" },
    schema: `${prefix}/schema/v1/asyncapi.json`,
  })
  const app = yield* makeHttpApp({
    homes,
    hub,
    desk,
    cache,
    stats,
    media,
    limits,
    tokens,
    admission,
    authorize: makeAuthorize(tokens, admission),
    ...(options.staticDir === undefined ? {} : { staticDir: options.staticDir }),
    // A folder that was handed in and is not there is a fault of the program.
  }).pipe(Effect.orDie)
  const handler = yield* NodeHttpServer.makeHandler(app, { scope: yield* Effect.scope })

  const isOurs = ({ url }: IncomingMessage) => {
    const path = targetOf(url)?.pathname
    return path !== undefined && (path === prefix || path.startsWith(`${prefix}/`))
  }
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    if (!isOurs(request)) {
      if (!shared) refuse(response, 404, "there is nothing at this path")
      return
    }
    const rejection = admission.check(request)
    if (rejection !== null) return refuse(response, rejection.status, rejection.reason)
    if (answersOtherOrigin(request, response)) return
    request.url = (request.url ?? "/").slice(prefix.length) || "/"
    handler(request, response)
  }
  const listening = { host, port, socketPath, tls, handshakeMs: limits.authDeadlineMs }
  const server = options.server ?? (yield* ownServer(listening))
  yield* Effect.acquireRelease(
    Effect.sync(() => server.on("request", onRequest)),
    () => Effect.sync(() => server.off("request", onRequest)),
  )
  yield* attachSockets({ server, peers, admission, limits, stats, isOurs, shared })
  if (!shared) yield* listen(server, listening)

  const secure = tls === undefined ? "" : "s"
  const authority = `${host.includes(":") ? `[${host}]` : host}:${portOf(server)}`
  const place = (scheme: string) =>
    socketPath === undefined
      ? `${scheme}${secure}://${authority}${prefix}/`
      : `${scheme}+unix:${socketPath}:${prefix}/`
  const running: Running = { url: place("http"), socketUrl: place("ws"), port: portOf(server) }
  return running
})
