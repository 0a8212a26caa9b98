import type { Connection, ConnectionFailure } from "./Connection.ts"

const otherToken = "pass a token that `blink-streams token create` makes"

const advice: { readonly [Failure in ConnectionFailure]: string } = {
  unauthorized: otherToken,
  forbidden: otherToken,
  protocol: "check `url`, and update the older of both sides",
  unreachable: "check `url`, and that the server runs",
  invalid_address: "pass one such as ws://127.0.0.1:25465/",
  no_websocket: "use Node 22 or later, or pass a `WebSocket`, such as that of the package ws",
  origin_not_allowed: "allow it at the server with --allow-origin",
}

/**
 * Error of a client that cannot connect, or not any more, whatever it tries. `connect` throws it; iterations of events and
 * observables end with it. A client that the caller closes causes none. `message` says what is wrong and what to do.
 */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError"
  readonly failure: ConnectionFailure
  /** Close code of the socket; `null` when the server sent none. */
  readonly code: number | null

  constructor(
    failure: ConnectionFailure,
    { reason = "the connection is closed", code }: Pick<Connection, "reason" | "code">,
  ) {
    super(`${reason}: ${advice[failure]}`)
    this.failure = failure
    this.code = code ?? null
  }
}
