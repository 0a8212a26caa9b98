import { appending, replaying } from "./events/appending.ts"
import { latency } from "./events/latency.ts"
import { pollingCost } from "./events/polling.ts"
import type { BenchReport } from "./BenchReport.ts"

const million = 1_000_000

export default async (): Promise<BenchReport> => {
  const [ten, hundred, thousand] = [pollingCost(10), pollingCost(100), pollingCost(1000)]
  const [tens, hundreds] = [await appending(10), await appending(100)]
  const week = await latency()
  const replay = await replaying(million)
  return {
    ratios: {
      pollUnchanged10: ten.unchanged,
      pollUnchanged100: hundred.unchanged,
      pollUnchanged1000: thousand.unchanged,
      pollChanged10: ten.changed,
      pollChanged100: hundred.changed,
      pollChanged1000: thousand.changed,
      appendBatch10: tens.ratio,
      appendBatch100: hundreds.ratio,
      latencyMedian: week.medianRatio,
      latencyP95: week.p95Ratio,
    },
    figures: {
      appendBatch10EventsPerSecond: tens.eventsPerSecond,
      appendBatch100EventsPerSecond: hundreds.eventsPerSecond,
      replayEventsPerSecond: replay.eventsPerSecond,
      replayHeapGrowthMegabytes: replay.heapGrowthMegabytes,
      latencyMedianSeconds: week.medianSeconds,
      latencyP95Seconds: week.p95Seconds,
      latencyEvents: week.happened,
      requestsPerHour: week.requestsPerHour,
      refreshEverySeconds: week.refreshEverySeconds,
    },
    goals: {
      pollUnchanged10: { atMost: 0.1 },
      pollUnchanged100: { atMost: 0.1 },
      pollUnchanged1000: { atMost: 0.1 },
      pollChanged10: { atMost: 1.5 },
      pollChanged100: { atMost: 1.5 },
      pollChanged1000: { atMost: 1.5 },
      appendBatch10: { atLeast: 0.5 },
      appendBatch100: { atLeast: 0.5 },
      latencyMedian: { atMost: 0.5 },
      latencyP95: { atMost: 0.5 },
      replayHeapGrowthMegabytes: { atMost: 10 },
    },
  }
}
