import type { ClientMessage, Hello, Ready, ServerMessage } from "@blink-streams/protocol"
import type { Connection } from "../Connection.ts"
import type { Platform, Socket } from "./platform.ts"

export interface ReconnectingSocketOptions {
  readonly url: string
  readonly token: string | (() => string | Promise<string>)
  readonly onReady: (ready: Ready, hello: Hello) => void
  readonly onMessage: (message: ServerMessage) => void
  readonly onConnection: (connection: Connection) => void
}

/** A websocket that reconnects until `close` or until the server closes it with a final code. */
export interface ReconnectingSocket {
  readonly connection: Connection
  /** Sends a message. Returns false when the connection is not authenticated. */
  send(message: ClientMessage): boolean
  /** Sets the status `live`: the subscription is active, so the state is current. */
  markLive(): void
  /** Closes for good. `reason` defaults to a close by the caller. */
  close(reason?: string): void
}

/** Longest delay between two attempts, in milliseconds. */
const maxReconnectDelayMs = 30_000
/** Time limit for each message of the handshake, in milliseconds. */
const handshakeTimeoutMs = 15_000

/** Close codes after which a reconnect with the same URL and token would fail again. */
const finalCloseCodes: ReadonlySet<number> = new Set([1009, 4400, 4401, 4403, 4409])

const toIso = (millis: number): string => new Date(millis).toISOString()

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

export const openReconnectingSocket = (
  platform: Platform,
  options: ReconnectingSocketOptions,
): ReconnectingSocket => {
  const { token } = options
  let connection: Connection = { status: "connecting", since: toIso(platform.now()) }
  let socket: Socket | null = null
  let ready = false
  let wasLive = false
  let attempts = 0
  /** Changes at the start and end of each attempt, so that a token for an earlier attempt is ignored. */
  let generation = 0
  let serverDelayMs: number | null = null
  let lastMessageAt = 0
  let cancelTimer: (() => void) | null = null

  const setConnection = (next: Omit<Connection, "since">) => {
    const since = next.status === connection.status ? connection.since : toIso(platform.now())
    connection = { ...next, since }
    options.onConnection(connection)
  }

  const endAttempt = () => {
    cancelTimer?.()
    generation += 1
    socket = null
    ready = false
  }

  const finish = (reason: string, code?: number) => {
    endAttempt()
    setConnection({ status: "closed", reason, ...(code === undefined ? {} : { code }) })
  }

  /**
   * True when a reconnect cannot succeed. After 4403 (token expired or revoked) a token function may supply a
   * new token.
   */
  const isFinal = (code: number) => finalCloseCodes.has(code) && !(code === 4403 && typeof token !== "string")

  const scheduleReconnect = (reason: string, code?: number) => {
    endAttempt()
    if (code !== undefined && isFinal(code)) return finish(reason, code)
    const delayMs =
      serverDelayMs === null
        ? Math.min(maxReconnectDelayMs, 500 * 2 ** attempts) * (0.5 + platform.random() / 2)
        : serverDelayMs * (0.5 + platform.random())
    serverDelayMs = null
    attempts += 1
    cancelTimer = platform.setTimer(delayMs, attempt)
    setConnection({
      status: wasLive ? "stale" : "connecting",
      reason,
      retryAt: toIso(platform.now() + delayMs),
      ...(code === undefined ? {} : { code }),
    })
  }

  /** Reconnects when no message arrives for `limitMs`. */
  const startTimeout = (newSocket: Socket, limitMs: number, reason: string) => {
    cancelTimer?.()
    cancelTimer = platform.setTimer(limitMs, () => {
      const silentMs = platform.now() - lastMessageAt
      if (silentMs < limitMs) return startTimeout(newSocket, limitMs - silentMs, reason)
      newSocket.close(4408, "heartbeat lost")
      scheduleReconnect(reason)
    })
  }

  const handleMessage = (
    newSocket: Socket,
    message: ServerMessage,
    tokenText: string,
    hello: { current: Hello | null },
  ) => {
    switch (message.type) {
      case "hello":
        hello.current = message
        return newSocket.send(JSON.stringify({ type: "auth", id: "auth", token: tokenText }))
      case "ready":
        if (hello.current === null) return
        ready = true
        startTimeout(newSocket, hello.current.limits.heartbeatMs * 2.5, "the server stopped sending")
        return options.onReady(message, hello.current)
      case "shutdown":
        serverDelayMs = message.reconnectAfterMs
        return
      default:
        return options.onMessage(message)
    }
  }

  const openSocket = (tokenText: string) => {
    let newSocket: Socket
    try {
      newSocket = new platform.WebSocket(options.url, "blink-streams.v1")
    } catch (cause) {
      return finish(`invalid address: ${String(cause)}`)
    }
    socket = newSocket
    lastMessageAt = platform.now()
    startTimeout(newSocket, handshakeTimeoutMs, "the server does not respond")
    const hello: { current: Hello | null } = { current: null }
    let lastError: string | null = null
    newSocket.addEventListener("message", ({ data }) => {
      if (socket !== newSocket || typeof data !== "string") return
      lastMessageAt = platform.now()
      const message = parseMessage(data)
      if (message === null) {
        newSocket.close(1000)
        return scheduleReconnect("the server does not use this protocol")
      }
      if (message.type === "error" && message.id === undefined) lastError = message.error.message
      handleMessage(newSocket, message, tokenText, hello)
    })
    newSocket.addEventListener("close", ({ code, reason }) => {
      if (socket !== newSocket) return
      scheduleReconnect(
        lastError ?? (reason ? reason : "the server is unreachable"),
        code === 1006 ? undefined : code,
      )
    })
    // A `close` event follows each error.
    newSocket.addEventListener("error", () => {})
  }

  /** Gets the token before it opens the socket, because servers close sockets without a token after 5 s. */
  const attempt = () => {
    if (typeof token === "string") return openSocket(token)
    const startedIn = ++generation
    Promise.resolve()
      .then(token)
      .then(
        (tokenText) => {
          if (startedIn === generation) openSocket(tokenText)
        },
        (cause) => {
          if (startedIn === generation) scheduleReconnect(`no token: ${String(cause)}`)
        },
      )
  }

  attempt()
  return {
    get connection() {
      return connection
    },
    send: (message) => {
      if (ready) socket?.send(JSON.stringify(message))
      return ready
    },
    markLive: () => {
      attempts = 0
      wasLive = true
      setConnection({ status: "live" })
    },
    close: (reason = "closed by the caller") => {
      if (connection.status === "closed") return
      socket?.close(1000)
      finish(reason)
    },
  }
}
