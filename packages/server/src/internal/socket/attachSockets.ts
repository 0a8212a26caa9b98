import { closeCodes, subprotocol } from "@blink-streams/protocol"
import { Effect, Redacted } from "effect"
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"
import { type RawData, type ServerOptions, WebSocket, WebSocketServer } from "ws"
import type { Limits } from "../../Limits.ts"
import type { Admission } from "../listen/admission.ts"
import type { Stats } from "../metrics/Stats.ts"
import type { FrameSink } from "./FrameSink.ts"
import type { Peer } from "./Peer.ts"
import type { Peers } from "./peers.ts"

export interface SocketsOptions {
  readonly server: Server
  readonly peers: Peers
  readonly admission: Admission
  readonly limits: Limits
  readonly stats: Stats
  /** True when the path of a request belongs to this server. */
  isOwnPath(request: IncomingMessage): boolean
  /** True when the HTTP server has other users: upgrades of other paths are then left to them. */
  readonly isShared: boolean
}

/** Time for a peer to read queued data and to reply to the close frame. */
const closeGraceMs = 10_000

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

const closeCodeTable: Readonly<Record<number, { readonly meaning: string }>> = closeCodes

/** Reason for codes that `ws` closes with by itself: a frame that is too big or invalid. */
const closeReason = (code: number): string => closeCodeTable[code]?.meaning ?? "invalid websocket frame"

/** Holds the peer, so that all sockets share their listeners and an idle peer needs no closures. */
class PeerSocket extends WebSocket {
  peer: Peer | null = null
  /** Consecutive pings without a pong. */
  missedPongs = 0
  /** Close code that this side sent. The peer may never reply to it. */
  sentCloseCode: number | null = null

  override close(code?: number, reason?: string | Buffer): void {
    if (code === undefined) return super.close()
    if (this.readyState === this.OPEN) this.sentCloseCode ??= code
    super.close(code, reason ?? closeReason(code))
    // The reply follows data that was not read.
    this.resume()
  }
}

function onPong(this: WebSocket) {
  if (this instanceof PeerSocket) this.missedPongs = 0
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean) {
  if (!(this instanceof PeerSocket)) return
  // With the default `binaryType` a message is one buffer.
  this.peer?.receive(
    isBinary || !Buffer.isBuffer(data) ? { type: "binary" } : { type: "text", text: data.toString() },
  )
}

const emptyBuffer = Buffer.alloc(0)

/** Writes frames directly to the stream below the websocket: the hub encodes them once for many peers. */
class SocketFrameSink implements FrameSink {
  readonly #socket: Duplex
  readonly #websocket: PeerSocket

  constructor(socket: Duplex, websocket: PeerSocket) {
    this.#socket = socket
    this.#websocket = websocket
  }

  write(frames: Buffer): void {
    if (this.#websocket.readyState === this.#websocket.OPEN) this.#socket.write(frames)
  }

  get queuedBytes(): number {
    return this.#socket.writableLength
  }

  destroy(): void {
    this.#websocket.terminate()
  }

  onceDrained(onDrained: () => void): void {
    // The callback runs when all earlier data is flushed. `drain` needs more than the stream's own high-water mark.
    this.#socket.write(emptyBuffer, (error) => {
      if (!error) onDrained()
    })
  }

  cork(): void {
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  pause(): void {
    this.#websocket.pause()
  }

  resume(): void {
    // Pongs may be in the data that was not read.
    this.#websocket.missedPongs = 0
    this.#websocket.resume()
  }

  ping(): void {
    // While paused, pongs are not read.
    if (this.#websocket.isPaused) return
    if (this.#websocket.missedPongs >= 2) return this.close(4408, "no pong for two pings")
    this.#websocket.missedPongs += 1
    if (this.#websocket.readyState === this.#websocket.OPEN) this.#websocket.ping()
  }

  close(code: number, reason: string): void {
    this.#websocket.close(code, reason)
  }
}

/** Accepts websocket upgrades and connects each socket with a peer. The only file that imports `ws`. */
export const attachSockets = Effect.fnUntraced(function* (options: SocketsOptions) {
  const { server, peers, admission, limits, stats } = options
  /** `closeTimeout` is missing in the types of `ws`. */
  const settings: ServerOptions<typeof PeerSocket> & { readonly closeTimeout: number } = {
    noServer: true,
    WebSocket: PeerSocket,
    clientTracking: false,
    // Compressed frames can expand a thousandfold, and outgoing frames are encoded once for all peers.
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    closeTimeout: closeGraceMs,
    handleProtocols: (names) => (names.has(subprotocol) ? subprotocol : ([...names][0] ?? false)),
  }
  const sockets = new WebSocketServer(settings)

  let onEmpty = noop
  function onClose(this: WebSocket, code: number) {
    if (!(this instanceof PeerSocket)) return
    const closeCode = this.sentCloseCode ?? code
    stats.closes.set(closeCode, (stats.closes.get(closeCode) ?? 0) + 1)
    if (this.peer === null) return
    admission.releaseConnection(this.peer.address)
    peers.disconnect(this.peer)
    if (peers.all.size === 0) onEmpty()
  }

  const accept = (
    socket: Duplex,
    websocket: PeerSocket,
    address: string,
    token: Redacted.Redacted | null,
  ) => {
    websocket.peer = peers.connect(new SocketFrameSink(socket, websocket), token, address)
    websocket.on("message", onMessage)
    websocket.on("pong", onPong)
  }

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!options.isOwnPath(request)) {
      if (!options.isShared) rejectUpgrade(socket, 404, "no websocket at this path")
      return
    }
    const address = admission.addressOf(request)
    const rejection = admission.check(request) ?? admission.acquireConnection(address)
    if (rejection !== null) return rejectUpgrade(socket, rejection.status, rejection.reason)
    const token = bearerToken(request)
    const protocols = offeredProtocols(request)
    const isSupported = protocols[0] === "" || protocols.includes(subprotocol)
    let isUpgraded = false
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      isUpgraded = true
      websocket.on("error", noop)
      websocket.on("close", onClose)
      if (isSupported) return accept(socket, websocket, address, token)
      websocket.on("close", () => admission.releaseConnection(address))
      websocket.close(4409, `this server supports the sub-protocol ${subprotocol}`)
    })
    // The callback runs synchronously, unless the handshake is invalid.
    if (!isUpgraded) admission.releaseConnection(address)
  }

  yield* Effect.acquireRelease(
    Effect.sync(() => server.on("upgrade", upgrade)),
    () =>
      Effect.gen(function* () {
        server.off("upgrade", upgrade)
        yield* peers.shutdown
        const closed = Effect.callback<void>((resume) => {
          onEmpty = () => resume(Effect.void)
          if (peers.all.size === 0) onEmpty()
        })
        yield* Effect.race(closed, Effect.sleep(500))
        for (const { sink } of peers.all) sink.destroy()
      }),
  )
})
