import type { AccountId, BlinkState, CameraId, CameraKind } from "@blink-streams/model"
import type { Prompt, TokenScope } from "@blink-streams/protocol"
import type { ReceivedEvent } from "./Change.ts"
import type { CommandRequest, Json } from "./Client.ts"

export interface HttpClientOptions {
  /** `http(s)://…`, with the base path of a reverse proxy if there is one; `ws(s)://…` is accepted as well. */
  readonly url: string | URL
  /** Access token; a function is called before every request. Default: none, for requests that need none. */
  readonly token?: string | (() => string | Promise<string>)
}

/** State of all accounts at one position of the log. */
export interface StateSnapshot {
  readonly state: BlinkState
  /** Continue after it: as `since` of a websocket client, or of `HttpClient.events`. */
  readonly cursor: string
  readonly prompts: ReadonlyArray<Prompt>
  /** True when there is an account and each has been polled at least once. */
  readonly ready: boolean
  /** The durable readers of the event log. `account` is 0 for one over all accounts. */
  readonly readers: ReadonlyArray<{
    readonly account: AccountId
    readonly name: string
    /** Everything up to here was handled. */
    readonly cursor: string
    /** Events after the cursor, the age of the first in seconds, and their part of the log's retention (0 to 1). */
    readonly lag: { readonly events: number; readonly seconds: number; readonly share: number }
    readonly open: boolean
    /** Time at which the cursor was last written to the log. */
    readonly savedAt: string
  }>
}

/** Range of a page: the events after `since`, or the last ones up to `until`; the newest without both. */
export interface EventRange {
  /** A cursor, a time as ISO 8601, or `beginning`. */
  readonly since?: string
  readonly until?: string
  /** Number of events: 1 to 1,000. Default: 100. */
  readonly limit?: number
  /** Includes the events from before an account was first monitored. Default: false. */
  readonly backfilled?: boolean
}

export interface EventPage {
  /** Oldest first. Their media URLs are newly signed. */
  readonly events: ReadonlyArray<ReceivedEvent>
  /** Cursor before the page, to continue as `until`. */
  readonly previous: string
  /** Cursor after the page, to continue as `since`. */
  readonly next: string
  /** True when the log has more events in the direction of the request. */
  readonly more: boolean
}

/** Metadata of a token. The token itself is not part of it. */
export interface TokenInfo {
  readonly id: string
  readonly name: string
  readonly scopes: ReadonlyArray<TokenScope>
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  readonly expiresAt: number | null
}

export interface HttpRequestOptions {
  /** Ends the request when it aborts; the promise then rejects with the reason of the signal. */
  readonly signal?: AbortSignal
}

/**
 * The HTTP half of a blink-streams server. Every function rejects with a `RequestError`. A request has 15 s, a media file 60 s;
 * a command and a live view have no limit of the client.
 */
export interface HttpClient {
  /** Returns true when the server has polled each account at least once. Needs no token. */
  isReady(options?: HttpRequestOptions): Promise<boolean>
  state(options?: HttpRequestOptions): Promise<StateSnapshot>
  /** Reads a page of the event log. Rejects with `cursor_expired` for a cursor that the log does not contain. */
  events(range?: EventRange, options?: HttpRequestOptions): Promise<EventPage>
  /** Reads one event again, with newly signed media URLs. `null` when it is not in the log. */
  event(cursor: string, options?: HttpRequestOptions): Promise<ReceivedEvent | null>
  /** Absolute URL of a media path of an event or state. It contains its permission and expires after 30 to 60 minutes. */
  mediaUrl(path: string): string
  /** `mediaUrl`, of a new path from the log when the path expires within a minute. `null` when the log has none. */
  freshMediaUrl(path: string, cursor: string, options?: HttpRequestOptions): Promise<string | null>
  media(path: string, options?: HttpRequestOptions): Promise<Uint8Array>
  /** Runs a command. Resolves to its outcome when the new state is confirmed. */
  command(request: CommandRequest, options?: HttpRequestOptions): Promise<Json>
  /** Opens the live view of a camera as MPEG-TS. Cancel the stream to end the session. */
  liveView(
    camera: { readonly account: AccountId; readonly kind: CameraKind; readonly id: CameraId },
    options?: HttpRequestOptions,
  ): Promise<ReadableStream<Uint8Array>>
  /** All tokens. Requires the scope `admin`, like the next two. */
  listTokens(): Promise<ReadonlyArray<TokenInfo>>
  /** Creates a token and returns it. The server stores only its hash, so it cannot be read again. */
  createToken(name: string, scopes: ReadonlyArray<TokenScope>): Promise<string>
  /** Revokes a token. Clients that are connected with it are disconnected. */
  revokeToken(id: string): Promise<void>
  /** Exchanges a one-time code for a token. Rejects with `unauthenticated` for a code that is expired or already used. */
  redeemCode(code: string): Promise<string>
}
