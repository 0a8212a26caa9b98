import { concat, map, type Observable, type OperatorFunction, of, switchMap, takeWhile } from "rxjs"

/**
 * Subscribes to `use` of the newest value. The source stays subscribed to, which keeps it running, until `use` completes.
 */
export const whileRunning =
  <A, B>(use: (value: A) => Observable<B>): OperatorFunction<A, B> =>
  (source) =>
    source.pipe(
      switchMap((value) => concat(use(value).pipe(map((result) => ({ result }))), of(null))),
      takeWhile((step) => step !== null),
      map(({ result }) => result),
    )
