import {
  concat,
  defer,
  ignoreElements,
  mergeMap,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
} from "rxjs"

interface Acknowledged {
  readonly ack: () => void
}

/**
 * Runs `handler` for each event of `events({ reader })`, marks the event as handled when its promise or observable has
 * completed, and then emits it. The first error of a handler errors the result; the event comes again the next time.
 *
 * With a `concurrency` above the default of 1, events may be handled out of order. The position then moves up to the first
 * event that is not handled.
 *
 * @example
 * ```ts
 * account.events({ reader: "porch-light", kinds: ["motion"] }).pipe(handleEach(async () => light.on())).subscribe()
 * ```
 */
export const handleEach =
  <A extends Acknowledged>(
    handler: (event: NoInfer<A>) => ObservableInput<unknown>,
    { concurrency = 1 }: { readonly concurrency?: number } = {},
  ): OperatorFunction<A, A> =>
  (events: Observable<A>) =>
    events.pipe(
      mergeMap((event) => {
        const handled = defer(() => handler(event)).pipe(ignoreElements())
        const acknowledged = defer(() => {
          event.ack()
          return [event]
        })
        return concat(handled, acknowledged)
      }, concurrency),
    )
