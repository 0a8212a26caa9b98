/**
 * State of the connection. `stale`: the connection is lost after it was live, so the state may be outdated. `closed` is
 * final: the caller closed the client, or a reconnect cannot succeed (`code` is the close code).
 */
export interface Connection {
  readonly status: "connecting" | "live" | "stale" | "closed"
  /** Start of this status, as ISO 8601. */
  readonly since: string
  /** Reason why the connection is not live, as a sentence for users. */
  readonly reason?: string
  /** Close code of the last socket. */
  readonly code?: number
  /** Time of the next attempt, as ISO 8601. */
  readonly retryAt?: string
}
