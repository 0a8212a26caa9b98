/**
 * Reason why a connection is lost or closed. `unauthorized`: the server does not accept the token. `forbidden`: the token
 * was revoked or has expired. `protocol`: client and server do not speak the same protocol, or the subscription is not
 * valid. `unreachable`: the server is not available at present. `origin_not_allowed`: the server does not accept web pages
 * of this origin. `invalid_address`: the URL is not one of a websocket. `no_websocket`: this runtime has no websockets.
 */
export type ConnectionFailure =
  | "unauthorized"
  | "forbidden"
  | "protocol"
  | "unreachable"
  | "origin_not_allowed"
  | "invalid_address"
  | "no_websocket"

/**
 * State of the connection. `stale`: the connection is lost after it was live, so the state may be outdated. `closed` is
 * final: the caller closed the client, or a reconnect cannot succeed.
 */
export interface Connection {
  readonly status: "connecting" | "live" | "stale" | "closed"
  /** Start of this status, as ISO 8601. */
  readonly since: string
  /** Kind of the last failure. Absent while `live`, before the first failure, and after `Client.close`. */
  readonly failure?: ConnectionFailure
  /** Reason why the connection is not live, as a sentence for users. */
  readonly reason?: string
  /** Close code of the last socket. */
  readonly code?: number
  /** Time of the next attempt, as ISO 8601. */
  readonly retryAt?: string
}
