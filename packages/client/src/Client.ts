import type { EventKind, BlinkState } from "@blink-streams/model"
import type {
  CommandMessage,
  CommandStatusMessage,
  CommandTarget,
  Filter,
  Hello,
  Prompt,
  TokenScope,
} from "@blink-streams/protocol"
import type { Change, ReceivedEvent } from "./Change.ts"
import type { Connection } from "./Connection.ts"
import type { SocketConstructor } from "./internal/platform.ts"

/** A JSON value. */
export type Json = NonNullable<CommandMessage["args"]>[string]

export interface ConnectOptions {
  /** `ws://…` or `wss://…`; `http(s)://…` is accepted as well. */
  readonly url: string | URL
  /**
   * Access token, sent in the first message and never in the URL. A function is called before every attempt. When the
   * server revokes the token or it expires, a client with a function reconnects; a client with a fixed token closes.
   */
  readonly token: string | (() => string | Promise<string>)
  /** Topics of the subscription. Default: `["*"]`, all. */
  readonly topics?: ReadonlyArray<string>
  /** Event filter of the subscription. Default: none. */
  readonly filter?: Filter
  /** Closes the client when it aborts. */
  readonly signal?: AbortSignal
  /** Websocket constructor. Default: the global `WebSocket`. */
  readonly WebSocket?: SocketConstructor
}

/**
 * A command. `Client.command` resolves when a poll has confirmed the new state, not when the command is sent.
 */
export interface CommandRequest {
  readonly name: string
  readonly target?: CommandTarget
  readonly args?: Readonly<Record<string, Json>>
  /**
   * The client sends a command again after a reconnect; the key prevents a second execution. Default: random.
   */
  readonly idempotencyKey?: string
  /** Precondition: the command fails with `expectation_failed` unless the current state matches. */
  readonly expect?: { readonly armed?: boolean }
  /** Time limit for the outcome, in milliseconds. */
  readonly timeoutMs?: number
}

export interface CommandOptions {
  /** Receives each status of the command before its outcome. */
  readonly onStatus?: (status: (typeof CommandStatusMessage.Type)["status"]) => void
  /** Sends `cancel` when it aborts. A command that the cloud has accepted may still take effect. */
  readonly signal?: AbortSignal
}

export interface ClientEventsOptions<Kind extends EventKind = EventKind> {
  /**
   * Begins with the events of the log: after the event of a cursor, at the first one recorded at or after a time, or at the
   * oldest one with `"beginning"`. Default: with the events from the call on.
   */
  readonly since?: Date | string
  /** Default: all kinds. */
  readonly kinds?: ReadonlyArray<Kind>
  /** Includes the clips from before an account was first monitored. Default: only with `since: "beginning"`. */
  readonly backfilled?: boolean
  /** False leaves `Client.cursor` to the other iterations. Default: true. */
  readonly moveCursor?: boolean
  /** Ends the iteration when it aborts. */
  readonly signal?: AbortSignal
}

/** Client of one blink-streams server. It reconnects automatically and resumes after the last event. */
export interface Client {
  /** Latest state; `null` before the first snapshot. It is outdated while `connection.status` is `stale`. */
  readonly state: BlinkState | null
  readonly connection: Connection
  readonly prompts: ReadonlyArray<Prompt>
  /**
   * Everything up to here was handled: pass it as `since` to `events` after a restart. An iteration has handled an event when
   * it asks for the next one; with several iterations it is the lowest position. Without any it is what the listeners of
   * `subscribe` have returned from. `null` before the first snapshot. It is opaque text: compare it for equality only.
   */
  readonly cursor: string | null
  /** Version, capabilities and limits of the server; `null` before the first connection. */
  readonly server: Hello | null
  /** Scopes of the token; empty before authentication. */
  readonly scopes: ReadonlyArray<TokenScope>

  /** Calls `listener` with each change from now on. Returns a function that unsubscribes. */
  subscribe(listener: (change: Change) => void): () => void

  /**
   * Events in order, each exactly once, through a subscription of its own that begins with the call. Buffers at most 1,000
   * events; what follows waits in the log of the server. When the log no longer has an event that was not read, the
   * iteration returns an event of the kind `gap`, whatever `kinds` contains.
   *
   * Ends when the caller closes the client or `signal` aborts. Rejects with a `ConnectionError` when the connection is closed
   * for good, and with a `RequestError` when the server rejects the subscription.
   */
  events<Kind extends EventKind = EventKind>(
    options?: ClientEventsOptions<Kind>,
  ): AsyncIterable<ReceivedEvent<Kind | "gap">>

  /** Runs a command. Resolves to its outcome when the new state is confirmed. Rejects with `RequestError`. */
  command(request: CommandRequest, options?: CommandOptions): Promise<Json>

  /** Submits the value of a prompt. Requires the scope `admin`. Rejects with `RequestError`. */
  submitPrompt(id: string, value: string): Promise<void>

  /** Closes the connection for good. Pending commands reject, but may still take effect. */
  close(): void
}
