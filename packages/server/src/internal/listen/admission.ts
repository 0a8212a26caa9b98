import type { IncomingHttpHeaders } from "node:http"
import type { Limits } from "../../Limits.ts"
import type { Stats } from "../metrics/Stats.ts"
import { requestUrl } from "./requestUrl.ts"

export interface AdmissionOptions {
  /** Names under which this server may be asked. The port is free: a tunnel may have another. */
  readonly hosts: ReadonlySet<string>
  /** Pages that may talk to it, beside its own. */
  readonly allowedOrigins: ReadonlySet<string>
  /** Whether a proxy in front names the client in `X-Forwarded-For`. */
  readonly trustProxy: boolean
  readonly limits: Limits
  readonly stats: Stats
  now(): number
}

/** The part of a request that is looked at. */
interface AdmissionRequest {
  readonly headers: IncomingHttpHeaders
  readonly url?: string | undefined
  readonly socket: { readonly remoteAddress?: string | undefined; readonly localAddress?: string | undefined }
}

/** Why a request is turned away before anything of it is read. */
interface Rejection {
  readonly status: 400 | 403 | 429 | 503
  readonly reason: string
}

export interface Admission {
  /** Checks `Host`, `Origin` and the address's tries; for upgrades and plain requests alike. */
  check(request: AdmissionRequest): Rejection | null
  /** Counts a connection in, or says why not. */
  acquireConnection(address: string): Rejection | null
  releaseConnection(address: string): void
  failedAuth(address: string): void
  addressOf(request: AdmissionRequest): string
}

/** The name in a `Host` header, without its port. */
const hostName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")

/** No name can be pointed at an address that stands there itself. */
const isOwnAddress = (name: string, { socket }: AdmissionRequest): boolean =>
  name === socket.localAddress?.replace(/^::ffff:(?=\d+\.)/, "")

const secretParameters = ["token", "access_token", "auth", "authorization", "code"]

/**
 * Without these checks any web page could reach a server on this machine: by its `Origin` in plain sight, or under a
 * name of its own that it has pointed at 127.0.0.1 (`Host`).
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
        return reject(403, "this server is not known under that name (Host)")
      if (origin !== undefined) {
        const ownOrigins = [`http://${host}`, `https://${host}`]
        if (!ownOrigins.includes(origin.toLowerCase()) && !allowedOrigins.has(origin.toLowerCase()))
          return reject(403, "pages of that origin may not connect (Origin)")
      }
      const url = requestUrl(request.url)
      if (secretParameters.some((name) => url?.searchParams.has(name)))
        return reject(400, "a secret in an address ends up in logs: send it in a header or a message")
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
        // Bounded: whoever is forgotten here only gets its tries back.
        if (failures.size >= 10_000) failures.clear()
        failures.set(address, { count: 1, since: now })
      } else entry.count += 1
    },
  }
}
