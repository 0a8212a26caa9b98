import type { IncomingHttpHeaders } from "node:http"
import type { Limits } from "../Limits.ts"
import type { Stats } from "./Stats.ts"
import { targetOf } from "./targetOf.ts"

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
interface Asking {
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
  check(request: Asking): Rejection | null
  /** Counts a connection in, or says why not. */
  enter(address: string): Rejection | null
  leave(address: string): void
  failedAuth(address: string): void
  addressOf(request: Asking): string
}

/** The name in a `Host` header, without its port. */
const nameIn = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")

/** No name can be pointed at an address that stands there itself. */
const isOwnAddress = (name: string, { socket }: Asking): boolean =>
  name === socket.localAddress?.replace(/^::ffff:(?=\d+\.)/, "")

const secretNames = ["token", "access_token", "auth", "authorization", "code"]

/**
 * Without these checks any web page could reach a server on this machine: by its `Origin` in plain sight, or under a
 * name of its own that it has pointed at 127.0.0.1 (`Host`).
 */
export const makeAdmission = (options: AdmissionOptions): Admission => {
  const { hosts, allowedOrigins, limits, stats } = options
  const perAddress = new Map<string, number>()
  const failures = new Map<string, { count: number; since: number }>()
  let total = 0

  const reject = (status: Rejection["status"], reason: string): Rejection => {
    stats.refusedUpgrades += 1
    return { status, reason }
  }

  const tooManyFailures = (address: string): boolean => {
    const known = failures.get(address)
    if (known === undefined) return false
    if (options.now() - known.since < 60_000) return known.count >= limits.failedAuthsPerMinute
    failures.delete(address)
    return false
  }

  const addressOf = (request: Asking): string => {
    const forwarded = request.headers["x-forwarded-for"]
    if (options.trustProxy && typeof forwarded === "string") return forwarded.split(",").at(-1)?.trim() ?? ""
    return request.socket.remoteAddress ?? "local"
  }

  return {
    addressOf,
    check: (request) => {
      const { host, origin } = request.headers
      const name = host === undefined ? "" : nameIn(host)
      if (!hosts.has(name) && !isOwnAddress(name, request))
        return reject(403, "this server is not known under that name (Host)")
      if (origin !== undefined) {
        const own = [`http://${host}`, `https://${host}`]
        if (!own.includes(origin.toLowerCase()) && !allowedOrigins.has(origin.toLowerCase()))
          return reject(403, "pages of that origin may not connect (Origin)")
      }
      const target = targetOf(request.url)
      if (secretNames.some((name) => target?.searchParams.has(name)))
        return reject(400, "a secret in an address ends up in logs: send it in a header or a message")
      if (tooManyFailures(addressOf(request))) return reject(429, "too many wrong tokens; wait a minute")
      return null
    },
    enter: (address) => {
      if (total >= limits.maxPeers) return reject(503, "too many connections")
      const here = perAddress.get(address) ?? 0
      if (here >= limits.maxPeersPerAddress) return reject(429, "too many connections from this address")
      total += 1
      perAddress.set(address, here + 1)
      return null
    },
    leave: (address) => {
      total -= 1
      const here = (perAddress.get(address) ?? 1) - 1
      if (here === 0) perAddress.delete(address)
      else perAddress.set(address, here)
    },
    failedAuth: (address) => {
      stats.failedAuths += 1
      const now = options.now()
      const known = failures.get(address)
      if (known === undefined || now - known.since >= 60_000) {
        // Bounded: whoever is forgotten here only gets its tries back.
        if (failures.size >= 10_000) failures.clear()
        failures.set(address, { count: 1, since: now })
      } else known.count += 1
    },
  }
}
