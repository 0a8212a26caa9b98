import type { Server } from "node:http"
import type { Socket } from "node:net"

/** The first byte that a TLS client sends. */
const handshake = 0x16

/**
 * Hands the connections of TLS clients to `secure` and leaves all others to the HTTP server: the cloud and its relay are
 * one port, so that whoever fixes it has fixed every address. A socket comes with its first bytes unread.
 */
export const multiplexTls = (server: Server, onTls: (socket: Socket) => void): void => {
  const httpListeners = server.listeners("connection")
  server.removeAllListeners("connection")
  server.on("connection", (socket: Socket) => {
    const leave = () => socket.destroy()
    socket.on("error", leave)
    socket.once("end", leave)
    socket.once("data", (first: Buffer) => {
      socket.off("end", leave)
      socket.pause()
      socket.unshift(first)
      if (first[0] === handshake) return onTls(socket)
      for (const listener of httpListeners) Reflect.apply(listener, server, [socket])
      process.nextTick(() => socket.resume())
    })
  })
}
