import type { ClientMessage, Hello, Ready, ServerMessage } from "@blink-streams/protocol"
import type { Connection } from "../Connection.ts"
import type { Platform, Socket } from "./platform.ts"

type Message = ServerMessage

export interface LinkOptions {
  readonly url: string
  readonly token: string | (() => string | Promise<string>)
  readonly onReady: (ready: Ready, hello: Hello) => void
  readonly onMessage: (message: Message) => void
  readonly onConnection: (connection: Connection) => void
}

/** One connection after the other, until `close` or until the server says that coming back would not help. */
export interface Link {
  readonly connection: Connection
  /** Whether there was a connection to send it on. */
  send(message: ClientMessage): boolean
  /** The subscription is answered: from here on what is shown is current. */
  markLive(): void
  /** For good. `reason` when it was not the caller's wish. */
  close(reason?: string): void
}

/** Longest wait between two attempts, and for each step of one, in milliseconds. */
const longestWait = 30_000
const stepLimit = 15_000

/** Close codes after which the same client would be refused again. */
const finalCodes: ReadonlySet<number> = new Set([1009, 4400, 4401, 4403, 4409])

const iso = (millis: number): string => new Date(millis).toISOString()

/** What a server of this protocol sends; types that are not known here fall through. `null` when it is no JSON. */
const parse = (text: string): Message | null => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const openLink = (platform: Platform, options: LinkOptions): Link => {
  const { token } = options
  let connection: Connection = { status: "connecting", since: iso(platform.now()) }
  let socket: Socket | null = null
  let ready = false
  let wasLive = false
  let attempts = 0
  /** Changes with each attempt and with its end: what was asked for in an earlier one comes too late. */
  let turn = 0
  let adviceMs: number | null = null
  let lastHeard = 0
  let stopTimer: (() => void) | null = null

  const tell = (next: Omit<Connection, "since">) => {
    const since = next.status === connection.status ? connection.since : iso(platform.now())
    connection = { ...next, since }
    options.onConnection(connection)
  }

  const endAttempt = () => {
    stopTimer?.()
    turn += 1
    socket = null
    ready = false
  }

  const finish = (reason: string, code?: number) => {
    endAttempt()
    tell({ status: "closed", reason, ...(code === undefined ? {} : { code }) })
  }

  /** Whether the same would only happen again. A token that has ended may have a successor. */
  const isFinal = (code: number) => finalCodes.has(code) && !(code === 4403 && typeof token !== "string")

  const lost = (reason: string, code?: number) => {
    endAttempt()
    if (code !== undefined && isFinal(code)) return finish(reason, code)
    const wait =
      adviceMs === null
        ? Math.min(longestWait, 500 * 2 ** attempts) * (0.5 + platform.random() / 2)
        : adviceMs * (0.5 + platform.random())
    adviceMs = null
    attempts += 1
    stopTimer = platform.after(wait, attempt)
    tell({
      status: wasLive ? "stale" : "connecting",
      reason,
      retryAt: iso(platform.now() + wait),
      ...(code === undefined ? {} : { code }),
    })
  }

  /** Gives a step, or the silence between two messages, at most `limit`. */
  const watch = (opened: Socket, limit: number, reason: string) => {
    stopTimer?.()
    stopTimer = platform.after(limit, () => {
      const quiet = platform.now() - lastHeard
      if (quiet < limit) return watch(opened, limit - quiet, reason)
      opened.close(4408, "heartbeat lost")
      lost(reason)
    })
  }

  const receive = (opened: Socket, message: Message, secret: string, hello: { current: Hello | null }) => {
    switch (message.type) {
      case "hello":
        hello.current = message
        return opened.send(JSON.stringify({ type: "auth", id: "auth", token: secret }))
      case "ready":
        if (hello.current === null) return
        ready = true
        watch(opened, hello.current.limits.heartbeatMs * 2.5, "the server went silent")
        return options.onReady(message, hello.current)
      case "shutdown":
        adviceMs = message.reconnectAfterMs
        return
      default:
        return options.onMessage(message)
    }
  }

  const open = (secret: string) => {
    let opened: Socket
    try {
      opened = new platform.WebSocket(options.url, "blink-streams.v1")
    } catch (cause) {
      return finish(`not an address: ${String(cause)}`)
    }
    socket = opened
    lastHeard = platform.now()
    watch(opened, stepLimit, "the server does not answer")
    const hello: { current: Hello | null } = { current: null }
    let lastError: string | null = null
    opened.addEventListener("message", ({ data }) => {
      if (socket !== opened || typeof data !== "string") return
      lastHeard = platform.now()
      const message = parse(data)
      if (message === null) {
        opened.close(1000)
        return lost("the server does not speak this protocol")
      }
      if (message.type === "error" && message.id === undefined) lastError = message.error.message
      receive(opened, message, secret, hello)
    })
    opened.addEventListener("close", ({ code, reason }) => {
      if (socket !== opened) return
      lost(lastError ?? (reason ? reason : "the server can't be reached"), code === 1006 ? undefined : code)
    })
    // A close follows each error.
    opened.addEventListener("error", () => {})
  }

  /** The token first: a server does not wait for it for long. */
  const attempt = () => {
    if (typeof token === "string") return open(token)
    const mine = ++turn
    Promise.resolve()
      .then(token)
      .then(
        (secret) => {
          if (mine === turn) open(secret)
        },
        (cause) => {
          if (mine === turn) lost(`no token: ${String(cause)}`)
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
      tell({ status: "live" })
    },
    close: (reason = "closed by the caller") => {
      if (connection.status === "closed") return
      socket?.close(1000)
      finish(reason)
    },
  }
}
