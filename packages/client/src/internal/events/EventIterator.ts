import type { ServerMessage, Subscribe } from "@blink-streams/protocol"
import type { ReceivedEvent } from "../../Change.ts"
import { gapEvent } from "./gapEvent.ts"
import { type Position, positionOf } from "./Position.ts"
import { ReceivedEvents } from "./ReceivedEvents.ts"
import { Subscription, type SubscriptionPlatform } from "./Subscription.ts"

type MessageOf<Type extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: Type }>

/** The server's responses to a `subscribe`, and the gap before a snapshot. */
export type SubscriptionMessage = MessageOf<"subscribed" | "snapshot" | "gap">

const maxBuffered = 1_000

interface BufferedEvent {
  readonly event: ReceivedEvent
  readonly position: Position
}

type Result = IteratorResult<ReceivedEvent, undefined>

interface Waiter {
  readonly resolve: (result: Result) => void
  readonly reject: (error: Error) => void
}

const finished: Result = { done: true, value: undefined }

export interface EventIteratorOptions {
  readonly platform: SubscriptionPlatform
  readonly request: Pick<Subscribe, "topics" | "filter">
  /** Position to continue after; `null` begins at the first snapshot. */
  readonly start: Position | null
  /** True when the caller gave no `since`, so that no event is one of before. */
  readonly fromNow: boolean
  /** Called when the caller has left the iteration, or knows that it has ended. */
  readonly onLeft: () => void
}

/**
 * Iterates over the events of a subscription of its own. While its buffer is full it has no subscription: the log keeps what
 * follows until the caller has read the buffer. An event is handled when the caller asks for the next one.
 */
export class EventIterator implements AsyncIterator<ReceivedEvent, undefined> {
  readonly #options: EventIteratorOptions
  readonly #received: ReceivedEvents
  readonly #subscription: Subscription
  readonly #buffer: Array<BufferedEvent> = []
  /** Calls of `next` that wait for an event. */
  readonly #waiters: Array<Waiter> = []
  #handled: Position | null
  /** Position of the event that the caller has and did not ask for a successor of. */
  #inHand: Position | null = null
  #end: { readonly error: Error | null } | null = null
  /** Newest position at the first response: a replayed event up to it occurred after the call. */
  #newest: Position | null = null
  /** Gap whose snapshot, and with it its position, has not arrived yet. */
  #gap: MessageOf<"gap"> | null = null

  constructor(options: EventIteratorOptions) {
    this.#options = options
    this.#received = new ReceivedEvents(options.start)
    this.#handled = options.start
    this.#subscription = new Subscription(options.platform, options.request)
  }

  /** Everything up to here was handled. `null` before the first snapshot, without a `since`. */
  get handled(): Position | null {
    return this.#handled
  }

  get subscriptionId(): string | null {
    return this.#subscription.id
  }

  /** Subscribes on a new connection, whose first snapshot is at `position`. */
  connect(position: Position | null): void {
    if (this.#received.position === null && position !== null) {
      this.#received.moveTo(position)
      this.#handled = this.#received.position
    }
    if (this.#buffer.length < maxBuffered) this.#subscribe()
  }

  disconnect(): void {
    this.#subscription.lose()
    this.#gap = null
  }

  receive(message: SubscriptionMessage): void {
    if (message.type === "gap") this.#gap = message
    else this.#handleResponse(message)
  }

  receiveEvent(message: MessageOf<"event">): void {
    if (!this.#received.add(message)) return
    const { cursor, event } = message
    const isFresh = this.#newest?.epoch === message.epoch && message.seq <= this.#newest.seq
    const replayed = event.replayed === true && !isFresh
    this.#push({ ...event, cursor, replayed }, message)
  }

  /** A heartbeat follows all events up to its position. */
  receiveHeartbeat(message: MessageOf<"heartbeat">): void {
    if (!this.#subscription.isActive) return
    this.#received.moveTo(message)
    this.#moveHandled()
  }

  /** Ends the iteration: at once, or with `error` after the buffered events. */
  end(error: Error | null): void {
    if (this.#end !== null) return
    this.#end = { error }
    if (error === null) this.#buffer.length = 0
    this.#subscription.stop()
    for (const waiter of this.#waiters.splice(0)) this.#finish(waiter, error)
  }

  next(): Promise<Result> {
    if (this.#inHand !== null) this.#handled = this.#inHand
    this.#inHand = null
    this.#moveHandled()
    return new Promise((resolve, reject) => {
      const first = this.#buffer.shift()
      if (first !== undefined) this.#deliver(first, resolve)
      else if (this.#end !== null) this.#finish({ resolve, reject }, this.#end.error)
      else {
        this.#waiters.push({ resolve, reject })
        // It ended when the buffer was full.
        this.#subscribe()
      }
    })
  }

  return(): Promise<Result> {
    this.end(null)
    this.#options.onLeft()
    return Promise.resolve(finished)
  }

  #deliver({ event, position }: BufferedEvent, resolve: Waiter["resolve"]): void {
    this.#inHand = position
    resolve({ done: false, value: event })
  }

  #finish({ resolve, reject }: Waiter, error: Error | null): void {
    this.#options.onLeft()
    if (error === null) resolve(finished)
    else reject(error)
  }

  #subscribe(): void {
    const { position } = this.#received
    if (this.#end === null && position !== null)
      this.#subscription.start(() => this.#received.position?.cursor ?? position.cursor)
  }

  #handleResponse(message: MessageOf<"subscribed" | "snapshot">): void {
    this.#subscription.confirm()
    if (this.#options.fromNow) this.#newest ??= positionOf(message)
    const { position } = this.#received
    if (this.#gap !== null) {
      this.#received.moveTo(message)
      this.#push(gapEvent(this.#gap, this.#options.platform.now()), message)
      this.#gap = null
    } else if (message.replayed === 0) this.#received.moveTo(message)
    else if (position?.epoch === null)
      this.#received.moveTo({
        ...positionOf(message),
        cursor: position.cursor,
        seq: message.seq - message.replayed,
      })
    this.#moveHandled()
  }

  /** Moves the handled position to the received one when no event is left to handle. */
  #moveHandled(): void {
    // The end may have dropped events that were received.
    if (this.#end === null && this.#inHand === null && this.#buffer.length === 0)
      this.#handled = this.#received.position
  }

  #push(event: ReceivedEvent, position: Position): void {
    const received = { event, position: positionOf(position) }
    const waiter = this.#waiters.shift()
    if (waiter !== undefined) return this.#deliver(received, waiter.resolve)
    this.#buffer.push(received)
    if (this.#buffer.length >= maxBuffered) this.#subscription.stop()
  }
}
