/** What the server counts of itself. Plain numbers, because the hot path adds to them. */
export interface Stats {
  peers: number
  /** Peers that are served from the log because their socket does not keep up. */
  behind: number
  frames: number
  bytes: number
  events: number
  /** Writes to sockets: less than frames, because frames that are due together leave in one. */
  writes: number
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
