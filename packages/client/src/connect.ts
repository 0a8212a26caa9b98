import type { Client, ConnectOptions } from "./Client.ts"
import { WebSocketClient } from "./internal/WebSocketClient.ts"
import { makePlatform } from "./internal/platform.ts"

/**
 * Connects to a blink-streams server and returns a client immediately. The client reconnects with
 * exponential back-off and jitter (at most 0.5 s at first, at most 30 s later) and resumes in the event log
 * after the last event.
 *
 * It throws no errors: `client.connection` reports them. An invalid URL or token sets its status to `closed`.
 *
 * @example
 * ```ts
 * const client = connect({ url: "ws://127.0.0.1:25465/", token: "…" })
 * for await (const event of client.events({ kinds: ["motion"] })) console.log(event.subject.name)
 * ```
 */
export const connect = (options: ConnectOptions): Client =>
  new WebSocketClient(options, makePlatform(options.WebSocket))
