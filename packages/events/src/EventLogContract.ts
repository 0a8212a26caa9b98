import type {
  AccountId,
  AccountState,
  BlinkEvent,
  BlinkState,
  Epoch,
  RecordedEvent,
  Seq,
} from "@blink-streams/model"
import type { Duration, Effect, Schema, Stream } from "effect"
import type { LogError } from "./LogError.ts"

/** The result of one poll, command or sign-in. It is written in one transaction. */
export interface Batch {
  readonly account: AccountId
  /** In the order of the log. An event whose id the log already has for this account is left out. */
  readonly events: ReadonlyArray<BlinkEvent>
  /** Position of each source after this batch. */
  readonly checkpoints?: ReadonlyArray<{ readonly source: string; readonly value: Schema.Json }>
  /** Notes of a source by key (a clip, a message), which recognise the same item when it is listed again. */
  readonly metadata?: ReadonlyArray<{ readonly key: string; readonly value: Schema.Json }>
  readonly state?: AccountState
}

/** One change of the live feed. Changes that a slow reader missed are merged. */
export interface LogChange {
  /** The newest `seq` after this change. */
  readonly seq: Seq
  readonly events: ReadonlyArray<RecordedEvent>
  /** The account's newest state when it has changed, never older than `events`; otherwise `null`. */
  readonly state: AccountState | null
}

/** Limits of the log. The oldest events are deleted first; all limits apply at once. */
export interface Retention {
  /** Number of events. Default 1,000,000. */
  readonly events: number
  /** Total size of the events as JSON text. Default 512 MiB. */
  readonly bytes: number
  /** Time since an event was recorded. Default 90 days. */
  readonly age: Duration.Input
  /** Time since metadata was last written. Default 400 days: the cloud keeps clips for up to 365. */
  readonly metadata: Duration.Input
}

/** Operations of the `EventLog` service. */
export interface EventLogContract {
  readonly epoch: Epoch

  /**
   * Writes one batch in one transaction and notifies the readers after the commit.
   *
   * Returns the events that were added. An event whose id is in the log for this account, or earlier in the batch, is
   * left out.
   *
   * **Errors.** Any reason but `CursorExpired`. Nothing of the batch is written then, and the account's state is
   * stale until the next batch is.
   */
  append(batch: Batch): Effect.Effect<ReadonlyArray<RecordedEvent>, LogError>

  /** Returns the newest checkpoint of a source; `null` when it has none. */
  checkpoint(account: AccountId, source: string): Effect.Effect<Schema.Json | null, LogError>

  /** Returns the metadata of those `keys` that have any. */
  getMetadata(
    account: AccountId,
    keys: ReadonlyArray<string>,
  ): Effect.Effect<ReadonlyMap<string, Schema.Json>, LogError>

  /** First and last `seq` that are kept. In an empty log `oldest` is `newest + 1`. */
  readonly bounds: Effect.Effect<{ readonly oldest: Seq; readonly newest: Seq }, LogError>

  /**
   * Returns up to `limit` events after `after`, oldest first.
   *
   * **Errors.** `CursorExpired` when events after `after` are no longer kept, or when `after` is ahead of the log
   * because the log is an older copy. No event is skipped silently.
   */
  read(after: Seq, limit: number): Effect.Effect<ReadonlyArray<RecordedEvent>, LogError>

  /** Like `read`, with each event as the JSON text that is stored. Much cheaper when the text is only passed on. */
  readEncoded(
    after: Seq,
    limit: number,
  ): Effect.Effect<
    ReadonlyArray<{ readonly seq: Seq; readonly text: string; readonly backfilled: boolean }>,
    LogError
  >

  /**
   * Emits every event after `after`, then new events as they are appended, each exactly once. A slow reader is served
   * from the log and holds one page in memory. **Errors.** As `read`.
   */
  follow(after: Seq): Stream.Stream<RecordedEvent, LogError>

  /** A consistent snapshot of all accounts: `state` reflects exactly the events up to `seq`. */
  readonly snapshot: Effect.Effect<
    { readonly epoch: Epoch; readonly seq: Seq; readonly state: BlinkState },
    LogError
  >

  /** Emits events and states in order as they are committed, from the subscription on. **Errors.** As `read`. */
  readonly changes: Stream.Stream<LogChange, LogError>
}
