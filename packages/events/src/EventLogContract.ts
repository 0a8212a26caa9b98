import type {
  AccountId,
  AccountState,
  BlinkEvent,
  BlinkState,
  Cursor,
  Epoch,
  RecordedEvent,
  Seq,
  Timestamp,
} from "@blink-streams/model"
import type { Duration, Effect, Schema, Scope, Stream } from "effect"
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

/** A reader of a log: a named position up to which every event has been handled. */
export interface ReaderStatus {
  /** Account whose events it reads; 0 for those of all accounts. */
  readonly account: AccountId
  readonly name: string
  /** Everything up to here was handled. */
  readonly cursor: Cursor
  readonly lag: {
    /** Number of events in the log after its position. */
    readonly events: number
    /** Time since the first of them was recorded. */
    readonly seconds: number
    /** Part of the log's retention that they take: from 1 on, the log deletes events that the reader has not handled. */
    readonly share: number
  }
  /** True while a loop, subscription or `handleEvents` has it. */
  readonly open: boolean
  /** Time at which its position was last written to the log. */
  readonly savedAt: Timestamp
}

/** An open reader. */
export interface LogReader {
  /** Everything up to it was handled before; the next event is the one after it. It may be no longer kept. */
  readonly start: Seq
  /**
   * Moves the position to `to`: everything up to it is handled, or of no interest. A position that moved by a handled
   * event is saved within a second; one that moved because events were filtered out when retention would pass it, or
   * when the reader closes.
   */
  moveTo(to: Seq, by: "handled" | "filtered"): Effect.Effect<void>
  /** Saves the position now. A failed save is logged once and repeated; the position stays in memory. */
  readonly save: Effect.Effect<void>
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
   * Positions of readers that are due are saved in the same transaction.
   *
   * **Errors.** Those of the disk. Nothing of the batch is written then, and the account's state is stale until the
   * next batch is.
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

  /**
   * Returns the position at which a subscription begins: before the oldest event that is kept for `beginning`, before the
   * first one that was recorded at or after a `Date`, or after the event of a cursor.
   *
   * **Errors.** `CursorExpired` when `since` is neither, or is a cursor of another log or of a position that is no
   * longer kept.
   */
  startPosition(since: Date | string): Effect.Effect<Seq, LogError>

  /** The readers of the log, open or not. */
  readonly readers: Effect.Effect<ReadonlyArray<ReaderStatus>, LogError>

  /**
   * Opens a reader until the scope closes, which saves its position. A name that the log does not have begins at `since`,
   * without it after the newest event, and is in the log when this returns. Otherwise `since` is ignored.
   *
   * **Errors.** `InvalidReaderName`, `ReaderInUse`, those of `startPosition` and of the disk.
   */
  openReader(options: {
    readonly account: AccountId
    readonly name: string
    readonly since?: Date | string | undefined
  }): Effect.Effect<LogReader, LogError, Scope.Scope>

  /** Removes a reader. Returns false when there is none of this name. **Errors.** `ReaderInUse` while it is open. */
  removeReader(account: AccountId, name: string): Effect.Effect<boolean, LogError>
}
