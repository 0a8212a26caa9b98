import { Effect, Metric } from "effect"

const noop = () => {}

/** Exports `get` as the value of a series until the scope closes. It is read whenever metrics are exported. */
const observe = <State>(metric: Metric.Metric<number, State>, get: () => State) =>
  Effect.acquireRelease(
    Effect.map(Effect.context(), (context) =>
      Metric.registerUnsafe(metric, context, { get, update: noop, modify: noop }),
    ),
    (registration) => Effect.sync(() => registration.remove()),
  )

/** Exports `read` as the counter `blink_streams_NAME` until the scope closes. */
export const observeCounter = (
  name: string,
  description: string,
  read: () => number,
  attributes: Readonly<Record<string, string>> = {},
) =>
  observe(Metric.counter(`blink_streams_${name}`, { description, incremental: true, attributes }), () => ({
    count: read(),
    incremental: true,
  }))

/** Exports `read` as the gauge `blink_streams_NAME` until the scope closes. */
export const observeGauge = (name: string, description: string, read: () => number) =>
  observe(Metric.gauge(`blink_streams_${name}`, { description }), () => ({ value: read() }))
