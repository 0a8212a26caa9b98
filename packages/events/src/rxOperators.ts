import type { AccountState, CameraKind } from "@blink-streams/model"
import {
  filter,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  scan,
  withLatestFrom,
} from "rxjs"
import { noArmedPeriods, occurredWhileArmed, updateArmedPeriods } from "./internal/operators/armedPeriods.ts"
import { burstWindows } from "./internal/operators/burstWindows.ts"
import { type MotionSession, sessionWindows, toMotionSession } from "./internal/operators/motionSession.ts"
import { isOfCamera, isOfNetwork, type WithSubject } from "./internal/operators/subjects.ts"
import { withLagMs, type WithTimes } from "./internal/operators/withLagMs.ts"
import { inWindows } from "./internal/rx/inWindows.ts"

export type { MotionSession } from "./internal/operators/motionSession.ts"

/** Passes what concerns a camera: events as well as state values. Camera ids are unique per kind only. */
export const forCamera = <A extends WithSubject>(camera: {
  readonly kind: CameraKind
  readonly id: number
}): MonoTypeOperatorFunction<A> => filter<A>(isOfCamera(camera))

/** Passes what concerns a network, its sync module or its cameras. */
export const forNetwork = <A extends WithSubject>(network: number): MonoTypeOperatorFunction<A> =>
  filter<A>(isOfNetwork(network))

/**
 * Passes what occurs while its network is certainly armed by `state$`: now, or at the time it occurred. A clip arrives
 * half a minute after its motion, when the network may be disarmed again.
 */
export const armedOnly =
  <A extends WithSubject & WithTimes>(state$: Observable<AccountState>): MonoTypeOperatorFunction<A> =>
  (events) =>
    events.pipe(
      withLatestFrom(state$.pipe(scan(updateArmedPeriods, noArmedPeriods))),
      filter(([event, periods]) => occurredWhileArmed(periods, event)),
      map(([event]) => event),
    )

/** Groups motion into sessions per camera. A session is emitted when nothing has come from the camera for `gapMs`. */
export const motionSessions =
  <A extends WithSubject & WithTimes>(gapMs: number): OperatorFunction<A, MotionSession<A>> =>
  (events) =>
    events.pipe(inWindows<A>(sessionWindows(gapMs)), map(toMotionSession))

/** Collects what comes within `windowMs` of a first value into one array. */
export const burst = <A>(windowMs: number): OperatorFunction<A, ReadonlyArray<A>> =>
  inWindows<A>(burstWindows(windowMs))

/** Adds the delay between occurrence and observation, in milliseconds. */
export const withLag = <A extends WithTimes>(): OperatorFunction<A, A & { readonly lagMs: number }> =>
  map(withLagMs)
