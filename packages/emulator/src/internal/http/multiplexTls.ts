import type { Server } from "node:http"
import type { Socket } from "node:net"

/** The first byte that a TLS client sends. */
const handshake = 0x16

/**
 * Passes connections that begin with a TLS handshake to `onTls` and all others to the HTTP server, so that the cloud and its
 * relay share one port. The first bytes of the socket are still unread.
 */
export const multiplexTls = (server: Server, onTls: (socket: Socket) => void): void => {
  const httpListeners = server.listeners("connection")
  server.removeAllListeners("connection")
  server.on("connection", (socket: Socket) => {
    const destroy = () => socket.destroy()
    socket.on("error", destroy)
    socket.once("end", destroy)
    socket.once("data", (first: Buffer) => {
      socket.off("end", destroy)
      socket.pause()
      socket.unshift(first)
      if (first[0] === handshake) return onTls(socket)
      for (const listener of httpListeners) Reflect.apply(listener, server, [socket])
      process.nextTick(() => socket.resume())
    })
  })
}
