import { type CloseCode, subprotocol } from "@blink-streams/protocol"
import { Effect, Redacted } from "effect"
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws"
import type { Limits } from "../../Limits.ts"
import { Admission } from "../listen/Admission.ts"
import { isOwnPath } from "../listen/requestUrl.ts"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { ServerConfig } from "../ServerConfig.ts"
import { Peers } from "./Peers.ts"
import { connectPeer, PeerSocket, SocketFrameSink } from "./PeerSocket.ts"

/** Time for a peer to read queued data and to reply to the close frame. */
const closeGraceMs = 10_000
/** Websockets that are open only to be closed with a reason. Further ones are rejected before the upgrade. */
const maxRefused = 16
/** Time for all peers to close when the server shuts down. */
const shutdownGraceMs = 500

/** Ignores socket errors, because a `close` event follows each. */
const noop = () => {}

const offeredProtocols = (request: IncomingMessage): ReadonlyArray<string> =>
  (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim())

const rejectUpgrade = (socket: Duplex, status: number, reason: string) => {
  // After an upgrade the socket has no other error listener, and an unhandled error would end the process.
  socket.on("error", noop)
  const body = `${reason}\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

const bearerToken = (request: IncomingMessage): Redacted.Redacted | null => {
  const match = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")
  return match?.[1] === undefined ? null : Redacted.make(match[1])
}

const makeSocketServer = ({ maxMessageBytes }: Limits) => {
  /** `closeTimeout` is missing in the types of `ws`. */
  const settings: ServerOptions<typeof PeerSocket> & { readonly closeTimeout: number } = {
    noServer: true,
    WebSocket: PeerSocket,
    clientTracking: false,
    // Compressed frames can expand a thousandfold, and outgoing frames are encoded once for all peers.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    closeTimeout: closeGraceMs,
    handleProtocols: (names) => (names.has(subprotocol) ? subprotocol : ([...names][0] ?? false)),
  }
  return new WebSocketServer(settings)
}

/** Makes the listener of the `close` events of all sockets. It calls `onEmpty` when no peer is left. */
const makeOnClose = Effect.fnUntraced(function* (closing: { onEmpty: () => void }) {
  const peers = yield* Peers
  const admission = yield* Admission
  const metrics = yield* ServerMetrics
  return function (this: WebSocket, code: number) {
    if (!(this instanceof PeerSocket)) return
    metrics.countClose(this.sentCloseCode ?? code)
    if (this.peer === null) return
    admission.releaseConnection(this.peer.address)
    peers.disconnect(this.peer)
    if (peers.all.size === 0) closing.onEmpty()
  }
})

/** Makes the listener of the `upgrade` events, which accepts websockets and connects each with a peer. */
const makeOnUpgrade = Effect.fnUntraced(function* (onClose: (this: WebSocket, code: number) => void) {
  const peers = yield* Peers
  const admission = yield* Admission
  const config = yield* ServerConfig
  const sockets = makeSocketServer(config.limits)
  const refused = new Set<PeerSocket>()
  yield* Effect.addFinalizer(() => Effect.sync(() => refused.forEach((websocket) => websocket.terminate())))

  /** Closes right after the upgrade: browsers hide the status of a rejected upgrade from the page. */
  const refuse = (request: IncomingMessage, socket: Duplex, head: Buffer, code: CloseCode, reason: string) =>
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      refused.add(websocket)
      websocket.on("error", noop)
      websocket.on("close", onClose)
      websocket.on("close", () => refused.delete(websocket))
      websocket.close(code, reason)
    })

  const accept = (request: IncomingMessage, socket: Duplex, websocket: PeerSocket, address: string) => {
    websocket.on("error", noop)
    websocket.on("close", onClose)
    const protocols = offeredProtocols(request)
    if (protocols[0] !== "" && !protocols.includes(subprotocol)) {
      websocket.on("close", () => admission.releaseConnection(address))
      return websocket.close(4409, `this server supports the sub-protocol ${subprotocol}`)
    }
    const sink = new SocketFrameSink(socket, websocket)
    connectPeer(websocket, peers.connect(sink, bearerToken(request), address))
  }

  return (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isOwnPath(request.url, config.prefix)) {
      // The upgrades of other paths are left to the other users of a shared server.
      if (config.sharedServer === undefined) rejectUpgrade(socket, 404, "no websocket at this path")
      return
    }
    const address = admission.addressOf(request)
    const refusal = admission.check(request)
    if (refusal?.closeCode !== undefined && refused.size < maxRefused)
      return refuse(request, socket, head, refusal.closeCode, refusal.reason)
    const rejection = refusal ?? admission.acquireConnection(address)
    if (rejection !== null) return rejectUpgrade(socket, rejection.status, rejection.reason)
    let isUpgraded = false
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      isUpgraded = true
      accept(request, socket, websocket, address)
    })
    // The callback runs synchronously, unless the handshake is invalid.
    if (!isUpgraded) admission.releaseConnection(address)
  }
})

/** Accepts websocket upgrades of an HTTP server. Closing the scope shuts all peers down. */
export const attachSockets = Effect.fnUntraced(function* (server: Server) {
  const peers = yield* Peers
  const closing = { onEmpty: noop }
  const onUpgrade = yield* makeOnUpgrade(yield* makeOnClose(closing))
  yield* Effect.acquireRelease(
    Effect.sync(() => server.on("upgrade", onUpgrade)),
    () =>
      Effect.gen(function* () {
        server.off("upgrade", onUpgrade)
        yield* peers.shutdown
        const closed = Effect.callback<void>((resume) => {
          closing.onEmpty = () => resume(Effect.void)
          if (peers.all.size === 0) closing.onEmpty()
        })
        yield* Effect.race(closed, Effect.sleep(shutdownGraceMs))
        for (const { sink } of peers.all) sink.destroy()
      }),
  )
})
