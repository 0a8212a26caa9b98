import { Effect, identity, Stream } from "effect"

const aborted = (signal: AbortSignal) =>
  Effect.callback<void>((resume) => {
    const stop = () => resume(Effect.void)
    if (signal.aborted) stop()
    else signal.addEventListener("abort", stop, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", stop))
  })

/** Iterates over a stream. Ends without an error when `closed` completes or `signal` is aborted. */
export const iterateUntil = <A, E>(
  stream: Stream.Stream<A, E>,
  closed: Effect.Effect<void>,
  signal: AbortSignal | undefined,
): AsyncIterable<A> =>
  Stream.toAsyncIterable(
    stream.pipe(
      Stream.interruptWhen(closed),
      signal === undefined ? identity : Stream.interruptWhen(aborted(signal)),
    ),
  )
