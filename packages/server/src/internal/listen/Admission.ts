import type { CloseCode } from "@blink-streams/protocol"
import { Clock, Context, Effect, FiberSet, Layer } from "effect"
import type { IncomingHttpHeaders } from "node:http"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { loopbackHosts, ServerConfig } from "../ServerConfig.ts"
import { ConnectionCounts } from "./ConnectionCounts.ts"
import { FailedAuths } from "./FailedAuths.ts"
import { RefusedOrigins } from "./RefusedOrigins.ts"
import { requestUrl } from "./requestUrl.ts"

/** The parts of a request that admission reads. */
interface AdmissionRequest {
  readonly headers: IncomingHttpHeaders
  readonly url?: string | undefined
  readonly socket: { readonly remoteAddress?: string | undefined; readonly localAddress?: string | undefined }
}

/** Status and text for a request that is rejected before it is handled. */
interface Rejection {
  readonly status: 400 | 403 | 429 | 503
  readonly reason: string
  /** Close code for a websocket. Browsers hide the status of a rejected upgrade from the page that requested it. */
  readonly closeCode?: CloseCode
}

/** Returns the host name of a `Host` header in lower case, without port and IPv6 brackets. */
const hostName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")

/** True when `Host` is the IP address that the connection came in on. DNS rebinding needs a name, so this is safe. */
const isOwnAddress = (name: string, { socket }: AdmissionRequest): boolean =>
  name === socket.localAddress?.replace(/^::ffff:(?=\d+\.)/, "")

/** True when the page of `origin` came from this server. */
const isOwnOrigin = (origin: string, host: string | undefined): boolean =>
  [`http://${host}`, `https://${host}`].includes(origin)

/** True when the page of `origin` came from a web server of this machine, on any port. */
const isLoopbackOrigin = (origin: string): boolean =>
  loopbackHosts.includes(hostName(URL.parse(origin)?.hostname ?? ""))

const secretParameters = ["token", "access_token", "auth", "authorization", "code"]

const hasSecret = ({ url }: AdmissionRequest): boolean => {
  const parameters = requestUrl(url)?.searchParams
  return secretParameters.some((name) => parameters?.has(name))
}

const makeAdmission = Effect.gen(function* () {
  const { hosts, allowedOrigins, allowsLoopback, limits, trustProxy } = yield* ServerConfig
  const metrics = yield* ServerMetrics
  const clock = yield* Clock.Clock
  const connections = new ConnectionCounts()
  const failedAuths = new FailedAuths()
  const refusedOrigins = new RefusedOrigins()
  const run = yield* FiberSet.makeRuntime<never, void, never>()

  const isAllowed = (origin: string, host: string | undefined): boolean =>
    isOwnOrigin(origin, host) || allowedOrigins.has(origin) || (allowsLoopback && isLoopbackOrigin(origin))

  const reject = (status: Rejection["status"], reason: string): Rejection => {
    metrics.rejectedRequests += 1
    return { status, reason }
  }

  const addressOf = (request: AdmissionRequest): string => {
    const forwarded = request.headers["x-forwarded-for"]
    if (trustProxy && typeof forwarded === "string") return forwarded.split(",").at(-1)?.trim() ?? ""
    return request.socket.remoteAddress ?? "local"
  }

  return Admission.of({
    addressOf,
    check: (request) => {
      const { host, origin } = request.headers
      const name = host === undefined ? "" : hostName(host)
      if (!hosts.has(name) && !isOwnAddress(name, request))
        return reject(403, "the host name is not allowed (Host)")
      if (hasSecret(request))
        return reject(400, "secrets in URLs end up in logs: send the token in a header or a message")
      if (
        failedAuths.countOf(addressOf(request), clock.currentTimeMillisUnsafe()) >=
        limits.failedAuthsPerMinute
      )
        return reject(429, "too many wrong tokens; wait a minute")
      if (origin === undefined || isAllowed(origin.toLowerCase(), host)) return null
      if (refusedOrigins.isNew(origin))
        run(
          Effect.logWarning(
            `a web page of ${origin} was refused: if it is yours, allow it with --allow-origin ${origin} (option allowedOrigins)`,
          ),
        )
      const rejection = reject(403, "the server does not allow web pages of this origin (Origin)")
      return { ...rejection, closeCode: 4406 }
    },
    acquireConnection: (address) => {
      if (connections.total >= limits.maxPeers) return reject(503, "too many connections")
      if (connections.of(address) >= limits.maxPeersPerAddress)
        return reject(429, "too many connections from this address")
      connections.add(address)
      return null
    },
    releaseConnection: (address) => connections.remove(address),
    failedAuth: (address) => {
      metrics.failedAuths += 1
      failedAuths.add(address, clock.currentTimeMillisUnsafe())
    },
  })
})

/**
 * The admission check, which keeps other web pages from reaching a local server: `Origin` stops cross-site connections,
 * `Host` stops DNS rebinding (a name of the attacker that resolves to 127.0.0.1).
 */
export class Admission extends Context.Service<
  Admission,
  {
    /**
     * Checks `Host`, `Origin`, secrets in the URL and failed authentications of the address, for upgrades and plain
     * requests.
     */
    check(request: AdmissionRequest): Rejection | null
    /** Counts a connection. Returns a rejection when the server or the address has too many. */
    acquireConnection(address: string): Rejection | null
    releaseConnection(address: string): void
    /** Counts a wrong token or code. */
    failedAuth(address: string): void
    /**
     * Returns the client's address. Behind a trusted proxy that is the last entry of `X-Forwarded-For`, because the proxy
     * added it.
     */
    addressOf(request: AdmissionRequest): string
  }
>()("@blink-streams/server/Admission") {
  static readonly layer: Layer.Layer<Admission, never, ServerConfig | ServerMetrics> = Layer.effect(
    Admission,
    makeAdmission,
  )
}
