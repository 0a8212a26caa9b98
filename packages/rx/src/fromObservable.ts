import { Cause, Effect, Queue, Stream } from "effect"
import type { Observable } from "rxjs"

/** An observable cannot be slowed down: either everything waits its turn, or a full buffer drops something. */
export interface OverflowOptions {
  readonly bufferSize: number
  /** `sliding` keeps the newest values, `dropping` the oldest. */
  readonly strategy: "sliding" | "dropping"
}

/**
 * Subscribes when the stream runs and unsubscribes when it ends, fails or is interrupted. Without `overflow`
 * the buffer has no bound.
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
