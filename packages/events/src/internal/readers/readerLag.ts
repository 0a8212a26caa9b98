import type { Seq } from "@blink-streams/model"
import { Clock, type Context, Duration, Effect, Metric } from "effect"
import type { ReaderStatus, Retention } from "../../EventLogContract.ts"
import type { LogStats } from "../log/retention.ts"
import type { Database } from "../log/sqlite.ts"
import type { Reader } from "./ReaderPositions.ts"

interface LagLog {
  readonly database: Database
  readonly stats: () => LogStats
  readonly retention: Retention
}

const none: ReaderStatus["lag"] = { events: 0, seconds: 0, share: 0 }

/** Distance between the position of a reader and the end of the log. */
export const readerLag = (
  { database, stats, retention }: LagLog,
  position: Seq,
  now: number,
): Effect.Effect<ReaderStatus["lag"]> => {
  const { oldest, newest, bytes } = stats()
  const events = newest - position
  if (events <= 0) return Effect.succeed(none)
  return database.recordedAt(Math.max(position + 1, oldest)).pipe(
    // A log that cannot be read fails its readers; the number of events is known nevertheless.
    Effect.orElseSucceed(() => null),
    Effect.map((at) => {
      const seconds = Math.max(0, now - (at ?? now)) / 1000
      const share = Math.max(
        events / retention.events,
        seconds / Duration.toSeconds(retention.age),
        ((events / (newest - oldest + 1)) * bytes) / retention.bytes,
      )
      return { events, seconds, share }
    }),
  )
}

const noop = () => {}

/** Exports `read` as the gauge `id` of the readers of one name. Returns what ends that. */
const observe = (
  context: Context.Context<never>,
  { id, description, name }: { readonly id: string; readonly description: string; readonly name: string },
  read: () => number,
) =>
  Metric.registerUnsafe(Metric.gauge(id, { description, attributes: { reader: name } }), context, {
    get: () => ({ value: read() }),
    update: noop,
    modify: noop,
  })

/**
 * Exports the lag of readers as metrics until the scope closes. It is computed when metrics are exported. The attribute
 * `reader` has the largest lag of its name: metrics name no account.
 */
export const makeObserveLag = Effect.fnUntraced(function* (log: LagLog) {
  const context = yield* Effect.context()
  const clock = yield* Clock.Clock
  const run = Effect.runSyncWith(context)
  const names = new Map<string, { readonly readers: Set<Reader>; readonly stop: () => void }>()

  const start = (name: string) => {
    const readers = new Set<Reader>()
    const largest = (part: "events" | "seconds") => () => {
      const now = clock.currentTimeMillisUnsafe()
      return Math.max(...[...readers].map(({ position }) => run(readerLag(log, position, now))[part]))
    }
    const series = [
      observe(
        context,
        {
          id: "blink_reader_lag_events",
          description: "Events in the log after the position of a reader",
          name,
        },
        largest("events"),
      ),
      observe(
        context,
        {
          id: "blink_reader_lag_seconds",
          description: "Time since the first event after the position of a reader was recorded",
          name,
        },
        largest("seconds"),
      ),
    ]
    const started = { readers, stop: () => series.forEach((each) => each.remove()) }
    names.set(name, started)
    return started
  }
  yield* Effect.addFinalizer(() => Effect.sync(() => names.forEach(({ stop }) => stop())))

  return {
    add: (reader: Reader) => {
      ;(names.get(reader.name) ?? start(reader.name)).readers.add(reader)
    },
    remove: (reader: Reader) => {
      const known = names.get(reader.name)
      known?.readers.delete(reader)
      if (known?.readers.size !== 0) return
      known.stop()
      names.delete(reader.name)
    },
  }
})
