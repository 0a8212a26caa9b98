import { type MonoTypeOperatorFunction, ReplaySubject, share, timer } from "rxjs"

/**
 * One upstream for all subscribers, each of whom gets the newest value at once. `graceMs` after the last one
 * left the upstream is let go, and the value forgotten with it.
 */
export const shareState = <A>(graceMs: number): MonoTypeOperatorFunction<A> =>
  share({ connector: () => new ReplaySubject<A>(1), resetOnRefCountZero: () => timer(graceMs) })
