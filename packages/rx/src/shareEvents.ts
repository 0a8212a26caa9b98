import { type MonoTypeOperatorFunction, share, timer } from "rxjs"

/** One upstream for all subscribers, who see what comes after they did. Let go `graceMs` after the last one left. */
export const shareEvents = <A>(graceMs: number): MonoTypeOperatorFunction<A> =>
  share({ resetOnRefCountZero: () => timer(graceMs) })
