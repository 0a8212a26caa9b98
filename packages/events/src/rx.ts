import type {
  AccountState,
  ArmState,
  BatteryState,
  EventKind,
  OnlineState,
  SessionState,
} from "@blink-streams/model"
import { shareEvents } from "@blink-streams/rx/shareEvents"
import { shareState } from "@blink-streams/rx/shareState"
import { toObservable } from "@blink-streams/rx/toObservable"
import { Context, Duration, Equal, type Layer, ManagedRuntime, Stream, SubscriptionRef } from "effect"
import {
  distinctUntilChanged,
  from,
  map,
  mergeMap,
  Observable,
  ReplaySubject,
  switchMap,
  takeUntil,
} from "rxjs"
import { Home } from "./Home.ts"
import { deepFreeze } from "./internal/deepFreeze.ts"
import { type PlacedEvent, placed, placeOf } from "./PlacedEvent.ts"
import {
  armReadings,
  batteryReadings,
  type HealthReading,
  healthReading,
  onlineReadings,
  type Reading,
} from "./Reading.ts"

export type { PlacedEvent } from "./PlacedEvent.ts"
export type { HealthReading, Reading } from "./Reading.ts"
export * from "./rxOperators.ts"

export interface HomeStreamsOptions {
  /** How long looking goes on after the last subscriber has left. Default 5 s. */
  readonly grace?: Duration.Input
}

/**
 * One home as observables. Nothing runs until somebody subscribes; all subscribers share one home.
 *
 * *State* gives its present value at once and then each new one; of several subjects, one reading each. *Events* are
 * what happens after the subscription; `events({ since })` begins earlier. A failed look errors nothing: it shows in
 * `health$` and makes the state stale. An observable errors only when the home can't be run at all, and completes
 * when the streams are disposed. What is handed out is frozen.
 */
export interface HomeStreams extends AsyncDisposable {
  readonly home$: Observable<AccountState>
  readonly arm$: Observable<Reading<ArmState>>
  readonly battery$: Observable<Reading<BatteryState>>
  readonly online$: Observable<Reading<OnlineState>>
  readonly health$: Observable<HealthReading>
  readonly session$: Observable<SessionState>

  readonly events$: Observable<PlacedEvent>
  readonly armChanges$: Observable<PlacedEvent<"arm.changed">>
  readonly motion$: Observable<PlacedEvent<"motion">>
  readonly doorbell$: Observable<PlacedEvent<"doorbell.pressed">>
  readonly clips$: Observable<PlacedEvent<"clip.added" | "clip.updated" | "clip.watched" | "clip.deleted">>
  readonly devices$: Observable<PlacedEvent<DeviceKind>>

  /** From a cursor on: what the log has, then what happens. Errors when the log no longer has that place. */
  events(options: { readonly since: string }): Observable<PlacedEvent>

  /** Stops looking and completes every observable. */
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

const ofKind =
  <Kind extends EventKind>(...kinds: ReadonlyArray<Kind>) =>
  (events: Observable<PlacedEvent>): Observable<PlacedEvent<Kind>> => {
    const wanted = new Set<EventKind>(kinds)
    const isWanted = (event: PlacedEvent): event is PlacedEvent<Kind> => wanted.has(event.kind)
    return events.pipe(mergeMap((event) => (isWanted(event) ? [event] : [])))
  }

/** Each subject's reading when it differs from the one before. */
const eachChanged =
  <Value>(readings: (state: AccountState) => ReadonlyArray<Reading<Value>>) =>
  (states: Observable<AccountState>): Observable<Reading<Value>> =>
    new Observable((subscriber) => {
      const known = new Map<string, Reading<Value>>()
      return states
        .pipe(
          mergeMap((state) => from(readings(state))),
          mergeMap((reading) => {
            const key = JSON.stringify({ ...reading.subject, name: "" })
            const before = known.get(key)
            known.set(key, reading)
            const same =
              before !== undefined && before.value === reading.value && before.stale === reading.stale
            return same ? [] : [deepFreeze(reading)]
          }),
        )
        .subscribe(subscriber)
    })

const distinct = <Value>(values: Observable<Value>) =>
  values.pipe(distinctUntilChanged((a, b) => Equal.equals(a, b)))

/** The observables of one home; `layer` is `Home.layer` with what it needs. */
export const homeStreams = <E>(
  layer: Layer.Layer<Home, E>,
  options: HomeStreamsOptions = {},
): HomeStreams => {
  const grace = Duration.toMillis(options.grace ?? "5 seconds")
  const disposed = new ReplaySubject<void>(1)
  let ended = Promise.resolve()
  /** The home behind `layer`, for as long as somebody is subscribed. The next one waits for the end of the one before. */
  const running$ = new Observable<Home["Service"]>((subscriber) => {
    const runtime = ManagedRuntime.make(layer)
    const before = ended
    before
      .then(() => (subscriber.closed ? null : runtime.context()))
      .then(
        (context) => {
          if (context !== null) subscriber.next(Context.get(context, Home))
        },
        (cause: unknown) => subscriber.error(cause),
      )
    return () => {
      ended = before.then(() => runtime.dispose())
    }
  }).pipe(takeUntil(disposed), shareState(grace))
  const nothing = Context.empty()

  // The home has its grace already: what is made of it needs none, or the two would add up.
  const home$ = running$.pipe(
    switchMap((home) => toObservable(SubscriptionRef.changes(home.state), nothing)),
    map(deepFreeze),
    takeUntil(disposed),
    shareState(0),
  )
  const events = (since?: string) =>
    running$.pipe(
      switchMap((home) =>
        toObservable(
          Stream.map(home.events(since === undefined ? {} : { since: placeOf(since) }), (event) =>
            deepFreeze(placed(event)),
          ),
          nothing,
        ),
      ),
      takeUntil(disposed),
    )
  const events$ = events().pipe(shareEvents(0))

  const dispose = () => {
    disposed.next()
    return ended
  }
  return {
    home$,
    arm$: home$.pipe(eachChanged(armReadings)),
    battery$: home$.pipe(eachChanged(batteryReadings)),
    online$: home$.pipe(eachChanged(onlineReadings)),
    health$: distinct(home$.pipe(map(healthReading), map(deepFreeze))),
    session$: distinct(home$.pipe(map(({ session }) => session))),
    events$,
    armChanges$: events$.pipe(ofKind("arm.changed")),
    motion$: events$.pipe(ofKind("motion")),
    doorbell$: events$.pipe(ofKind("doorbell.pressed")),
    clips$: events$.pipe(ofKind(...clipKinds)),
    devices$: events$.pipe(ofKind(...deviceKinds)),
    events: ({ since }) => events(since),
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}
