import type { ServerMessage, Subscribe } from "@blink-streams/protocol"
import type { ClientEventsOptions } from "../../Client.ts"
import { RequestError } from "../../RequestError.ts"
import { EventIterator } from "./EventIterator.ts"
import { isBefore, type Position, unknownPosition } from "./Position.ts"
import type { SubscriptionPlatform } from "./Subscription.ts"
import { subscriptionRequest } from "./subscriptionRequest.ts"

interface OpenIterator {
  readonly iterator: EventIterator
  readonly movesCursor: boolean
}

/** The iterations of a client's events, and the position up to which they have handled them. */
export class EventIterators {
  readonly #platform: SubscriptionPlatform
  readonly #selection: Pick<Subscribe, "topics" | "filter">
  readonly #open = new Set<OpenIterator>()
  /** Position of the snapshot of this connection; `null` before it. */
  #live: Position | null = null
  /** Log of the last snapshot. */
  #epoch: string | null = null
  #end: { readonly error: Error | null } | null = null
  /** Position that stays when no iteration is open. */
  #kept: Position | null = null
  #isUsed = false

  constructor(
    platform: Omit<SubscriptionPlatform, "nextId">,
    selection: Pick<Subscribe, "topics" | "filter">,
  ) {
    let lastId = 0
    this.#platform = {
      ...platform,
      send: (message) => this.#live !== null && platform.send(message),
      nextId: () => `e${++lastId}`,
    }
    this.#selection = selection
  }

  /** True once there was an iteration: from then on only iterations move the cursor of the client. */
  get isUsed(): boolean {
    return this.#isUsed
  }

  /** Everything up to here was handled by all open iterations, or by those of before. */
  get handled(): Position | null {
    const positions = [...this.#open]
      .filter(({ movesCursor }) => movesCursor)
      .map(({ iterator }) => iterator.handled)
    return positions.length === 0
      ? this.#kept
      : positions.reduce((lowest, position) =>
          // Without a position the iteration has not begun: there is none that covers it.
          lowest === null || (position !== null && !isBefore(position, lowest, this.#epoch))
            ? lowest
            : position,
        )
  }

  /**
   * Opens an iteration. `received` is what the client has received, where an iteration without `since` begins. `handled` is
   * the position of a client without iterations.
   */
  open(options: ClientEventsOptions, received: Position | null, handled: Position | null): EventIterator {
    const { signal, moveCursor = true } = options
    const since = options.since instanceof Date ? options.since.toISOString() : options.since
    if (!this.#isUsed) this.#kept = handled
    this.#isUsed = true
    const abort = () => iterator.end(null)
    const iterator = new EventIterator({
      platform: this.#platform,
      request: subscriptionRequest(this.#selection, options, since),
      start: since === undefined ? received : unknownPosition(since),
      fromNow: since === undefined,
      onLeft: () => {
        signal?.removeEventListener("abort", abort)
        this.#remove(entry)
      },
    })
    const entry = { iterator, movesCursor: moveCursor }
    this.#open.add(entry)
    signal?.addEventListener("abort", abort)
    if (this.#end !== null || signal?.aborted === true) iterator.end(this.#end?.error ?? null)
    else if (this.#live !== null) iterator.connect(this.#live)
    return iterator
  }

  /** Starts the subscriptions of a connection whose first snapshot is at `position`. */
  connect(position: Position): void {
    this.#live = position
    this.#epoch = position.epoch
    for (const { iterator } of this.#open) iterator.connect(position)
  }

  /** Ends the subscriptions with their connection. */
  disconnect(): void {
    this.#live = null
    for (const { iterator } of this.#open) iterator.disconnect()
  }

  /** Ends all iterations; with `error` after what they have received. Their position stays. */
  close(error: Error | null): void {
    this.#end = { error }
    for (const { iterator } of this.#open) iterator.end(error)
  }

  receive(message: ServerMessage): void {
    for (const { iterator } of this.#open) this.#pass(message, iterator)
  }

  #pass(message: ServerMessage, iterator: EventIterator): void {
    const id = iterator.subscriptionId
    switch (message.type) {
      case "heartbeat":
        return iterator.receiveHeartbeat(message)
      case "event":
        if (id !== null && message.sub.includes(id)) iterator.receiveEvent(message)
        return
      case "subscribed":
      case "snapshot":
      case "gap":
        if (message.id === id) iterator.receive(message)
        return
      case "error":
        if (message.id !== undefined && message.id === id) iterator.end(new RequestError(message.error))
        return
      default:
        return
    }
  }

  #remove(entry: OpenIterator): void {
    // The position of a closed client is the lowest of all: none of them moves on.
    if (this.#end !== null) return
    const { handled } = this
    this.#open.delete(entry)
    if (entry.movesCursor && ![...this.#open].some(({ movesCursor }) => movesCursor)) this.#kept = handled
  }
}
