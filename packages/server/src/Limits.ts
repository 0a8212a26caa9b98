/** Limits of a server towards its peers. Every queue and collection is bounded. Defaults: `defaultLimits`. */
export interface Limits {
  /** Longest message of a client, in bytes. A longer one closes the connection with 1009. */
  readonly maxMessageBytes: number
  /** Subscriptions per peer. */
  readonly maxSubscriptions: number
  /** Pending requests per peer. */
  readonly maxInFlight: number
  /** Connections of the server: websockets and event streams. */
  readonly maxPeers: number
  /** Connections per client address. */
  readonly maxPeersPerAddress: number
  /** Messages that a peer may send at once. More than the rate allows closes the connection with 4429. */
  readonly messageBurst: number
  /** Sustained rate of messages per peer. */
  readonly messagesPerSecond: number
  /** Wrong tokens and codes per address and minute. Further requests are rejected with 429. */
  readonly failedAuthsPerMinute: number
  /** Milliseconds between two pings, and between two `heartbeat` messages. */
  readonly heartbeatMs: number
  /** Milliseconds from the upgrade to a valid token. */
  readonly authDeadlineMs: number
  /**
   * Bytes that may be queued for one peer in this process. Above it the peer is behind and is served from the log.
   */
  readonly highWaterBytes: number
  /** Milliseconds after which a peer that is behind and reads nothing is closed with 4430. */
  readonly slowDeadlineMs: number
  /** Milliseconds between two `state` messages of one account. */
  readonly stateIntervalMs: number
}

/** Default limits. */
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
