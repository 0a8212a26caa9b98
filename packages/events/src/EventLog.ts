import type {
  AccountId,
  AccountState,
  Epoch,
  BlinkEvent,
  BlinkState,
  RecordedEvent,
  Seq,
} from "@blink-streams/model"
import { Context, type Duration, type Effect, Layer, type Schema, type Stream } from "effect"
import { openSqliteLog } from "./internal/log/sqliteLog.ts"
import type { LogError } from "./LogError.ts"

/** What one look, command or sign-in tells. It is written whole or not at all. */
export interface Batch {
  readonly account: AccountId
  /** In the order they are to have in the log. One whose id the log already has for this account is left out. */
  readonly events: ReadonlyArray<BlinkEvent>
  /** Where sources go on after this batch. */
  readonly checkpoints?: ReadonlyArray<{ readonly source: string; readonly value: Schema.Json }>
  /** What a source remembers about single facts (a clip, a message), to recognise them when they are shown again. */
  readonly metadata?: ReadonlyArray<{ readonly key: string; readonly value: Schema.Json }>
  readonly state?: AccountState
}

/** One step of the live feed. Steps that a slow reader missed come to it as one. */
export interface LogChange {
  /** The newest place after this step. */
  readonly seq: Seq
  readonly events: ReadonlyArray<RecordedEvent>
  /** The account's newest state, when it has changed; never older than the events of this step. */
  readonly state: AccountState | null
}

/** How much is kept. The oldest go first; all limits hold at once. */
export interface Retention {
  /** Default 1,000,000. */
  readonly events: number
  /** Sum of the events as JSON text. Default 512 MiB. */
  readonly bytes: number
  /** Since recorded. Default 90 days. */
  readonly age: Duration.Input
  /** Of `memory`, since last written. Default 400 days: the cloud keeps clips for up to 365. */
  readonly metadata: Duration.Input
}

/**
 * The durable, ordered log of everything that was seen: the only thing that feeds readers.
 *
 * Several accounts share one log. `seq` is dense and rising over all of them; `epoch` names the log. Another
 * implementation is held to the same contract by `test/eventLogContract.ts`.
 */
export class EventLog extends Context.Service<
  EventLog,
  {
    readonly epoch: Epoch

    /**
     * Writes one batch in one transaction, and wakes the readers after it.
     *
     * Answers what was really added. An event is told once: one whose id stands in the log for this account, or
     * earlier in the batch, is dropped.
     *
     * **Errors.** Any but `CursorExpired`; then nothing of the batch was written, and the account's state is stale until
     * the next one is.
     */
    append(batch: Batch): Effect.Effect<ReadonlyArray<RecordedEvent>, LogError>

    /** The newest checkpoint of a source; `null` before its first. */
    checkpoint(account: AccountId, source: string): Effect.Effect<Schema.Json | null, LogError>

    /** What is remembered under those of `keys` that are known. */
    getMetadata(
      account: AccountId,
      keys: ReadonlyArray<string>,
    ): Effect.Effect<ReadonlyMap<string, Schema.Json>, LogError>

    /** What is kept: `oldest` to `newest`. In an empty log `oldest` is `newest + 1`. */
    readonly bounds: Effect.Effect<{ readonly oldest: Seq; readonly newest: Seq }, LogError>

    /**
     * Up to `limit` events after a place, oldest first.
     *
     * **Errors.** `CursorExpired` when events after that place are no longer kept, or the log has not come so far (it is
     * an older copy): nothing is passed over in silence.
     */
    read(after: Seq, limit: number): Effect.Effect<ReadonlyArray<RecordedEvent>, LogError>

    /**
     * As `read`, with each event as the JSON text that it is kept as: for those who only pass it on, at a fraction of
     * the cost.
     */
    readEncoded(
      after: Seq,
      limit: number,
    ): Effect.Effect<ReadonlyArray<{ readonly seq: Seq; readonly text: string }>, LogError>

    /**
     * Everything after a place, then everything new, each once and with no seam. A slow reader is served from
     * the log; it holds one page in memory. **Errors.** As `read`.
     */
    follow(after: Seq): Stream.Stream<RecordedEvent, LogError>

    /** All accounts at one place: the state holds exactly what the events up to `seq` say. */
    readonly snapshot: Effect.Effect<
      { readonly epoch: Epoch; readonly seq: Seq; readonly state: BlinkState },
      LogError
    >

    /** What is committed from the subscription on, in order, events and states. **Errors.** As `read`. */
    readonly changes: Stream.Stream<LogChange, LogError>
  }
>()("@blink-streams/events/EventLog") {
  /**
   * A log in one SQLite file, made if it is missing; its folder must exist. One process at a time.
   * A commit is on the disk before `append` answers (`synchronous = FULL`).
   */
  static readonly layerSqlite = (options: {
    readonly filename: string
    readonly retention?: Partial<Retention>
  }): Layer.Layer<EventLog, LogError> => Layer.effect(EventLog, openSqliteLog(options))

  /** A log that is gone when its scope closes. */
  static readonly layerMemory: Layer.Layer<EventLog, LogError> = EventLog.layerSqlite({
    filename: ":memory:",
  })
}
