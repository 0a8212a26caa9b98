import { Effect } from "effect"
import { rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { connect } from "node:net"
import { ListenFailed } from "../../ListenFailed.ts"
import type { Certificate } from "../../ServeOptions.ts"

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Path of a Unix socket, instead of host and port. */
  readonly socketPath: string | undefined
  readonly tls: Certificate | undefined
  /** Time limit in milliseconds for the TLS handshake, and again for the header of a request. */
  readonly handshakeMs: number
}

/** Timeouts that close connections of clients that send their request too slowly. */
const timeoutsOf = (handshakeMs: number) => ({
  headersTimeout: handshakeMs,
  requestTimeout: handshakeMs + 25_000,
  connectionsCheckingInterval: Math.min(2_000, handshakeMs),
  keepAliveTimeout: 5_000,
})

/** Makes an HTTP or HTTPS server that does not listen yet. Closing the scope closes it and all its connections. */
export const makeHttpServer = ({ tls, handshakeMs }: ListenOptions) =>
  Effect.acquireRelease(
    Effect.sync((): Server => {
      const timeouts = timeoutsOf(handshakeMs)
      return tls === undefined
        ? createServer(timeouts)
        : createTlsServer({ ...timeouts, ...tls, handshakeTimeout: handshakeMs })
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      }),
  )

const listenOnce = (server: Server, listenTarget: { host: string; port: number; backlog: number } | string) =>
  Effect.callback<void, NodeJS.ErrnoException>((resume) => {
    const onError = (error: NodeJS.ErrnoException) => resume(Effect.fail(error))
    server.once("error", onError)
    server.listen(listenTarget, () => {
      server.off("error", onError)
      resume(Effect.void)
    })
  })

/** True when no process accepts connections at the Unix socket: a killed process leaves its file behind. */
const isStaleSocket = (path: string) =>
  Effect.callback<boolean>((resume) => {
    const socket = connect(path)
    socket.once("connect", () => {
      socket.destroy()
      resume(Effect.succeed(false))
    })
    socket.once("error", (error: NodeJS.ErrnoException) =>
      resume(Effect.succeed(error.code === "ECONNREFUSED")),
    )
  })

const listenOnPath = (server: Server, path: string) =>
  listenOnce(server, path).pipe(
    Effect.catchIf(
      ({ code }) => code === "EADDRINUSE",
      (inUse) =>
        Effect.gen(function* () {
          if (!(yield* isStaleSocket(path))) return yield* Effect.fail(inUse)
          rmSync(path)
          return yield* listenOnce(server, path)
        }),
    ),
  )

/** Listens on host and port, or on the Unix socket, whose stale file is replaced. Fails with `ListenFailed`. */
export const listen = (server: Server, { host, port, socketPath }: ListenOptions) =>
  (socketPath === undefined
    ? listenOnce(server, { host, port, backlog: 4096 })
    : listenOnPath(server, socketPath)
  ).pipe(
    Effect.mapError(
      ({ code, message }) =>
        new ListenFailed({ host: socketPath ?? host, port: socketPath ? 0 : port, code: code ?? message }),
    ),
  )
