import { Context } from "effect"
import { defaultLimits, type Limits } from "../Limits.ts"
import type { ServeOptions } from "../ServeOptions.ts"

/** Names and addresses of this machine, as in a URL without brackets. */
export const loopbackHosts = ["127.0.0.1", "localhost", "::1"]

/** Stands for the origins of all pages of this machine. */
const anyLoopback = "loopback"

const resolveOptions = (options: ServeOptions) => {
  const { host = "127.0.0.1", socketPath, allowedHosts = [], allowedOrigins = [] } = options
  const limits: Limits = { ...defaultLimits, ...options.limits }
  return {
    limits,
    host,
    port: options.port ?? 25465,
    socketPath,
    tls: options.tls,
    /** Base path of all routes without a slash at its end; empty for the root. */
    prefix: (options.path ?? "").replace(/\/+$/, ""),
    /** HTTP server of the caller, who serves everything outside of `prefix`. */
    sharedServer: options.server,
    /** True when machines other than this one may connect. */
    isReachable: options.server === undefined && socketPath === undefined && !loopbackHosts.includes(host),
    /** Host names that `Host` may contain. The port is not checked, because a tunnel may use another one. */
    hosts: new Set([...loopbackHosts, host, ...allowedHosts].map((name) => name.toLowerCase())),
    /** Origins of web pages that may connect, in addition to the server's own. */
    allowedOrigins: new Set(
      allowedOrigins.map((origin) => origin.toLowerCase()).filter((origin) => origin !== anyLoopback),
    ),
    /** True when all pages of this machine may connect. */
    allowsLoopback: allowedOrigins.includes(anyLoopback),
    trustProxy: options.trustProxy ?? false,
    staticDir: options.staticDir,
    name: options.name ?? "blink-streams",
    version: options.version ?? "0.0.0",
    cacheBytes: options.cacheBytes ?? 256 * 1024 * 1024,
  }
}

/** The options of `serve`, with their defaults. */
export class ServerConfig extends Context.Service<ServerConfig, ReturnType<typeof resolveOptions>>()(
  "@blink-streams/server/ServerConfig",
) {
  static readonly resolve = resolveOptions
}
