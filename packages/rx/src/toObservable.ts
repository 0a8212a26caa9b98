import { Cause, type Context, Effect, Exit, Stream } from "effect"
import { Observable } from "rxjs"

/**
 * Converts a stream to an observable that runs it once per subscriber, with the services of `context`.
 * Unsubscribing interrupts the stream, including a pending request. An interruption from the Effect side
 * completes the observable.
 *
 * @example
 * ```ts
 * const subscription = toObservable(Stream.make(1, 2, 3), Context.empty()).subscribe(console.log)
 * ```
 */
export const toObservable = <A, E, R>(
  stream: Stream.Stream<A, E, R>,
  context: Context.Context<R>,
): Observable<A> =>
  new Observable((subscriber) => {
    const fiber = Effect.runForkWith(context)(
      Stream.runForEach(stream, (value) => Effect.sync(() => subscriber.next(value))),
    )
    fiber.addObserver(
      Exit.match({
        onSuccess: () => subscriber.complete(),
        onFailure: (cause) =>
          Cause.hasInterruptsOnly(cause) ? subscriber.complete() : subscriber.error(Cause.squash(cause)),
      }),
    )
    return () => fiber.interruptUnsafe()
  })
