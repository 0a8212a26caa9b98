import type { AccountState, CameraKind } from "@blink-streams/model"
import { identity, Stream } from "effect"
import { burstWindows } from "./internal/operators/burstWindows.ts"
import { type MotionSession, sessionWindows, toMotionSession } from "./internal/operators/motionSession.ts"
import { streamInWindows } from "./internal/operators/streamInWindows.ts"
import { streamWhileArmed } from "./internal/operators/streamWhileArmed.ts"
import { isOfCamera, isOfNetwork, type WithSubject } from "./internal/operators/subjects.ts"
import { withLagMs, type WithTimes } from "./internal/operators/withLagMs.ts"

export type { MotionSession } from "./internal/operators/motionSession.ts"

type IterableOperator<A, B> = (source: AsyncIterable<A>) => AsyncIterable<B>

/** Errors of an iteration are passed on as they are. */
const fromIterable = <A>(source: AsyncIterable<A>): Stream.Stream<A, unknown> =>
  Stream.fromAsyncIterable(source, identity)

const adapt =
  <A, B>(
    operator: (source: Stream.Stream<A, unknown>) => Stream.Stream<B, unknown>,
  ): IterableOperator<A, B> =>
  (source) =>
    Stream.toAsyncIterable(operator(fromIterable(source)))

/** Passes what concerns a camera. Camera ids are unique per kind only. */
export const forCamera = <A extends WithSubject>(camera: {
  readonly kind: CameraKind
  readonly id: number
}): IterableOperator<A, A> => adapt(Stream.filter(isOfCamera(camera)))

/** Passes what concerns a network, its sync module or its cameras. */
export const forNetwork = <A extends WithSubject>(network: number): IterableOperator<A, A> =>
  adapt(Stream.filter(isOfNetwork(network)))

/**
 * Passes what occurs while its network is certainly armed by `states`: now, or at the time it occurred. A clip arrives
 * half a minute after its motion, when the network may be disarmed again.
 *
 * @example
 * ```ts
 * const motion = account.events({ reader: "light", kinds: ["motion"] })
 * for await (const event of armedOnly(account.states())(motion)) await turnOn(event.subject.name)
 * ```
 */
export const armedOnly = <A extends WithSubject & WithTimes>(
  states: AsyncIterable<AccountState>,
): IterableOperator<A, A> => adapt((events) => streamWhileArmed(events, fromIterable(states)))

/**
 * Groups motion into sessions per camera. A session is emitted when nothing has come from the camera for `gapMs`. Events
 * are read ahead of the session that contains them, so that a reader's position passes them earlier.
 */
export const motionSessions = <A extends WithSubject & WithTimes>(
  gapMs: number,
): IterableOperator<A, MotionSession<A>> =>
  adapt((events) => Stream.map(streamInWindows(events, sessionWindows(gapMs)), toMotionSession))

/** Collects what comes within `windowMs` of a first value into one array. Values are read ahead, as in `motionSessions`. */
export const burst = <A>(windowMs: number): IterableOperator<A, ReadonlyArray<A>> =>
  adapt((values) => streamInWindows(values, burstWindows(windowMs)))

/** Adds the delay between occurrence and observation, in milliseconds. */
export const withLag = <A extends WithTimes>(): IterableOperator<A, A & { readonly lagMs: number }> =>
  adapt(Stream.map(withLagMs))
