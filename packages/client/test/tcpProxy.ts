import { Effect } from "effect"
import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** One proxied connection with both of its sockets. */
interface ProxiedConnection {
  readonly downstream: Socket
  readonly upstream: Socket
}

/** TCP proxy between clients and a server. Its connections can be stalled and broken. */
interface TcpProxy {
  readonly port: number
  readonly connections: ReadonlySet<ProxiedConnection>
  /** Destroys all connections. New ones are forwarded to `port`, or refused when it is `null`. */
  routeTo(port: number | null): void
}

/** Stops forwarding in both directions and keeps both sockets open. */
export const stallConnection = ({ downstream, upstream }: ProxiedConnection): void => {
  downstream.unpipe(upstream).pause()
  upstream.unpipe(downstream).pause()
}

export const resumeConnection = ({ downstream, upstream }: ProxiedConnection): void => {
  downstream.pipe(upstream)
  upstream.pipe(downstream)
}

export const destroyConnection = ({ downstream, upstream }: ProxiedConnection): void => {
  downstream.destroy()
  upstream.destroy()
}

/** Starts a proxy in front of a local port. */
export const makeTcpProxy = Effect.fnUntraced(function* (port: number) {
  const connections = new Set<ProxiedConnection>()
  let targetPort: number | null = port
  const server = createServer((downstream) => {
    if (targetPort === null) {
      downstream.destroy()
      return
    }
    const connection: ProxiedConnection = {
      downstream,
      upstream: connect({ port: targetPort, host: "127.0.0.1" }),
    }
    connections.add(connection)
    resumeConnection(connection)
    const end = () => {
      connections.delete(connection)
      destroyConnection(connection)
    }
    for (const socket of [connection.downstream, connection.upstream])
      socket.on("error", end).on("close", end)
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => once(server.listen({ port: 0, host: "127.0.0.1" }), "listening")),
    () =>
      Effect.sync(() => {
        server.close()
        for (const connection of connections) destroyConnection(connection)
      }),
  )
  const address = server.address()
  const proxy: TcpProxy = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections,
    routeTo: (port) => {
      targetPort = port
      for (const connection of connections) destroyConnection(connection)
    },
  }
  return proxy
})
