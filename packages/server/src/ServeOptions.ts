import type { Server } from "node:http"
import type { Limits } from "./Limits.ts"

/** Certificate and private key in PEM format. */
export interface Certificate {
  readonly cert: string | Buffer
  readonly key: string | Buffer
}

/** Options of `serve`. All are optional. */
export interface ServeOptions {
  /** HTTP server of yours to mount on; you call its `listen`. Default: a server of its own, closed with the scope. */
  readonly server?: Server
  /** Base path of all routes, for example `/cameras`. Default: the root. */
  readonly path?: string
  /** Address to listen on. Default: `127.0.0.1`. Any address but loopback requires that a token exists. */
  readonly host?: string
  /** Port to listen on. Default: 25465. 0 selects a free port. */
  readonly port?: number
  /** Path of a Unix socket, instead of host and port. The stale file of a killed process is replaced. */
  readonly socketPath?: string
  /** Serves HTTPS and secure websockets. Default: plain HTTP. */
  readonly tls?: Certificate
  /** Further host names in `Host`, for example `cameras.example.org`. Default: only loopback names and `host`. */
  readonly allowedHosts?: ReadonlyArray<string>
  /**
   * Origins of other web pages that may connect, for example `https://panel.example.org`. `loopback` allows all pages of
   * this machine, on any port. Default: none.
   */
  readonly allowedOrigins?: ReadonlyArray<string>
  /** True when a proxy in front sets `X-Forwarded-For`. Default: false. */
  readonly trustProxy?: boolean
  /** Overrides of `defaultLimits`. */
  readonly limits?: Partial<Limits>
  /** Folder with a built web page, served at `/`. Default: a line of text. */
  readonly staticDir?: string
  /** Server name in `hello`. Default: `blink-streams`. */
  readonly name?: string
  /** Server version in `hello`. Default: `0.0.0`. */
  readonly version?: string
  /** Size of the media cache on disk, in bytes. Default: 256 MiB. */
  readonly cacheBytes?: number
}

/** URLs of a server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:25465/`; `http+unix:PATH:/` on a Unix socket. */
  readonly url: string
  /** `ws://127.0.0.1:25465/`; `ws+unix:PATH:/` on a Unix socket. */
  readonly socketUrl: string
  /** 0 on a Unix socket. */
  readonly port: number
}
