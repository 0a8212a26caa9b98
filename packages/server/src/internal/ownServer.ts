import { Effect } from "effect"
import { createServer, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { ListenFailed } from "../ListenFailed.ts"

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Instead of host and port. */
  readonly socketPath: string | undefined
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** How long TLS and then the head of a request may take. */
  readonly handshakeMs: number
}

/** Who sends its request byte by byte holds a connection for no longer than this. */
const timeoutsOf = (handshakeMs: number) => ({
  headersTimeout: handshakeMs,
  requestTimeout: handshakeMs + 25_000,
  connectionsCheckingInterval: Math.min(2_000, handshakeMs),
  keepAliveTimeout: 5_000,
})

/** A server that is closed with the scope, connections and all. It does not listen yet. */
export const ownServer = ({ tls, handshakeMs }: ListenOptions) =>
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

export const listen = (server: Server, { host, port, socketPath }: ListenOptions) =>
  Effect.callback<void, ListenFailed>((resume) => {
    const failed = (error: NodeJS.ErrnoException) =>
      resume(
        Effect.fail(new ListenFailed({ host: socketPath ?? host, port, code: error.code ?? error.message })),
      )
    server.once("error", failed)
    const listening = () => {
      server.off("error", failed)
      resume(Effect.void)
    }
    if (socketPath === undefined) server.listen({ host, port, backlog: 4096 }, listening)
    else server.listen(socketPath, listening)
  })
