import { closeCodes } from "@blink-streams/protocol"
import type { Duplex } from "node:stream"
import { type RawData, WebSocket } from "ws"
import type { FrameSink } from "./FrameSink.ts"
import type { Peer } from "./Peer.ts"

const closeCodeTable: Readonly<Record<number, { readonly meaning: string }>> = closeCodes

/** Reason for codes that `ws` closes with by itself: a frame that is too big or invalid. */
const closeReason = (code: number): string => closeCodeTable[code]?.meaning ?? "invalid websocket frame"

/** Holds the peer, so that all sockets share their listeners and an idle peer needs no closures. */
export class PeerSocket extends WebSocket {
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

/** Connects a socket with its peer. All sockets share the listeners. */
export const connectPeer = (websocket: PeerSocket, peer: Peer): void => {
  websocket.peer = peer
  websocket.on("message", onMessage)
  websocket.on("pong", onPong)
}

const emptyBuffer = Buffer.alloc(0)

/** Writes frames directly to the stream below the websocket: the hub encodes them once for many peers. */
export class SocketFrameSink implements FrameSink {
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
