import type { Client, ConnectOptions } from "./Client.ts"
import { openClient } from "./internal/openClient.ts"
import { makePlatform } from "./internal/platform.ts"

/**
 * Connects to a broadcaster. Answers at once; the client connects, comes back after a loss with a growing, spread
 * wait, and goes on in the log where it was.
 *
 * **Errors.** None are thrown: `connection` tells how it stands. A wrong address or token ends in `closed`.
 */
export const connect = (options: ConnectOptions): Client =>
  openClient(options, makePlatform(options.WebSocket))
