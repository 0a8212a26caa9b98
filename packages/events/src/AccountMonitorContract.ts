import type {
  BlinkApi,
  BlinkConfig,
  BlinkError,
  Budget,
  ByteRange,
  Command,
  CommandProgress,
  Commands,
  Download,
  Drift,
  LiveView,
  LiveViewTarget,
  LocalStorage,
  Session,
  TokenStore,
} from "@blink-streams/core"
import type { AccountId, AccountState, Cursor, CursorEvent, EventKind } from "@blink-streams/model"
import type { Duration, Effect, Stream, SubscriptionRef } from "effect"
import type { ReaderStatus } from "./EventLogContract.ts"
import type { LogError } from "./LogError.ts"

/** Services of core that a monitor needs. `BlinkAccount.layer` provides them. */
export type AccountMonitorServices =
  | BlinkConfig
  | TokenStore
  | Session
  | Budget
  | BlinkApi
  | Commands
  | Drift
  | LiveView
  | LocalStorage

/** Limits for `temperature.crossed`, in degrees Celsius. */
export interface TemperatureLimits {
  readonly lowestCelsius: number
  readonly highestCelsius: number
}

export interface AccountMonitorOptions {
  /** Interval of the poll of networks and cameras. Default 60 s; at least 30 s, unless the cloud is on this machine. */
  readonly stateInterval?: Duration.Input
  /** Interval of the clip poll. Default 15 s to 2 min by the state of the account; at least 15 s, as above. */
  readonly clipInterval?: Duration.Input
  /** Polls networks, sync modules and cameras; when off, none of them is known. Default: on. */
  readonly state?: boolean
  /** Polls the clips in the cloud, which show motion and doorbell presses. Default: on. */
  readonly clips?: boolean
  /**
   * Polls the event list of the legacy API, which shows motion before its clip is uploaded. Default: on with the legacy
   * API only. The current cloud has withdrawn the list; the poller then reports `off` in a `health.changed` event.
   */
  readonly legacyEvents?: boolean
  /**
   * Polls the clips on USB storage. Each poll keeps a sync module busy for seconds. Default: while an account has USB
   * storage and no clips in the cloud.
   */
  readonly usbStorage?: boolean
  /**
   * Age of the oldest clips that the first poll writes to the log, as events with `backfilled: true`. Default 30 days; 0
   * for none.
   */
  readonly history?: Duration.Input
  /** Limits for `temperature.crossed`. Default 5 to 35 °C. */
  readonly temperatureLimits?: TemperatureLimits
}

export interface EventsOptions<Kind extends EventKind = EventKind> {
  /**
   * Begins with the events in the log: after the event of a cursor, at the first one recorded at or after a `Date`, or at
   * the oldest one that is kept with `"beginning"`. Default: new events only.
   */
  readonly since?: Date | string
  /** Only these kinds. Default: all. */
  readonly kinds?: ReadonlyArray<Kind>
  /** Includes the events from before the account was first monitored. Default: only with `since: "beginning"`. */
  readonly backfilled?: boolean
}

/** Options of a durable reader: a position in the log that moves when its events have been handled. */
export interface ReaderOptions<Kind extends EventKind = EventKind> extends EventsOptions<Kind> {
  /** Name of the reader: 1 to 64 characters. `since` has a meaning only when the log does not have this reader. */
  readonly reader: string
  /**
   * `each` writes the position to the log after each event. By default positions are written at most once a second; after a
   * crash, what was handled in that second comes again.
   */
  readonly save?: "each"
}

/** An event of a reader that is to be handled; a `gap` whatever kinds it reads. */
export interface Delivery<Kind extends EventKind = EventKind> {
  readonly event: CursorEvent<Kind> | CursorEvent<"gap">
  /**
   * Marks the event as handled. The position moves up to the first event that is not. With `save: "each"` it completes
   * once the position was written.
   */
  readonly handled: Effect.Effect<void>
}

export interface HistoryOptions<Kind extends EventKind = EventKind> {
  /** Only what occurred at or after this time. Default: from the oldest event that the log has. */
  readonly from?: Date
  /** Only what occurred before this time. Default: until now. */
  readonly to?: Date
  /** Only these kinds. Default: all. */
  readonly kinds?: ReadonlyArray<Kind>
}

/** Operations of the `AccountMonitor` service. */
export interface AccountMonitorContract {
  readonly account: AccountId

  /** The newest state. It is committed to the log before it is published here. */
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>

  /** Cursor of the newest event in the log, to begin after it later. */
  readonly newestCursor: Effect.Effect<Cursor, LogError>

  /**
   * Emits the events of this account, each with its `cursor`; `replayed` marks those that the log had already.
   *
   * **Errors.** `CursorExpired` when `since` is not a cursor of this log or is no longer kept.
   */
  events<Kind extends EventKind = EventKind>(
    options?: EventsOptions<Kind>,
  ): Stream.Stream<CursorEvent<Kind>, LogError>

  /**
   * Runs `handler` for each event of a durable reader, one after the other, and moves the reader's position when it has
   * succeeded. Ends with the error of `handler`, whose event comes again the next time. The reader has one `handleEvents`
   * at a time.
   *
   * Each event is handled at least once: after a crash, those that were handled since the position was last saved come
   * again, in order and with the same ids. A `gap` is delivered whatever `kinds` says, when the log has deleted events that
   * were not handled.
   *
   * **Errors.** `ReaderInUse`, `InvalidReaderName`, `CursorExpired` for the `since` of a new reader.
   */
  handleEvents<Kind extends EventKind = EventKind, E = never, R = never>(
    options: ReaderOptions<Kind>,
    handler: (event: Delivery<Kind>["event"]) => Effect.Effect<unknown, E, R>,
  ): Effect.Effect<void, LogError | E, R>

  /**
   * Emits the events of a durable reader for code that marks them as handled itself, in any order. At most 1,000 are
   * unhandled at a time. See `handleEvents`.
   */
  deliveries<Kind extends EventKind = EventKind>(
    options: ReaderOptions<Kind>,
  ): Stream.Stream<Delivery<Kind>, LogError>

  /** The readers of this account, with their lag. */
  readonly readers: Effect.Effect<ReadonlyArray<ReaderStatus>, LogError>

  /** Removes a reader. Returns false when there is none of this name. **Errors.** `ReaderInUse` while it is open. */
  removeReader(name: string): Effect.Effect<boolean, LogError>

  /**
   * Emits past events of this account and ends, in the order of the log: what arrived late is emitted late. Sends no
   * request. **Errors.** `CursorExpired` when the log deletes events faster than they are read.
   */
  history<Kind extends EventKind = EventKind>(
    options?: HistoryOptions<Kind>,
  ): Stream.Stream<CursorEvent<Kind>, LogError>

  /**
   * Runs a command until its effect is verified; see `Commands.run` of core. Each status is logged as
   * `command.progress`, a change of arming as `arm.changed`. A subscriber that leaves does not cancel the command.
   */
  command(command: Command): Stream.Stream<CommandProgress, BlinkError>

  /** Polls the state and the clips now. Completes when both polls have ended, with or without success. */
  readonly refresh: Effect.Effect<void>

  /** Downloads a thumbnail or clip by its path in an event or the state. */
  bytes(path: string): Effect.Effect<Uint8Array, BlinkError>

  /** Downloads it as a stream. */
  stream(path: string, range?: ByteRange): Effect.Effect<Download, BlinkError>

  /** Live view of a camera while the stream is read; see `LiveView.watch` of core. */
  watch(camera: LiveViewTarget): Stream.Stream<Uint8Array, BlinkError>

  readonly session: Session["Service"]
}
