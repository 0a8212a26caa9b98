import type { ClientMessage, Subscribe } from "@blink-streams/protocol"

/** Connection, clock and timers that subscriptions share. */
export interface SubscriptionPlatform {
  /** Sends a message. Returns false when the connection takes no subscription at present. */
  readonly send: (message: ClientMessage) => boolean
  /** Returns a request id that no other request of the client has. */
  readonly nextId: () => string
  readonly now: () => number
  readonly setTimer: (ms: number, callback: () => void) => () => void
}

/** Shortest time between two subscriptions, so that a slow reader stays below the server's message rate. */
const minIntervalMs = 250

/** A subscription of a connection, which starts again after `stop` with another id. */
export class Subscription {
  readonly #platform: SubscriptionPlatform
  readonly #request: Pick<Subscribe, "topics" | "filter">
  #id: string | null = null
  #isActive = false
  #startedAt = Number.NEGATIVE_INFINITY
  #cancelTimer: (() => void) | null = null

  constructor(platform: SubscriptionPlatform, request: Pick<Subscribe, "topics" | "filter">) {
    this.#platform = platform
    this.#request = request
  }

  /** Id of the running subscription; `null` when there is none. */
  get id(): string | null {
    return this.#id
  }

  /** True after the server's response: heartbeats cover it. */
  get isActive(): boolean {
    return this.#isActive
  }

  /** Starts after the cursor that `since` returns then, unless it runs. */
  start(since: () => string): void {
    if (this.#id !== null || this.#cancelTimer !== null) return
    const { now, setTimer } = this.#platform
    const delayMs = this.#startedAt + minIntervalMs - now()
    if (delayMs <= 0) return this.#send(since())
    this.#cancelTimer = setTimer(delayMs, () => {
      this.#cancelTimer = null
      this.#send(since())
    })
  }

  #send(since: string): void {
    const { now, nextId, send } = this.#platform
    const id = nextId()
    if (!send({ type: "subscribe", id, ...this.#request, snapshot: "none", since })) return
    this.#id = id
    this.#startedAt = now()
  }

  confirm(): void {
    this.#isActive = true
  }

  /** Ends it at the server. Messages that are on their way have an id that no one waits for. */
  stop(): void {
    if (this.#id !== null)
      this.#platform.send({ type: "unsubscribe", id: this.#platform.nextId(), subscription: this.#id })
    this.lose()
  }

  /** Ends it with its connection. */
  lose(): void {
    this.#id = null
    this.#isActive = false
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }
}
