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
import type { Change, Cursor, ReceivedEvent } from "./Change.ts"
import type { Connection } from "./Connection.ts"
import type { SocketConstructor } from "./internal/platform.ts"

/** What JSON can hold. */
export type Json = NonNullable<CommandMessage["args"]>[string]

export interface ConnectOptions {
  /** `ws://…` or `wss://…`; `http(s)://` is taken too. */
  readonly url: string | URL
  /**
   * Sent in the first message, never in the address. A function is asked before every attempt, and may take its time. When
   * its token has expired or was revoked it is asked for another; with a fixed one the client is closed then.
   */
  readonly token: string | (() => string | Promise<string>)
  /** Default `["*"]`: all. */
  readonly topics?: ReadonlyArray<string>
  readonly filter?: Filter
  /** Where to go on: the `cursor` of an earlier client. */
  readonly since?: Cursor
  /** Aborting it closes the client. */
  readonly signal?: AbortSignal
  /** Default: the platform's. */
  readonly WebSocket?: SocketConstructor
}

/** A wish. It resolves when a look at the home has shown it, not when it was sent. */
export interface CommandRequest {
  readonly name: string
  readonly target?: CommandTarget
  readonly args?: Readonly<Record<string, Json>>
  /** Made up when absent: a command is sent again after a lost connection, and never run twice. */
  readonly idempotencyKey?: string
  /** The command is refused unless this holds. */
  readonly expect?: { readonly armed?: boolean }
  /** How long the server waits for a verdict. */
  readonly timeoutMs?: number
}

export interface CommandOptions {
  readonly onStatus?: (status: (typeof CommandStatusMessage.Type)["status"]) => void
  /** Aborting it sends `cancel`; what the cloud has accepted may still take effect. */
  readonly signal?: AbortSignal
}

export interface EventsOptions {
  readonly kinds?: ReadonlyArray<EventKind>
  readonly signal?: AbortSignal
}

/** A connection that comes back by itself and goes on where it was. */
export interface Client {
  /** The newest known state; `null` before the first. Look at `connection` for whether it is old. */
  readonly state: BlinkState | null
  readonly connection: Connection
  readonly prompts: ReadonlyArray<Prompt>
  /** The last place seen; `null` before the first. */
  readonly cursor: Cursor | null
  /** What the server said of itself; `null` before the first connection. */
  readonly server: Hello | null
  /** What the token may do; empty before it was accepted. */
  readonly scopes: ReadonlyArray<TokenScope>

  /** Calls `listener` with each change from now on. Answers what ends that. */
  subscribe(listener: (change: Change) => void): () => void

  /**
   * Events from now on, each once, in order. The reader holds at most 1,000 of them: one that falls further behind
   * gets those and then a `RangeError`. Ends when the client is closed or `signal` aborts.
   */
  events(options?: EventsOptions): AsyncIterable<ReceivedEvent>

  /** Resolves to the verified outcome. **Errors.** `CommandError`. */
  command(request: CommandRequest, options?: CommandOptions): Promise<Json>

  /** Answers a prompt; needs the scope `admin`. **Errors.** `CommandError`. */
  submitPrompt(id: string, value: string): Promise<void>

  /** Says goodbye. Nothing happens afterwards; commands under way reject, though they may still take effect. */
  close(): void
}
