/** What one server grants its peers. Everything that could grow has a bound here. */
export interface Limits {
  /** Longest message a client may send, in bytes. */
  readonly maxMessageBytes: number
  readonly maxSubscriptions: number
  /** Unanswered requests per peer. */
  readonly maxInFlight: number
  readonly maxPeers: number
  readonly maxPeersPerAddress: number
  /** Messages a peer may send at once, and how many come back to it per second. */
  readonly messageBurst: number
  readonly messagesPerSecond: number
  /** Wrong tokens and codes per address and minute; more are turned away unread. */
  readonly failedAuthsPerMinute: number
  /** Between two pings, and between two `heartbeat` messages. */
  readonly heartbeatMs: number
  /** From the upgrade to a valid token. */
  readonly authDeadlineMs: number
  /** Bytes that may wait for one peer in this process; above it the peer is behind and is served from the log. */
  readonly highWaterBytes: number
  /** A peer that is behind and takes nothing for this long is closed with 4430. */
  readonly slowDeadlineMs: number
  /** Between two `state` messages of one account. */
  readonly stateIntervalMs: number
}

export const defaultLimits: Limits = {
  maxMessageBytes: 64 * 1024,
  maxSubscriptions: 16,
  maxInFlight: 32,
  maxPeers: 10_000,
  maxPeersPerAddress: 256,
  messageBurst: 60,
  messagesPerSecond: 20,
  failedAuthsPerMinute: 20,
  heartbeatMs: 25_000,
  authDeadlineMs: 5_000,
  highWaterBytes: 512 * 1024,
  slowDeadlineMs: 60_000,
  stateIntervalMs: 1_000,
}
