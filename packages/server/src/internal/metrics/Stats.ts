/** Counters and gauges of the server. Plain numbers, because the hot path increments them. */
export interface Stats {
  peers: number
  /** Peers under backpressure, which are served from the log. */
  behind: number
  frames: number
  bytes: number
  events: number
  /** Socket writes. Fewer than frames, because frames that are due together share a write. */
  writes: number
  /** States that a newer one replaced before they were sent. */
  coalesced: number
  gaps: number
  commands: number
  rejectedRequests: number
  failedAuths: number
  readonly closes: Map<number, number>
}

export const makeStats = (): Stats => ({
  peers: 0,
  behind: 0,
  frames: 0,
  bytes: 0,
  events: 0,
  writes: 0,
  coalesced: 0,
  gaps: 0,
  commands: 0,
  rejectedRequests: 0,
  failedAuths: 0,
  closes: new Map(),
})
