import { Context, Effect, Layer } from "effect"
import type { Scope } from "effect"
import { observeCounter, observeGauge } from "./observe.ts"

const initialCounts = {
  peers: 0,
  /** Peers under backpressure, which are served from the log. */
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
}

const observeCounts = (counts: typeof initialCounts) =>
  Effect.all([
    observeGauge("peers", "Open websocket connections.", () => counts.peers),
    observeGauge("peers_behind", "Peers whose socket does not keep up.", () => counts.behind),
    observeCounter("events_total", "Events received from the log.", () => counts.events),
    observeCounter("frames_total", "Frames sent.", () => counts.frames),
    observeCounter(
      "writes_total",
      "Socket writes; frames that are due together share one.",
      () => counts.writes,
    ),
    observeCounter("bytes_total", "Bytes sent.", () => counts.bytes),
    observeCounter(
      "coalesced_states_total",
      "States replaced by a newer one before they were sent.",
      () => counts.coalesced,
    ),
    observeCounter("gaps_total", "Gaps reported.", () => counts.gaps),
    observeCounter("commands_total", "Commands received.", () => counts.commands),
    observeCounter(
      "rejected_requests_total",
      "Requests rejected by Host, Origin, address or connection limit.",
      () => counts.rejectedRequests,
    ),
    observeCounter("failed_auths_total", "Wrong tokens and codes.", () => counts.failedAuths),
  ])

/** Makes the counter of closed connections, one series per close code. */
const makeCountClose = Effect.map(Effect.context<Scope.Scope>(), (context) => {
  const closes = new Map<number, number>()
  return (code: number): void => {
    const count = closes.get(code)
    closes.set(code, (count ?? 0) + 1)
    if (count !== undefined) return
    const read = () => closes.get(code) ?? 0
    Effect.runSyncWith(context)(
      observeCounter("closes_total", "Closed connections by close code.", read, { code: String(code) }),
    )
  }
})

/**
 * Counts of the server, exported as metrics. They are plain numbers because the hot path increments them, and they are read
 * when metrics are exported.
 */
export class ServerMetrics extends Context.Service<
  ServerMetrics,
  typeof initialCounts & { readonly countClose: (code: number) => void }
>()("@blink-streams/server/ServerMetrics") {
  static readonly layer: Layer.Layer<ServerMetrics> = Layer.effect(
    ServerMetrics,
    Effect.gen(function* () {
      const counts = { ...initialCounts, countClose: yield* makeCountClose }
      yield* observeCounts(counts)
      return counts
    }),
  )
}
