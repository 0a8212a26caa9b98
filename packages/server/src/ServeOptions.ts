import type { Server } from "node:http"
import type { Limits } from "./Limits.ts"

/** As PEM. */
export interface Certificate {
  readonly cert: string | Buffer
  readonly key: string | Buffer
}

export interface ServeOptions {
  /** A server that somebody else listens with. Without it one is made and closed with the scope. */
  readonly server?: Server
  /** Where everything hangs on a server that serves other things too: `/cameras`. Default: at its root. */
  readonly path?: string
  /** Default `127.0.0.1`. Any other than loopback needs a token to be there. */
  readonly host?: string
  /** Default 25465; 0 takes a free one. */
  readonly port?: number
  /** A Unix socket, instead of host and port. One that a killed process has left behind is replaced. */
  readonly socketPath?: string
  readonly tls?: Certificate
  /** Names under which the server is asked, beside this machine's own: `cameras.example.org`. */
  readonly allowedHosts?: ReadonlyArray<string>
  /** Pages elsewhere that may connect: `https://panel.example.org`. */
  readonly allowedOrigins?: ReadonlyArray<string>
  /** Whether a proxy in front says who asks, in `X-Forwarded-For`. */
  readonly trustProxy?: boolean
  readonly limits?: Partial<Limits>
  /** A folder with a built page for `/`. */
  readonly staticDir?: string
  /** What `hello` calls this server. */
  readonly name?: string
  readonly version?: string
  /** Pictures and clips kept on the disk, in bytes. Default 256 MiB. */
  readonly cacheBytes?: number
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:25465/`; `http+unix:PATH:/` on a Unix socket. */
  readonly url: string
  /** `ws://127.0.0.1:25465/`; `ws+unix:PATH:/` on a Unix socket. */
  readonly socketUrl: string
  /** 0 on a Unix socket. */
  readonly port: number
}
