import type { BlinkError } from "@blink-streams/core"
import type {
  AccountState,
  ArmState,
  BatteryState,
  CursorEvent,
  EventKind,
  OnlineState,
  SessionState,
} from "@blink-streams/model"
import { shareEvents, shareState, toObservable } from "@blink-streams/rx"
import { Context, Duration, type Effect, Equal, type Layer, Stream, SubscriptionRef } from "effect"
import {
  distinctUntilChanged,
  filter,
  groupBy,
  map,
  mergeMap,
  type Observable,
  type OperatorFunction,
  ReplaySubject,
  switchMap,
  takeUntil,
} from "rxjs"
import type { AccountLeaseHeld } from "./AccountLease.ts"
import type { AccountMonitor } from "./AccountMonitor.ts"
import type {
  AccountMonitorContract,
  EventsOptions,
  HistoryOptions,
  ReaderOptions,
} from "./AccountMonitorContract.ts"
import type { ReaderStatus } from "./EventLogContract.ts"
import { deepFreeze } from "./internal/rx/deepFreeze.ts"
import { type ReaderEvent, readerObservable } from "./internal/rx/ReaderEvent.ts"
import { runMonitor } from "./internal/rx/runMonitor.ts"
import { type StreamCommands, streamCommands } from "./internal/rx/streamCommands.ts"
import { whileRunning } from "./internal/rx/whileRunning.ts"
import { monitorLayer } from "./monitorLayer.ts"
import type { MonitorAccountOptions } from "./internal/setup/MonitorAccountOptions.ts"
import type { LogError } from "./LogError.ts"
import {
  armStates,
  batteryStates,
  type AccountHealth,
  accountHealth,
  onlineStates,
  type StateValue,
} from "./StateValue.ts"

export type { AccountHealth, StateValue } from "./StateValue.ts"
export * from "./handleEach.ts"
export type { ReaderEvent } from "./internal/rx/ReaderEvent.ts"
export type { AccountFunctions, StreamCommands } from "./internal/rx/streamCommands.ts"
export type { MonitorAccountOptions } from "./internal/setup/MonitorAccountOptions.ts"
export { fileStore } from "./internal/setup/fileStore.ts"
export * from "./rxOperators.ts"

export interface StreamOptions {
  /** Time that polling continues after the last subscriber has left. Default 5 s. */
  readonly grace?: Duration.Input
}

/** Session, event log and polling of an account. */
export interface AccountStreamsOptions extends MonitorAccountOptions, StreamOptions {
  /** File of the event log. Default: in memory, while there are subscribers. */
  readonly log?: string
}

/**
 * Error of an observable of an account, with `code`, `retryable` and a readable `message`: a `BlinkError` when no session
 * is saved or a command fails, a `LogError` when the event log cannot be used, `AccountLeaseHeld` when this process
 * monitors the account already.
 */
export type StreamError = BlinkError | LogError | AccountLeaseHeld

/**
 * One account as observables. Nothing runs before the first subscription; subscribers and commands share one monitor.
 *
 * *State* emits its present value at once and then each new one, one value per subject. *Events* are emitted as they
 * occur after the subscription; `events({ since })` starts earlier. A failed poll is not an error: it shows in
 * `health$` and makes the state stale. An observable errors with a `StreamError`, and only when the monitor cannot run; it
 * completes when the streams are disposed. *Commands* are recorded in the log as commands of this program; unsubscribing
 * stops the waiting, not the command. Emitted values are frozen.
 */
export interface AccountStreams extends StreamCommands, AsyncDisposable {
  readonly state$: Observable<AccountState>
  readonly arm$: Observable<StateValue<ArmState>>
  readonly battery$: Observable<StateValue<BatteryState>>
  readonly online$: Observable<StateValue<OnlineState>>
  readonly health$: Observable<AccountHealth>
  readonly session$: Observable<SessionState>

  readonly events$: Observable<CursorEvent>
  readonly armChanges$: Observable<CursorEvent<"arm.changed">>
  readonly motion$: Observable<CursorEvent<"motion">>
  readonly doorbell$: Observable<CursorEvent<"doorbell.pressed">>
  readonly clips$: Observable<CursorEvent<"clip.added" | "clip.updated" | "clip.watched" | "clip.deleted">>
  readonly devices$: Observable<CursorEvent<DeviceKind>>

  /**
   * Emits the events of a durable reader, from its position on. `ack` of an event, or the operator `handleEach`, moves the
   * position; that an event was emitted does not. At most 1,000 events are unhandled at a time. Errors with `ReaderInUse`
   * while the reader has another subscription.
   */
  events<Kind extends EventKind = EventKind>(options: ReaderOptions<Kind>): Observable<ReaderEvent<Kind>>

  /**
   * Emits events of some kinds, or those after a cursor and then new ones. Errors with `CursorExpired` when `since` is not
   * a cursor of this log or is no longer kept.
   */
  events<Kind extends EventKind = EventKind>(options?: EventsOptions<Kind>): Observable<CursorEvent<Kind>>

  /** Emits the readers of this account, with their lag, once. */
  readers(): Observable<ReadonlyArray<ReaderStatus>>

  /** Removes a reader. Emits false when there is none of this name; errors with `ReaderInUse` while it is open. */
  removeReader(name: string): Observable<boolean>

  /** Emits the past of the log, oldest first, and completes. */
  history<Kind extends EventKind = EventKind>(options?: HistoryOptions<Kind>): Observable<CursorEvent<Kind>>

  /** Stops polling and completes every observable. */
  dispose(): Promise<void>
}

const clipKinds = ["clip.added", "clip.updated", "clip.watched", "clip.deleted"] as const
const deviceKinds = [
  "device.added",
  "device.removed",
  "device.renamed",
  "device.moved",
  "firmware.changed",
  "network.added",
  "network.removed",
  "network.renamed",
  "storage.changed",
] as const
export type DeviceKind = (typeof deviceKinds)[number]

const ofKind = <Kind extends EventKind>(
  ...kinds: ReadonlyArray<Kind>
): OperatorFunction<CursorEvent, CursorEvent<Kind>> => {
  const requested = new Set<EventKind>(kinds)
  return filter((event): event is CursorEvent<Kind> => requested.has(event.kind))
}

/** Emits a subject's value when it differs from the one before. */
const eachChanged =
  <Value>(
    valuesOf: (state: AccountState) => ReadonlyArray<StateValue<Value>>,
  ): OperatorFunction<AccountState, StateValue<Value>> =>
  (states) =>
    states.pipe(
      mergeMap(valuesOf),
      groupBy(({ subject }) => JSON.stringify({ ...subject, name: "" })),
      mergeMap((values) =>
        values.pipe(distinctUntilChanged((a, b) => a.value === b.value && a.stale === b.stale)),
      ),
      map(deepFreeze),
    )

const distinct = <Value>(values: Observable<Value>) =>
  values.pipe(distinctUntilChanged((a, b) => Equal.equals(a, b)))

interface MakeAccountStreams {
  (options: AccountStreamsOptions): AccountStreams
  <E>(layer: Layer.Layer<AccountMonitor, E>, options?: StreamOptions): AccountStreams
}

/**
 * The observables of one account, from its session file and log, or for users of Effect from the `layer` of its monitor.
 *
 * @example
 * ```ts
 * const account = accountStreams({ store: fileStore("session.json"), log: "events.sqlite" })
 * account.motion$.subscribe(({ subject, occurredAt }) => console.log(subject.name, occurredAt))
 * ```
 */
export const accountStreams: MakeAccountStreams = <E>(
  source: AccountStreamsOptions | Layer.Layer<AccountMonitor, E>,
  options: StreamOptions = {},
): AccountStreams =>
  "store" in source ? makeAccountStreams(monitorLayer(source), source) : makeAccountStreams(source, options)

const makeAccountStreams = <E>(
  layer: Layer.Layer<AccountMonitor, E>,
  options: StreamOptions,
): AccountStreams => {
  const grace = Duration.toMillis(options.grace ?? "5 seconds")
  const disposed = new ReplaySubject<void>(1)
  const { monitor$: ownMonitor$, stopped } = runMonitor(layer)
  const monitor$ = ownMonitor$.pipe(takeUntil(disposed), shareState(grace))
  const noServices = Context.empty()

  // `monitor$` has the grace period already. Another one here would add to it.
  const state$ = monitor$.pipe(
    switchMap((monitor) => toObservable(SubscriptionRef.changes(monitor.state), noServices)),
    map(deepFreeze),
    takeUntil(disposed),
    shareState(0),
  )
  function events<Kind extends EventKind = EventKind>(
    eventsOptions: ReaderOptions<Kind>,
  ): Observable<ReaderEvent<Kind>>
  function events<Kind extends EventKind = EventKind>(
    eventsOptions?: EventsOptions<Kind>,
  ): Observable<CursorEvent<Kind>>
  function events<Kind extends EventKind>(
    eventsOptions: EventsOptions<Kind> | ReaderOptions<Kind> = {},
  ): Observable<ReaderEvent<Kind> | CursorEvent<Kind>> {
    return monitor$.pipe(
      switchMap((monitor): Observable<ReaderEvent<Kind> | CursorEvent<Kind>> =>
        "reader" in eventsOptions
          ? readerObservable(monitor.deliveries(eventsOptions))
          : toObservable(monitor.events(eventsOptions), noServices).pipe(map(deepFreeze)),
      ),
      takeUntil(disposed),
    )
  }
  const once = <A>(call: (monitor: AccountMonitorContract) => Effect.Effect<A, LogError>) =>
    monitor$.pipe(whileRunning((monitor) => toObservable(Stream.fromEffect(call(monitor)), noServices)))
  const events$ = events().pipe(shareEvents(0))
  const history = <Kind extends EventKind = EventKind>(
    historyOptions?: HistoryOptions<Kind>,
  ): Observable<CursorEvent<Kind>> =>
    monitor$.pipe(
      whileRunning((monitor) => toObservable(monitor.history(historyOptions), noServices)),
      map(deepFreeze),
    )

  const dispose = () => {
    disposed.next()
    return stopped()
  }
  return {
    state$,
    arm$: state$.pipe(eachChanged(armStates)),
    battery$: state$.pipe(eachChanged(batteryStates)),
    online$: state$.pipe(eachChanged(onlineStates)),
    health$: distinct(state$.pipe(map(accountHealth), map(deepFreeze))),
    session$: distinct(state$.pipe(map(({ session }) => session))),
    events$,
    armChanges$: events$.pipe(ofKind("arm.changed")),
    motion$: events$.pipe(ofKind("motion")),
    doorbell$: events$.pipe(ofKind("doorbell.pressed")),
    clips$: events$.pipe(ofKind(...clipKinds)),
    devices$: events$.pipe(ofKind(...deviceKinds)),
    events,
    readers: () => once(({ readers }) => readers),
    removeReader: (name) => once((monitor) => monitor.removeReader(name)),
    history,
    ...streamCommands(monitor$),
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}
