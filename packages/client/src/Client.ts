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
  /**
   * Cursor to resume from: that of an event or of an earlier client, unchanged. Default: now. When the server cannot
   * continue there, the client receives a `gap` and the current state.
   */
  readonly since?: string
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

export interface ClientEventsOptions {
  /** Default: all kinds. */
  readonly kinds?: ReadonlyArray<EventKind>
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
   * Cursor of the last received event, to pass as `since`; `null` before the first snapshot. It is opaque text: compare it
   * for equality only.
   */
  readonly cursor: string | null
  /** Version, capabilities and limits of the server; `null` before the first connection. */
  readonly server: Hello | null
  /** Scopes of the token; empty before authentication. */
  readonly scopes: ReadonlyArray<TokenScope>

  /** Calls `listener` with each change from now on. Returns a function that unsubscribes. */
  subscribe(listener: (change: Change) => void): () => void

  /**
   * Events from now on, in order, each exactly once. Buffers at most 1,000 events; after an overflow the iteration
   * returns the buffered events and then throws a `RangeError`. Ends when the client closes or `signal` aborts.
   */
  events(options?: ClientEventsOptions): AsyncIterable<ReceivedEvent>

  /** Runs a command. Resolves to its outcome when the new state is confirmed. Rejects with `RequestError`. */
  command(request: CommandRequest, options?: CommandOptions): Promise<Json>

  /** Submits the value of a prompt. Requires the scope `admin`. Rejects with `RequestError`. */
  submitPrompt(id: string, value: string): Promise<void>

  /** Closes the connection for good. Pending commands reject, but may still take effect. */
  close(): void
}
