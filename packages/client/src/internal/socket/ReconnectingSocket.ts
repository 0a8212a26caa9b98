import type { ClientMessage, Hello, Ready, ServerMessage } from "@blink-streams/protocol"
import type { Connection, ConnectionFailure } from "../../Connection.ts"
import { ConnectionError } from "../../ConnectionError.ts"
import type { Platform } from "../platform.ts"
import { isFinal } from "./closeCodes.ts"
import { type AttemptEnd, SocketAttempt } from "./SocketAttempt.ts"

export interface ReconnectingSocketOptions {
  readonly url: string
  readonly token: string | (() => string | Promise<string>)
  readonly onReady: (ready: Ready, hello: Hello) => void
  readonly onMessage: (message: ServerMessage) => void
  readonly onConnection: (connection: Connection) => void
}

/** Longest delay between two attempts, in milliseconds. */
const maxReconnectDelayMs = 30_000

const toIso = (millis: number): string => new Date(millis).toISOString()

/** A websocket that reconnects until `close` or until the server closes it with a final code. */
export class ReconnectingSocket {
  readonly #platform: Platform
  readonly #options: ReconnectingSocketOptions
  #connection: Connection
  #attempt: SocketAttempt | null = null
  #wasLive = false
  /** Number of attempts since the connection was live. */
  #attempts = 0
  /** Changes at the start and end of each attempt, so that a token for an earlier attempt is ignored. */
  #generation = 0
  /** Reconnect delay that the server has asked for. */
  #serverDelayMs: number | null = null
  #cancelTimer: () => void = () => {}

  /** Throws a `ConnectionError` when the token is empty, as that of a variable that is not set. */
  constructor(platform: Platform, options: ReconnectingSocketOptions) {
    if (!options.token) throw new ConnectionError("unauthorized", { reason: "there is no token" })
    this.#platform = platform
    this.#options = options
    this.#connection = { status: "connecting", since: toIso(platform.now()) }
  }

  get connection(): Connection {
    return this.#connection
  }

  /** Starts an attempt. It gets the token before it opens the socket, because servers close sockets without a token after 5 s. */
  connect(): void {
    const { token } = this.#options
    if (typeof token === "string") return this.#open(token)
    const startedIn = ++this.#generation
    Promise.resolve()
      .then(token)
      .then(
        (tokenText) => {
          if (startedIn !== this.#generation) return
          if (tokenText) this.#open(tokenText)
          else this.#scheduleReconnect({ reason: "there is no token", failure: "unauthorized" })
        },
        (cause) => {
          if (startedIn === this.#generation)
            this.#scheduleReconnect({
              reason: `there is no token: ${String(cause)}`,
              failure: "unauthorized",
            })
        },
      )
  }

  /** Sends a message. Returns false when the connection is not authenticated. */
  send(message: ClientMessage): boolean {
    return this.#attempt?.send(message) ?? false
  }

  /** Sets the status `live`: the subscription is active, so the state is current. */
  markLive(): void {
    this.#attempts = 0
    this.#wasLive = true
    this.#setConnection({ status: "live" })
  }

  /** Closes for good: on request of the caller, or because of `failure`. */
  close(reason = "closed by the caller", failure?: ConnectionFailure): void {
    if (this.#connection.status === "closed") return
    this.#attempt?.close()
    this.#finish({ reason, ...(failure === undefined ? {} : { failure }) })
  }

  #open(token: string): void {
    const { url, onReady, onMessage } = this.#options
    try {
      this.#attempt = new SocketAttempt(this.#platform, url, token, {
        onReady,
        onMessage: (message) => {
          if (message.type === "shutdown") this.#serverDelayMs = message.reconnectAfterMs
          else onMessage(message)
        },
        onEnd: (end) => this.#scheduleReconnect(end),
      })
    } catch (cause) {
      this.#finish({ reason: `${url} cannot be opened: ${String(cause)}`, failure: "invalid_address" })
    }
  }

  #setConnection(next: Omit<Connection, "since">): void {
    const since =
      next.status === this.#connection.status ? this.#connection.since : toIso(this.#platform.now())
    this.#connection = { ...next, since }
    this.#options.onConnection(this.#connection)
  }

  #endAttempt(): void {
    this.#cancelTimer()
    this.#generation += 1
    this.#attempt = null
  }

  #finish(end: Pick<Connection, "reason" | "failure" | "code">): void {
    this.#endAttempt()
    this.#setConnection({ status: "closed", ...end })
  }

  #nextDelayMs(): number {
    const serverDelayMs = this.#serverDelayMs
    this.#serverDelayMs = null
    return serverDelayMs === null
      ? Math.min(maxReconnectDelayMs, 500 * 2 ** this.#attempts) * (0.5 + this.#platform.random() / 2)
      : serverDelayMs * (0.5 + this.#platform.random())
  }

  #scheduleReconnect(end: AttemptEnd): void {
    // A token function may supply a new token after one that was revoked or has expired.
    const canRenewToken = end.failure === "forbidden" && typeof this.#options.token !== "string"
    if (end.code !== undefined && isFinal(end.code) && !canRenewToken) return this.#finish(end)
    this.#endAttempt()
    const delayMs = this.#nextDelayMs()
    this.#attempts += 1
    this.#cancelTimer = this.#platform.setTimer(delayMs, () => this.connect())
    this.#setConnection({
      status: this.#wasLive ? "stale" : "connecting",
      ...end,
      retryAt: toIso(this.#platform.now() + delayMs),
    })
  }
}
