import type { BlinkState, Epoch, Seq } from "@blink-streams/model"
import type { Hello, Prompt, TokenScope, ServerMessage } from "@blink-streams/protocol"
import type { Change } from "../Change.ts"
import type { Client, ConnectOptions } from "../Client.ts"
import { reduce } from "./reduce.ts"
import { iterateEvents } from "./iterateEvents.ts"
import { openReconnectingSocket } from "./reconnectingSocket.ts"
import type { Platform } from "./platform.ts"
import { PendingRequests } from "./PendingRequests.ts"

/** All listeners and iterators of a client share one subscription. */
const subscriptionId = "s"

/** Number of recent event ids to remember: another log may contain the same events. */
const maxRememberedIds = 1_000

const socketAddress = (url: string | URL): string => String(url).replace(/^http/, "ws")

export const openClient = (options: ConnectOptions, platform: Platform): Client => {
  const listeners = new Set<(change: Change) => void>()
  const seenIds = new Set<string>()
  let state: BlinkState | null = null
  /** Position of the last event that `state` reflects. */
  let stateSeq = 0
  let prompts: ReadonlyArray<Prompt> = []
  let cursor: string | null = options.since ?? null
  /** Position of `cursor`; `null` while it is the caller's `since`. */
  let position: { readonly epoch: Epoch; readonly seq: Seq } | null = null
  /**
   * True after the snapshot of this connection. The position of an earlier heartbeat does not cover this
   * subscription.
   */
  let isSubscribed = false
  let server: Hello | null = null
  let scopes: ReadonlyArray<TokenScope> = []

  const emit = (change: Change) => {
    for (const listener of listeners)
      try {
        listener(change)
      } catch (error) {
        // Reports the error as uncaught and continues with the other listeners.
        queueMicrotask(() => {
          throw error
        })
      }
  }

  const setState = (next: BlinkState) => {
    state = next
    emit({ type: "state", state: next })
  }
  const setPrompts = (next: ReadonlyArray<Prompt>) => {
    prompts = next
    emit({ type: "prompts", prompts: next })
  }

  const moveTo = (message: Extract<ServerMessage, { readonly cursor: string }>) => {
    cursor = message.cursor
    position = { epoch: message.epoch, seq: message.seq }
  }

  const isNew = (message: Extract<ServerMessage, { readonly type: "event" }>): boolean => {
    if (position?.epoch === message.epoch && message.seq <= position.seq) return false
    moveTo(message)
    if (seenIds.has(message.event.id)) return false
    seenIds.add(message.event.id)
    if (seenIds.size > maxRememberedIds) for (const oldest of seenIds) return seenIds.delete(oldest)
    return true
  }

  const handleMessage = (message: ServerMessage) => {
    switch (message.type) {
      case "snapshot":
        // Replayed events precede the snapshot's position, so they move the cursor.
        if (message.resume !== "replayed") moveTo(message)
        isSubscribed = true
        stateSeq = message.seq
        setState(message.state)
        setPrompts(message.prompts)
        return reconnectingSocket.markLive()
      case "event": {
        if (!isNew(message)) return
        const { seq, event } = message
        const before = state
        if (state !== null && seq > stateSeq) {
          stateSeq = seq
          state = reduce(state, event)
        }
        emit({
          type: "event",
          event: { ...event, cursor: message.cursor, replayed: event.replayed === true },
        })
        if (state !== null && state !== before) emit({ type: "state", state })
        return
      }
      case "state": {
        if (state === null || message.seq < stateSeq) return
        const others = state.accounts.filter(({ account }) => account !== message.state.account)
        return setState({
          accounts: [...others, message.state].sort((a, b) => a.account - b.account),
        })
      }
      case "gap":
        return emit({ type: "gap", from: message.from, to: message.to, reason: message.reason })
      case "heartbeat":
        if (isSubscribed) moveTo(message)
        return emit({
          type: "heartbeat",
          cursor: message.cursor,
          serverTime: message.serverTime,
          sources: message.sources,
        })
      case "prompts":
        return setPrompts(message.prompts)
      case "command.status":
        return requests.handleStatus(message.id, message.status)
      case "result":
        return requests.handleResult(message)
      case "error":
        if (message.id === subscriptionId) return reconnectingSocket.close(message.error.message)
        if (message.id !== undefined)
          requests.handleResult({ type: "result", id: message.id, ok: false, error: message.error })
        return
      default:
        return
    }
  }

  const abort = () => reconnectingSocket.close()
  const requests = new PendingRequests((message) => reconnectingSocket.send(message))
  const reconnectingSocket = openReconnectingSocket(platform, {
    url: socketAddress(options.url),
    token: options.token,
    onMessage: handleMessage,
    onReady: (ready, hello) => {
      server = hello
      scopes = ready.scopes
      isSubscribed = false
      reconnectingSocket.send({
        type: "subscribe",
        id: subscriptionId,
        topics: options.topics ?? ["*"],
        snapshot: "full",
        ...(options.filter === undefined ? {} : { filter: options.filter }),
        ...(cursor === null ? {} : { since: cursor }),
      })
      requests.resend()
    },
    onConnection: (connection) => {
      if (connection.status === "closed") {
        requests.close()
        options.signal?.removeEventListener("abort", abort)
      }
      emit({ type: "connection", connection })
    },
  })

  if (reconnectingSocket.connection.status !== "closed") options.signal?.addEventListener("abort", abort)
  if (options.signal?.aborted) abort()

  const subscribe = (listener: (change: Change) => void) => {
    // A wrapper function, so that a listener that subscribes twice is called twice.
    const wrapper = (change: Change) => listener(change)
    listeners.add(wrapper)
    return () => void listeners.delete(wrapper)
  }
  const client: Client = {
    get state() {
      return state
    },
    get connection() {
      return reconnectingSocket.connection
    },
    get prompts() {
      return prompts
    },
    get cursor() {
      return cursor
    },
    get server() {
      return server
    },
    get scopes() {
      return scopes
    },
    subscribe,
    events: (eventsOptions = {}) => iterateEvents(client, eventsOptions),
    command: ({ idempotencyKey = crypto.randomUUID(), ...request }, { onStatus, signal } = {}) =>
      requests.request({ type: "command", ...request, idempotencyKey }, onStatus, signal),
    submitPrompt: async (prompt, value) => {
      await requests.request({ type: "prompt.submit", prompt, value })
    },
    close: () => reconnectingSocket.close(),
  }
  return client
}
