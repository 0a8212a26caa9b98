import { Cause, Clock, Effect, Option, Queue, Stream } from "effect"
import { type WindowOptions, Windows } from "./Windows.ts"

/** Values that may wait while the windows of earlier ones are read. */
const capacity = 16

/** Emits the values of each window when it ends, and those of open windows when the source does. */
export const streamInWindows = <A, E, R>(
  source: Stream.Stream<A, E, R>,
  options: WindowOptions<A>,
): Stream.Stream<ReadonlyArray<A>, E, R> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const values = yield* Stream.toQueue(source, { capacity })
      const windows = new Windows(options)
      let isComplete = false

      /** Waits for a value, at most until a window ends. */
      const collect = Effect.gen(function* () {
        const { nextEnd } = windows
        const now = yield* Clock.currentTimeMillis
        const value =
          nextEnd === null
            ? Option.some(yield* Queue.take(values))
            : yield* Effect.timeoutOption(Queue.take(values), nextEnd - now)
        if (Option.isSome(value)) windows.add(value.value, yield* Clock.currentTimeMillis)
      }).pipe(
        Effect.catchIf(Cause.isDone, () =>
          Effect.sync(() => {
            isComplete = true
          }),
        ),
      )
      const ended = Effect.map(Clock.currentTimeMillis, (now) =>
        windows.takeEnded(isComplete ? Number.POSITIVE_INFINITY : now),
      )
      const next = Effect.gen(function* () {
        for (;;) {
          const [first, ...others] = yield* ended
          if (first !== undefined) return [first, ...others] as const
          if (isComplete) return yield* Cause.done()
          yield* collect
        }
      })
      return Stream.fromPull(Effect.succeed(next))
    }),
  )
