import { type MonoTypeOperatorFunction, share, timer } from "rxjs"

/**
 * Shares one upstream subscription among all subscribers. Late subscribers get later values only.
 * Unsubscribes from the upstream `graceMs` milliseconds after the last unsubscription.
 */
export const shareEvents = <A>(graceMs: number): MonoTypeOperatorFunction<A> =>
  share({ resetOnRefCountZero: () => timer(graceMs) })
