import type { IncomingHttpHeaders } from "node:http"
import type { Limits } from "../../Limits.ts"
import type { Stats } from "../metrics/Stats.ts"
import { requestUrl } from "./requestUrl.ts"

export interface AdmissionOptions {
  /** Host names that `Host` may contain. The port is not checked, because a tunnel may use another one. */
  readonly hosts: ReadonlySet<string>
  /** Origins of web pages that may connect, in addition to the server's own. */
  readonly allowedOrigins: ReadonlySet<string>
  /** True when a proxy in front sets `X-Forwarded-For`. The last entry is then the client's address. */
  readonly trustProxy: boolean
  readonly limits: Limits
  readonly stats: Stats
  now(): number
}

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
}

export interface Admission {
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
  /** Returns the client's address. */
  addressOf(request: AdmissionRequest): string
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

const secretParameters = ["token", "access_token", "auth", "authorization", "code"]

/**
 * Makes the admission check, which keeps other web pages from reaching a local server: `Origin` stops cross-site
 * connections, `Host` stops DNS rebinding (a name of the attacker that resolves to 127.0.0.1).
 */
export const makeAdmission = (options: AdmissionOptions): Admission => {
  const { hosts, allowedOrigins, limits, stats } = options
  const connectionsByAddress = new Map<string, number>()
  const failures = new Map<string, { count: number; since: number }>()
  let total = 0

  const reject = (status: Rejection["status"], reason: string): Rejection => {
    stats.rejectedRequests += 1
    return { status, reason }
  }

  const tooManyFailures = (address: string): boolean => {
    const entry = failures.get(address)
    if (entry === undefined) return false
    if (options.now() - entry.since < 60_000) return entry.count >= limits.failedAuthsPerMinute
    failures.delete(address)
    return false
  }

  const addressOf = (request: AdmissionRequest): string => {
    const forwarded = request.headers["x-forwarded-for"]
    if (options.trustProxy && typeof forwarded === "string") return forwarded.split(",").at(-1)?.trim() ?? ""
    return request.socket.remoteAddress ?? "local"
  }

  return {
    addressOf,
    check: (request) => {
      const { host, origin } = request.headers
      const name = host === undefined ? "" : hostName(host)
      if (!hosts.has(name) && !isOwnAddress(name, request))
        return reject(403, "the host name is not allowed (Host)")
      if (origin !== undefined) {
        const ownOrigins = [`http://${host}`, `https://${host}`]
        if (!ownOrigins.includes(origin.toLowerCase()) && !allowedOrigins.has(origin.toLowerCase()))
          return reject(403, "the origin is not allowed (Origin)")
      }
      const url = requestUrl(request.url)
      if (secretParameters.some((name) => url?.searchParams.has(name)))
        return reject(400, "secrets in URLs end up in logs: send the token in a header or a message")
      if (tooManyFailures(addressOf(request))) return reject(429, "too many wrong tokens; wait a minute")
      return null
    },
    acquireConnection: (address) => {
      if (total >= limits.maxPeers) return reject(503, "too many connections")
      const connections = connectionsByAddress.get(address) ?? 0
      if (connections >= limits.maxPeersPerAddress)
        return reject(429, "too many connections from this address")
      total += 1
      connectionsByAddress.set(address, connections + 1)
      return null
    },
    releaseConnection: (address) => {
      total -= 1
      const connections = (connectionsByAddress.get(address) ?? 1) - 1
      if (connections === 0) connectionsByAddress.delete(address)
      else connectionsByAddress.set(address, connections)
    },
    failedAuth: (address) => {
      stats.failedAuths += 1
      const now = options.now()
      const entry = failures.get(address)
      if (entry === undefined || now - entry.since >= 60_000) {
        // Bounded. A dropped entry only resets the failure count of an address.
        if (failures.size >= 10_000) failures.clear()
        failures.set(address, { count: 1, since: now })
      } else entry.count += 1
    },
  }
}
