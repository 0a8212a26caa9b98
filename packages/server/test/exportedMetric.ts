import { Effect, Metric } from "effect"

/** Reads the value of a gauge or counter as it is exported. */
export const exportedMetric = (name: string) =>
  Effect.map(Metric.snapshot, (all) => {
    const found = all.find(({ id }) => id === name)
    if (found?.type === "Gauge") return Number(found.state.value)
    return found?.type === "Counter" ? Number(found.state.count) : undefined
  })
