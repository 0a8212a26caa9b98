/**
 * Where the connection stands. `stale`: it was live and is not now, and what is shown may be old. `closed` is final: by
 * the caller, or because coming back would not help (`code` is the close code then).
 */
export interface Connection {
  readonly status: "connecting" | "live" | "stale" | "closed"
  /** Since when, as ISO 8601. */
  readonly since: string
  /** Why it is not live, in a sentence for a person. */
  readonly reason?: string
  /** The close code of the last socket. */
  readonly code?: number
  /** When the next attempt begins, as ISO 8601. */
  readonly retryAt?: string
}
