import type { BlinkState, EventKind } from "@blink-streams/model"
import type { Hello, Prompt, Ready, ServerMessage, TokenScope } from "@blink-streams/protocol"
import type { Change, ReceivedEvent } from "../Change.ts"
import type {
  Client,
  ClientEventsOptions,
  CommandOptions,
  CommandRequest,
  ConnectOptions,
  Json,
} from "../Client.ts"
import type { Connection, ConnectionFailure } from "../Connection.ts"
import { ConnectionError } from "../ConnectionError.ts"
import { ClientState } from "./ClientState.ts"
import { EventIterators } from "./events/EventIterators.ts"
import { type Position, positionOf } from "./events/Position.ts"
import { Listeners } from "./Listeners.ts"
import type { Platform } from "./platform.ts"
import { PendingRequests } from "./socket/PendingRequests.ts"
import { ReconnectingSocket } from "./socket/ReconnectingSocket.ts"
import { socketUrl } from "./socket/socketUrl.ts"

/** Subscription of the state and of all listeners. Each iteration of events has its own. */
const subscriptionId = "s"

type ErrorMessage = Extract<ServerMessage, { readonly type: "error" }>

const failureOfError = ({ error }: ErrorMessage): ConnectionFailure => {
  switch (error.code) {
    case "unauthenticated":
      return "unauthorized"
    case "forbidden":
      return "forbidden"
    default:
      return "protocol"
  }
}

/** True when a message is for the listeners, and not only for iterations of events. */
const isForListeners = (message: ServerMessage): boolean => {
  switch (message.type) {
    case "event":
      return message.sub.includes(subscriptionId)
    case "snapshot":
    case "gap":
      return message.id === subscriptionId
    default:
      return true
  }
}

/** Client of one server on a websocket that reconnects. */
export class WebSocketClient implements Client {
  readonly #options: ConnectOptions
  readonly #state = new ClientState()
  readonly #listeners = new Listeners()
  readonly #iterators: EventIterators
  readonly #requests: PendingRequests
  readonly #socket: ReconnectingSocket
  readonly #abort = () => this.close()
  #server: Hello | null = null
  #scopes: ReadonlyArray<TokenScope> = []
  /** Position up to which all listeners have returned. */
  #handled: Position | null = null
  #hasListenerFailed = false

  /** Throws a `ConnectionError` when the address or the token cannot be one. */
  constructor(options: ConnectOptions, platform: Platform) {
    const { url, token, topics = ["*"], filter } = options
    this.#options = options
    this.#requests = new PendingRequests((message) => this.#socket.send(message))
    this.#socket = new ReconnectingSocket(platform, {
      url: socketUrl(url),
      token,
      onMessage: (message) => this.#handleMessage(message),
      onReady: (ready, hello) => this.#startSubscription(ready, hello),
      onConnection: (connection) => this.#handleConnection(connection),
    })
    this.#iterators = new EventIterators(
      {
        send: (message) => this.#socket.send(message),
        now: () => platform.now(),
        setTimer: (ms, callback) => platform.setTimer(ms, callback),
      },
      { topics, ...(filter === undefined ? {} : { filter }) },
    )
    options.signal?.addEventListener("abort", this.#abort)
    this.#socket.connect()
    if (options.signal?.aborted) this.close()
  }

  get state(): BlinkState | null {
    return this.#state.state
  }
  get connection(): Connection {
    return this.#socket.connection
  }
  get prompts(): ReadonlyArray<Prompt> {
    return this.#state.prompts
  }
  get cursor(): string | null {
    const { isUsed, handled } = this.#iterators
    return (isUsed ? handled : this.#handled)?.cursor ?? null
  }
  get server(): Hello | null {
    return this.#server
  }
  get scopes(): ReadonlyArray<TokenScope> {
    return this.#scopes
  }

  subscribe(listener: (change: Change) => void): () => void {
    return this.#listeners.subscribe(listener)
  }

  // The server filters by `kinds`.
  events<Kind extends EventKind = EventKind>(
    options?: ClientEventsOptions<Kind>,
  ): AsyncIterable<ReceivedEvent<Kind | "gap">>
  events(options: ClientEventsOptions = {}): AsyncIterable<ReceivedEvent> {
    const open = () => this.#iterators.open(options, this.#state.received, this.#handled)
    // At once: whatever happens before the caller reads belongs to the first loop.
    let first: AsyncIterator<ReceivedEvent> | null = open()
    return {
      [Symbol.asyncIterator]: () => {
        const iterator = first ?? open()
        first = null
        return iterator
      },
    }
  }

  command(
    { idempotencyKey = crypto.randomUUID(), ...request }: CommandRequest,
    { onStatus, signal }: CommandOptions = {},
  ): Promise<Json> {
    return this.#requests.request({ type: "command", ...request, idempotencyKey }, onStatus, signal)
  }

  async submitPrompt(prompt: string, value: string): Promise<void> {
    await this.#requests.request({ type: "prompt.submit", prompt, value })
  }

  close(): void {
    this.#socket.close()
  }

  #handleMessage(message: ServerMessage): void {
    if (isForListeners(message)) this.#deliver(message)
    this.#iterators.receive(message)
    switch (message.type) {
      case "snapshot":
        if (message.id !== subscriptionId) return
        this.#iterators.connect(positionOf(message))
        return this.#socket.markLive()
      case "command.status":
        return this.#requests.handleStatus(message.id, message.status)
      case "result":
        return this.#requests.handleResult(message)
      case "error":
        return this.#handleError(message)
      default:
        return
    }
  }

  #deliver(message: ServerMessage): void {
    const changes = this.#state.apply(message)
    // Only an event is handled by its listeners. The position of any other message holds before they are called.
    if (message.type !== "event") this.#moveHandled()
    for (const change of changes) if (!this.#listeners.emit(change)) this.#hasListenerFailed = true
    this.#moveHandled()
  }

  #moveHandled(): void {
    if (!this.#listeners.isEmpty && !this.#hasListenerFailed) this.#handled = this.#state.received
  }

  #handleError(message: ErrorMessage): void {
    const { id, error } = message
    if (id === subscriptionId) this.#socket.close(error.message, failureOfError(message))
    else if (id !== undefined) this.#requests.handleResult({ type: "result", id, ok: false, error })
  }

  #startSubscription(ready: Ready, hello: Hello): void {
    const { topics = ["*"], filter } = this.#options
    const { received } = this.#state
    this.#server = hello
    this.#scopes = ready.scopes
    this.#state.startConnection()
    this.#socket.send({
      type: "subscribe",
      id: subscriptionId,
      topics,
      snapshot: "full",
      ...(filter === undefined ? {} : { filter }),
      ...(received === null ? {} : { since: received.cursor }),
    })
    this.#requests.resend()
  }

  #handleConnection(connection: Connection): void {
    const { status, failure } = connection
    const error = failure === undefined ? null : new ConnectionError(failure, connection)
    if (status !== "live") this.#iterators.disconnect()
    if (status === "closed") {
      this.#requests.close(error?.message)
      this.#options.signal?.removeEventListener("abort", this.#abort)
    }
    this.#listeners.emit({ type: "connection", connection })
    if (status === "closed") this.#iterators.close(error)
  }
}
