import { Cause, Effect, Queue, Stream } from "effect"
import type { Observable } from "rxjs"

/** Limit of the buffer, because observables have no backpressure. */
export interface OverflowOptions {
  readonly bufferSize: number
  /** `sliding` drops the oldest values when the buffer is full, `dropping` the newest. */
  readonly strategy: "sliding" | "dropping"
}

/**
 * Converts an observable to a stream. Subscribes when the stream runs and unsubscribes when it ends, fails or
 * is interrupted. `onError` converts the observable's error. Without `overflow` the buffer is unbounded.
 *
 * @example
 * ```ts
 * const ticks = fromObservable(interval(1000), String, { bufferSize: 16, strategy: "sliding" })
 * ```
 */
export const fromObservable = <A, E>(
  source: Observable<A>,
  onError: (cause: unknown) => E,
  overflow?: OverflowOptions,
): Stream.Stream<A, E> =>
  Stream.callback<A, E>(
    (queue) =>
      Effect.acquireRelease(
        Effect.sync(() =>
          source.subscribe({
            next: (value) => {
              Queue.offerUnsafe(queue, value)
            },
            error: (cause: unknown) => {
              Queue.failCauseUnsafe(queue, Cause.fail(onError(cause)))
            },
            complete: () => {
              Queue.endUnsafe(queue)
            },
          }),
        ),
        (subscription) => Effect.sync(() => subscription.unsubscribe()),
      ),
    overflow,
  )
