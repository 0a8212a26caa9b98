import { closeCodes, subprotocol } from "@blink-streams/protocol"
import { Effect, Redacted } from "effect"
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"
import { type RawData, type ServerOptions, WebSocket, WebSocketServer } from "ws"
import type { Limits } from "../../Limits.ts"
import type { Admission } from "../listen/admission.ts"
import type { FrameSink } from "../replay/Subscriber.ts"
import type { Peer } from "./Peer.ts"
import type { Peers } from "./peers.ts"
import type { Stats } from "../metrics/Stats.ts"

export interface SocketsOptions {
  readonly server: Server
  readonly peers: Peers
  readonly admission: Admission
  readonly limits: Limits
  readonly stats: Stats
  /** Whether an upgrade is meant for us. */
  isOurs(request: IncomingMessage): boolean
  /** Whether upgrades of other paths have another taker on this server. */
  readonly isShared: boolean
}

/** How long a peer gets to take what waits for it and to answer our close frame. */
const closeGraceMs = 10_000

/** A close follows each of them: the peer broke the protocol, or the network broke. */
const noop = () => {}

const offeredProtocols = (request: IncomingMessage): ReadonlyArray<string> =>
  (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim())

const rejectUpgrade = (socket: Duplex, status: number, reason: string) => {
  // Nobody else listens to a socket that has left HTTP, and one that breaks now must not take the process with it.
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

/** The reason for a code that the library closes with by itself: a frame too big, or one that breaks the framing. */
const closeReason = (code: number): string =>
  closeCodeTable[code]?.meaning ?? "the frame breaks the websocket protocol"

/** Its listeners are shared: what they need hangs here, so that an idle peer holds no closures of its own. */
class PeerSocket extends WebSocket {
  peer: Peer | null = null
  /** Pings without a pong. */
  missedPongs = 0
  /** What we closed with; the other side may never answer it. */
  sentCloseCode: number | null = null

  override close(code?: number, reason?: string | Buffer): void {
    if (code === undefined) return super.close()
    if (this.readyState === this.OPEN) this.sentCloseCode ??= code
    super.close(code, reason ?? closeReason(code))
    // Its answer is among what was not read.
    this.resume()
  }
}

function onPong(this: WebSocket) {
  if (this instanceof PeerSocket) this.missedPongs = 0
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean) {
  if (!(this instanceof PeerSocket)) return
  // As `binaryType` is by default, and no library of another kind hands messages in: one buffer.
  this.peer?.receive(
    isBinary || !Buffer.isBuffer(data) ? { type: "binary" } : { type: "text", text: data.toString() },
  )
}

const emptyBuffer = Buffer.alloc(0)

/** Frames are encoded by the hub, once for many peers, so they go to the stream below the websocket as they are. */
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
    // Called when all before it was taken; unlike `drain` also when that was less than the stream's own mark.
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
    // What it owed until now may be among what was not read.
    this.#websocket.missedPongs = 0
    this.#websocket.resume()
  }

  ping(): void {
    // Its pongs are not read.
    if (this.#websocket.isPaused) return
    if (this.#websocket.missedPongs >= 2) return this.close(4408, "two pings went unanswered")
    this.#websocket.missedPongs += 1
    if (this.#websocket.readyState === this.#websocket.OPEN) this.#websocket.ping()
  }

  close(code: number, reason: string): void {
    this.#websocket.close(code, reason)
  }
}

/** Lets websockets in and ties each to its peer. The only file that knows the socket library. */
export const attachSockets = Effect.fnUntraced(function* (options: SocketsOptions) {
  const { server, peers, admission, limits, stats } = options
  /** `closeTimeout` is younger than the types of the library. */
  const settings: ServerOptions<typeof PeerSocket> & { readonly closeTimeout: number } = {
    noServer: true,
    WebSocket: PeerSocket,
    clientTracking: false,
    // A compressed frame may unpack to a thousand times its size, and ours are encoded once for all.
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
    if (!options.isOurs(request)) {
      if (!options.isShared) rejectUpgrade(socket, 404, "there is no websocket at this path")
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
      websocket.close(4409, `this server speaks ${subprotocol}`)
    })
    // Whether it is a websocket at all is found out at once.
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
