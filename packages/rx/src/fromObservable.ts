import { Cause, Effect, Queue, Stream } from "effect"
import type { Observable } from "rxjs"

/** Limit of the buffer between an observable, which has no backpressure, and the stream that reads it. */
export interface OverflowOptions {
  /** Values that may wait. Default 1,024. */
  readonly bufferSize?: number
  /**
   * Reaction to a value that finds the buffer full. `fail` (default) ends the stream with `onError(RangeError)` after
   * the buffered values; `sliding` drops the oldest buffered value, `dropping` the new one.
   */
  readonly strategy?: "fail" | "sliding" | "dropping"
}

/**
 * Converts an observable to a stream. Subscribes when the stream runs and unsubscribes when it ends, fails or is
 * interrupted. `onError` converts the observable's error, and the `RangeError` of a full buffer, to the stream's error.
 * The buffer holds 1,024 values unless the options say otherwise.
 *
 * @example
 * ```ts
 * const ticks = fromObservable(interval(1000), String, { bufferSize: 16, strategy: "sliding" })
 * ```
 */
export const fromObservable = <A, E>(
  source: Observable<A>,
  onError: (cause: unknown) => E,
  { bufferSize = 1024, strategy = "fail" }: OverflowOptions = {},
): Stream.Stream<A, E> =>
  Stream.callback<A, E>(
    (queue) => {
      const fail = (cause: unknown) => Queue.failCauseUnsafe(queue, Cause.fail(onError(cause)))
      const subscribe = Effect.sync(() =>
        source.subscribe({
          next: (value) => {
            if (!Queue.offerUnsafe(queue, value) && strategy === "fail")
              fail(new RangeError(`more than ${bufferSize} values of an observable were waiting`))
          },
          error: fail,
          complete: () => {
            Queue.endUnsafe(queue)
          },
        }),
      )
      return Effect.acquireRelease(subscribe, (subscription) => Effect.sync(() => subscription.unsubscribe()))
    },
    { bufferSize, strategy: strategy === "fail" ? "suspend" : strategy },
  )
