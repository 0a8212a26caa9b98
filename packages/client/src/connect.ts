import type { Client, ConnectOptions } from "./Client.ts"
import { ConnectionError } from "./ConnectionError.ts"
import { WebSocketClient } from "./internal/WebSocketClient.ts"
import { makePlatform } from "./internal/platform.ts"

/**
 * Connects to a blink-streams server and returns a client immediately. The client reconnects with
 * exponential back-off and jitter (at most 0.5 s at first, at most 30 s later) and resumes in the event log
 * after the last event.
 *
 * **Errors.** Throws a `ConnectionError` when the address is none, the token is empty, or the runtime has no websockets.
 * `client.connection` reports everything else; iterations and observables end with a `ConnectionError` when a reconnect
 * cannot succeed.
 *
 * @example
 * ```ts
 * const client = connect({ url: "ws://127.0.0.1:25465/", token: "…" })
 * for await (const event of client.events({ kinds: ["motion"] })) console.log(event.kind, event.subject.name)
 * ```
 */
export const connect = (options: ConnectOptions): Client => {
  const constructor = options.WebSocket ?? globalThis.WebSocket
  // Node has it since version 22.
  if (constructor === undefined)
    throw new ConnectionError("no_websocket", { reason: "this runtime has no WebSocket" })
  return new WebSocketClient(options, makePlatform(constructor))
}
