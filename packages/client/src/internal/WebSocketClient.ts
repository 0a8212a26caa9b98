import type { BlinkState } from "@blink-streams/model"
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
import { ClientState } from "./ClientState.ts"
import { iterateEvents } from "./iterateEvents.ts"
import { Listeners } from "./Listeners.ts"
import type { Platform } from "./platform.ts"
import { PendingRequests } from "./socket/PendingRequests.ts"
import { ReconnectingSocket } from "./socket/ReconnectingSocket.ts"

/** All listeners and iterators of a client share one subscription. */
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

/** Client of one server: one subscription on a websocket that reconnects. */
export class WebSocketClient implements Client {
  readonly #options: ConnectOptions
  readonly #state: ClientState
  readonly #listeners = new Listeners()
  readonly #requests: PendingRequests
  readonly #socket: ReconnectingSocket
  readonly #abort = () => this.close()
  #server: Hello | null = null
  #scopes: ReadonlyArray<TokenScope> = []

  constructor(options: ConnectOptions, platform: Platform) {
    this.#options = options
    this.#state = new ClientState(options.since ?? null)
    this.#requests = new PendingRequests((message) => this.#socket.send(message))
    this.#socket = new ReconnectingSocket(platform, {
      url: String(options.url).replace(/^http/, "ws"),
      token: options.token,
      onMessage: (message) => this.#handleMessage(message),
      onReady: (ready, hello) => this.#startSubscription(ready, hello),
      onConnection: (connection) => this.#handleConnection(connection),
    })
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
    return this.#state.cursor
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

  events(options: ClientEventsOptions = {}): AsyncIterable<ReceivedEvent> {
    return iterateEvents(this, options)
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
    for (const change of this.#state.apply(message)) this.#listeners.emit(change)
    switch (message.type) {
      case "snapshot":
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

  #handleError(message: ErrorMessage): void {
    const { id, error } = message
    if (id === subscriptionId) this.#socket.close(error.message, failureOfError(message))
    else if (id !== undefined) this.#requests.handleResult({ type: "result", id, ok: false, error })
  }

  #startSubscription(ready: Ready, hello: Hello): void {
    const { topics = ["*"], filter } = this.#options
    const { cursor } = this.#state
    this.#server = hello
    this.#scopes = ready.scopes
    this.#state.startConnection()
    this.#socket.send({
      type: "subscribe",
      id: subscriptionId,
      topics,
      snapshot: "full",
      ...(filter === undefined ? {} : { filter }),
      ...(cursor === null ? {} : { since: cursor }),
    })
    this.#requests.resend()
  }

  #handleConnection(connection: Connection): void {
    if (connection.status === "closed") {
      this.#requests.close()
      this.#options.signal?.removeEventListener("abort", this.#abort)
    }
    this.#listeners.emit({ type: "connection", connection })
  }
}
