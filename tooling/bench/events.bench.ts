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
      lookUnchanged10: ten.unchanged,
      lookUnchanged100: hundred.unchanged,
      lookUnchanged1000: thousand.unchanged,
      lookChanged10: ten.changed,
      lookChanged100: hundred.changed,
      lookChanged1000: thousand.changed,
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
      lookUnchanged10: { atMost: 0.1 },
      lookUnchanged100: { atMost: 0.1 },
      lookUnchanged1000: { atMost: 0.1 },
      lookChanged10: { atMost: 1.5 },
      lookChanged100: { atMost: 1.5 },
      lookChanged1000: { atMost: 1.5 },
      appendBatch10: { atLeast: 0.5 },
      appendBatch100: { atLeast: 0.5 },
      latencyMedian: { atMost: 0.5 },
      latencyP95: { atMost: 0.5 },
      replayHeapGrowthMegabytes: { atMost: 10 },
    },
  }
}
