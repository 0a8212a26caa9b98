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
  Session,
  TokenStore,
} from "@blink-streams/core"
import type { AccountId, AccountState, Epoch, EventKind, RecordedEvent, Seq } from "@blink-streams/model"
import { Context, type Duration, type Effect, Layer, type Stream, type SubscriptionRef } from "effect"
import type { TemperatureLimits } from "./internal/derive/diff.ts"
import type { EventLog } from "./EventLog.ts"
import { makeAccountMonitor } from "./internal/monitor/makeAccountMonitor.ts"
import type { LogError } from "./LogError.ts"

/** What one home needs of core. */
export type AccountMonitorServices =
  | BlinkConfig
  | TokenStore
  | Session
  | Budget
  | BlinkApi
  | Commands
  | Drift
  | LiveView

export interface AccountMonitorOptions {
  /** How often the home is looked at. Default 60 s. Never below 30 s, unless the cloud is on this machine. */
  readonly homescreenInterval?: Duration.Input
  /** How often clips are asked for. Default: by what is going on. Never below 15 s, as above. */
  readonly mediaInterval?: Duration.Input
  /** Networks, hubs and cameras as they are: without it none of them is known, nor what changes. Default: on. */
  readonly homescreen?: boolean
  /** Clips in the cloud, and with them motion and presses. Default: on. */
  readonly media?: boolean
  /**
   * The seed's list of events, which tells of motion before its clip is there. Default: in the legacy dialect.
   * Today's cloud has withdrawn it, which switches the source off with a health event.
   */
  readonly legacyEvents?: boolean
  /**
   * Clips on USB sticks. Each look keeps a hub busy for seconds. Default: while an account has sticks and no clips in
   * the cloud.
   */
  readonly localStorage?: boolean
  /** Default 5 to 35 °C. */
  readonly temperatureLimits?: TemperatureLimits
}

export interface EventsOptions {
  /** Go on after this place; without it only what is new. */
  readonly since?: { readonly epoch: Epoch; readonly seq: Seq }
  /** Only these; all without it. */
  readonly kinds?: ReadonlyArray<EventKind>
}

/**
 * One account, running: it is looked at on a cadence, and what changes is written to the log.
 *
 * A failed look changes nothing but the health: the last state stays, marked as stale.
 */
export class AccountMonitor extends Context.Service<
  AccountMonitor,
  {
    readonly account: AccountId

    /** The newest state; it is in the log before it is here. */
    readonly state: SubscriptionRef.SubscriptionRef<AccountState>

    /** **Errors.** `CursorExpired` when `since` is of another log or no longer kept. */
    events(options?: EventsOptions): Stream.Stream<RecordedEvent, LogError>

    /**
     * Runs a command to its verified end; see `Commands.run` of core. Each step is in the log as `command.progress`,
     * arming as `arm.changed`. A reader who leaves does not cancel it.
     */
    command(command: Command): Stream.Stream<CommandProgress, BlinkError>

    /** Looks at everything now. Ends when the looks have ended, good or bad. */
    readonly refresh: Effect.Effect<void>

    /** A thumbnail or clip, by its path as the model has it. */
    bytes(path: string): Effect.Effect<Uint8Array, BlinkError>

    /** The same as it arrives. */
    stream(path: string, range?: ByteRange): Effect.Effect<Download, BlinkError>

    /** A camera's picture as it is now, while the stream is read; see `LiveView.watch` of core. */
    watch(camera: LiveViewTarget): Stream.Stream<Uint8Array, BlinkError>

    readonly session: Session["Service"]
  }
>()("@blink-streams/events/AccountMonitor") {
  /** Starts looking; ends with its scope. Fails when nobody has ever signed in. */
  static readonly layer = (
    options: AccountMonitorOptions = {},
  ): Layer.Layer<AccountMonitor, BlinkError | LogError, AccountMonitorServices | EventLog> =>
    Layer.effect(AccountMonitor, makeAccountMonitor(options))
}
