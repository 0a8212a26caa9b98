import { type MonoTypeOperatorFunction, ReplaySubject, share, timer } from "rxjs"

/**
 * Shares one upstream subscription among all subscribers, each of whom gets the latest value at once.
 * Unsubscribes from the upstream and discards the value `graceMs` milliseconds after the last unsubscription.
 */
export const shareState = <A>(graceMs: number): MonoTypeOperatorFunction<A> =>
  share({ connector: () => new ReplaySubject<A>(1), resetOnRefCountZero: () => timer(graceMs) })
