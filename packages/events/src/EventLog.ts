import { Context, Layer } from "effect"
import type { EventLogContract, Retention } from "./EventLogContract.ts"
import { openSqliteLog } from "./internal/log/sqliteLog.ts"
import type { LogError } from "./LogError.ts"

export type {
  Batch,
  EventLogContract,
  LogChange,
  LogReader,
  ReaderStatus,
  Retention,
} from "./EventLogContract.ts"

/**
 * The durable, ordered log of all events. Every subscriber reads from it.
 *
 * Several accounts share one log. `seq` increases by one per event over all of them; `epoch` identifies the log.
 * Another implementation has to pass `test/eventLogContract.ts`.
 *
 * @example
 * ```ts
 * const log = yield* EventLog
 * const { seq, state } = yield* log.snapshot
 * yield* log.follow(seq).pipe(Stream.runForEach(({ event }) => Effect.log(event.kind)))
 * ```
 */
export class EventLog extends Context.Service<EventLog, EventLogContract>()(
  "@blink-streams/events/EventLog",
) {
  /**
   * A log in one SQLite file, which is created when missing; its folder must exist. Only one process can open it at a
   * time. A commit is on disk before `append` returns (`synchronous = FULL`).
   */
  static readonly layerSqlite = (options: {
    readonly filename: string
    readonly retention?: Partial<Retention>
  }): Layer.Layer<EventLog, LogError> => Layer.effect(EventLog, openSqliteLog(options))

  /** A log in memory. It is deleted when its scope closes. */
  static readonly layerMemory: Layer.Layer<EventLog, LogError> = EventLog.layerSqlite({
    filename: ":memory:",
  })
}
