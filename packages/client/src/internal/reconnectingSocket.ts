import type { ClientMessage, Hello, Ready, ServerMessage } from "@blink-streams/protocol"
import type { Connection } from "../Connection.ts"
import type { Platform, Socket } from "./platform.ts"

type Message = ServerMessage

export interface ReconnectingSocketOptions {
  readonly url: string
  readonly token: string | (() => string | Promise<string>)
  readonly onReady: (ready: Ready, hello: Hello) => void
  readonly onMessage: (message: Message) => void
  readonly onConnection: (connection: Connection) => void
}

/** One connection after the other, until `close` or until the server says that coming back would not help. */
export interface ReconnectingSocket {
  readonly connection: Connection
  /** Whether there was a connection to send it on. */
  send(message: ClientMessage): boolean
  /** The subscription is answered: from here on what is shown is current. */
  markLive(): void
  /** For good. `reason` when it was not the caller's wish. */
  close(reason?: string): void
}

/** Longest wait between two attempts, and for each step of one, in milliseconds. */
const maxReconnectDelayMs = 30_000
const handshakeTimeoutMs = 15_000

/** Close codes after which the same client would be refused again. */
const finalCloseCodes: ReadonlySet<number> = new Set([1009, 4400, 4401, 4403, 4409])

const toIso = (millis: number): string => new Date(millis).toISOString()

/** What a server of this protocol sends; types that are not known here fall through. `null` when it is no JSON. */
const parseMessage = (text: string): Message | null => {
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
  /** Changes with each attempt and with its end: what was asked for in an earlier one comes too late. */
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

  /** Whether the same would only happen again. A token that has ended may have a successor. */
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

  /** Gives a step, or the silence between two messages, at most `limit`. */
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
    message: Message,
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
        startTimeout(newSocket, hello.current.limits.heartbeatMs * 2.5, "the server went silent")
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
      return finish(`not an address: ${String(cause)}`)
    }
    socket = newSocket
    lastMessageAt = platform.now()
    startTimeout(newSocket, handshakeTimeoutMs, "the server does not answer")
    const hello: { current: Hello | null } = { current: null }
    let lastError: string | null = null
    newSocket.addEventListener("message", ({ data }) => {
      if (socket !== newSocket || typeof data !== "string") return
      lastMessageAt = platform.now()
      const message = parseMessage(data)
      if (message === null) {
        newSocket.close(1000)
        return scheduleReconnect("the server does not speak this protocol")
      }
      if (message.type === "error" && message.id === undefined) lastError = message.error.message
      handleMessage(newSocket, message, tokenText, hello)
    })
    newSocket.addEventListener("close", ({ code, reason }) => {
      if (socket !== newSocket) return
      scheduleReconnect(
        lastError ?? (reason ? reason : "the server can't be reached"),
        code === 1006 ? undefined : code,
      )
    })
    // A close follows each error.
    newSocket.addEventListener("error", () => {})
  }

  /** The token first: a server does not wait for it for long. */
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
