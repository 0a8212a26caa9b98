import type { ClientMessage, Hello, Ready, ServerMessage } from "@blink-streams/protocol"
import type { Connection } from "../../Connection.ts"
import type { Platform, Socket } from "../platform.ts"
import { failureOf } from "./closeCodes.ts"

/** Reason why an attempt ended. `code` is the server's close code, if it sent one. */
export type AttemptEnd = Required<Pick<Connection, "reason" | "failure">> & Pick<Connection, "code">

export interface AttemptHandlers {
  /** The server has accepted the token. */
  readonly onReady: (ready: Ready, hello: Hello) => void
  /** A message after the handshake. */
  readonly onMessage: (message: ServerMessage) => void
  /** The socket is closed or silent for too long. Called at most once, and never after `close`. */
  readonly onEnd: (end: AttemptEnd) => void
}

/** Time limit for each message of the handshake, in milliseconds. */
const handshakeTimeoutMs = 15_000

/**
 * Parses a frame; `null` when it is not JSON. There is no schema check, so unknown message types reach
 * `onMessage`.
 */
const parseMessage = (text: string): ServerMessage | null => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** One websocket from its opening to its end: authenticates, passes messages on and ends when the server is silent. */
export class SocketAttempt {
  readonly #platform: Platform
  readonly #socket: Socket
  readonly #token: string
  readonly #handlers: AttemptHandlers
  #hello: Hello | null = null
  #isReady = false
  #hasEnded = false
  /** Message of the last error of the connection: more specific than the close code. */
  #lastError: string | null = null
  #lastMessageAt: number
  #cancelTimeout: () => void = () => {}

  /** Throws when the URL is not valid. */
  constructor(platform: Platform, url: string, token: string, handlers: AttemptHandlers) {
    this.#platform = platform
    this.#token = token
    this.#handlers = handlers
    this.#lastMessageAt = platform.now()
    this.#socket = new platform.WebSocket(url, "blink-streams.v1")
    this.#startTimeout(handshakeTimeoutMs, "the server does not respond")
    this.#socket.addEventListener("message", ({ data }) => {
      if (!this.#hasEnded && typeof data === "string") this.#receive(data)
    })
    this.#socket.addEventListener("close", ({ code = 1006, reason }) => {
      const unreachable =
        this.#hello === null ? "no server responds at this address" : "the connection was lost"
      const text = this.#lastError ?? (reason ? reason : unreachable)
      this.#end({ reason: text, failure: failureOf(code), ...(code === 1006 ? {} : { code }) })
    })
    // A `close` event follows each error.
    this.#socket.addEventListener("error", () => {})
  }

  /** Sends a message. Returns false when the connection is not authenticated. */
  send(message: ClientMessage): boolean {
    if (this.#isReady) this.#socket.send(JSON.stringify(message))
    return this.#isReady
  }

  /** Closes the socket. No handler is called afterwards. */
  close(): void {
    this.#stop()
    this.#socket.close(1000)
  }

  #stop(): void {
    this.#hasEnded = true
    this.#isReady = false
    this.#cancelTimeout()
  }

  #end(end: AttemptEnd): void {
    if (this.#hasEnded) return
    this.#stop()
    this.#handlers.onEnd(end)
  }

  /** Ends the attempt when no message arrives for `limitMs`. */
  #startTimeout(limitMs: number, reason: string, delayMs = limitMs): void {
    this.#cancelTimeout()
    this.#cancelTimeout = this.#platform.setTimer(delayMs, () => {
      const silentMs = this.#platform.now() - this.#lastMessageAt
      if (silentMs < limitMs) return this.#startTimeout(limitMs, reason, limitMs - silentMs)
      this.#socket.close(4408, "heartbeat lost")
      this.#end({ reason, failure: "unreachable" })
    })
  }

  #receive(text: string): void {
    this.#lastMessageAt = this.#platform.now()
    const message = parseMessage(text)
    if (message === null) {
      this.#socket.close(1000)
      return this.#end({ reason: "the server does not use this protocol", failure: "protocol" })
    }
    if (message.type === "error" && message.id === undefined) this.#lastError = message.error.message
    switch (message.type) {
      case "hello":
        this.#hello = message
        return this.#socket.send(JSON.stringify({ type: "auth", id: "auth", token: this.#token }))
      case "ready":
        if (this.#hello === null) return
        this.#isReady = true
        this.#startTimeout(this.#hello.limits.heartbeatMs * 2.5, "the server stopped sending")
        return this.#handlers.onReady(message, this.#hello)
      default:
        return this.#handlers.onMessage(message)
    }
  }
}
