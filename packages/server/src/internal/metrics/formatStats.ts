import type { Stats } from "./Stats.ts"

interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

const metric = (name: string, type: "counter" | "gauge", help: string, samples: ReadonlyArray<Sample>) =>
  [
    `# HELP blink_streams_${name} ${help}`,
    `# TYPE blink_streams_${name} ${type}`,
    ...samples.map(({ labels, value }) => {
      const inner = Object.entries(labels ?? {}).map(([key, text]) => `${key}=${JSON.stringify(text)}`)
      return `blink_streams_${name}${inner.length === 0 ? "" : `{${inner.join(",")}}`} ${value}`
    }),
  ].join("\n")

/** Formats counters and gauges in the Prometheus text format. */
export const formatStats = (
  stats: Stats,
  gauges: {
    readonly seq: number
    readonly queueBytes: number
    readonly cacheBytes: number
    readonly activeCommands: number
    /** `null` before the first poll. */
    readonly callsLeft: number | null
  },
): string =>
  `${[
    metric("peers", "gauge", "Open websocket connections.", [{ value: stats.peers }]),
    metric("peers_behind", "gauge", "Peers whose socket does not keep up.", [{ value: stats.behind }]),
    metric("queue_bytes", "gauge", "Bytes queued for peers in this process.", [{ value: gauges.queueBytes }]),
    metric("log_seq", "gauge", "Newest position in the event log.", [{ value: gauges.seq }]),
    metric("media_cache_bytes", "gauge", "Bytes of images and clips on disk.", [
      { value: gauges.cacheBytes },
    ]),
    metric("commands_under_way", "gauge", "Commands without an outcome.", [{ value: gauges.activeCommands }]),
    metric(
      "budget_calls_left",
      "gauge",
      "Requests to the cloud left this hour; the minimum over all accounts.",
      gauges.callsLeft === null ? [] : [{ value: gauges.callsLeft }],
    ),
    metric("events_total", "counter", "Events received from the log.", [{ value: stats.events }]),
    metric("frames_total", "counter", "Frames sent.", [{ value: stats.frames }]),
    metric("writes_total", "counter", "Socket writes; frames that are due together share one.", [
      { value: stats.writes },
    ]),
    metric("bytes_total", "counter", "Bytes sent.", [{ value: stats.bytes }]),
    metric("coalesced_total", "counter", "States replaced by a newer one before they were sent.", [
      { value: stats.coalesced },
    ]),
    metric("gaps_total", "counter", "Gaps reported.", [{ value: stats.gaps }]),
    metric("commands_total", "counter", "Commands received.", [{ value: stats.commands }]),
    metric("refused_total", "counter", "Requests rejected by Host, Origin, address or connection limit.", [
      { value: stats.rejectedRequests },
    ]),
    metric("failed_auths_total", "counter", "Wrong tokens and codes.", [{ value: stats.failedAuths }]),
    metric(
      "closes_total",
      "counter",
      "Closed connections by close code.",
      [...stats.closes].map(([code, value]) => ({ labels: { code: String(code) }, value })),
    ),
  ].join("\n")}\n`
