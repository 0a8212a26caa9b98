import { Deferred, Effect } from "effect"

/**
 * Lets `width` effects run at once. Who waits goes by rank, the lowest number first, then by order of arrival:
 * a plain semaphore would let a command wait behind a queue of housekeeping.
 */
export const makePrioritySemaphore = (permits: number) => {
  let free = permits
  const waiting: Array<{ readonly rank: number; readonly granted: Deferred.Deferred<void> }> = []

  const release = Effect.suspend(() => {
    const next = waiting.shift()
    if (next !== undefined) return Deferred.succeed(next.granted, undefined)
    free += 1
    return Effect.void
  })

  const acquire = (rank: number) =>
    Effect.suspend(() => {
      if (free > 0) {
        free -= 1
        return Effect.void
      }
      const waiter = { rank, granted: Deferred.makeUnsafe<void>() }
      const insertAt = waiting.findIndex((other) => other.rank > rank)
      waiting.splice(insertAt < 0 ? waiting.length : insertAt, 0, waiter)
      return Effect.onInterrupt(Deferred.await(waiter.granted), () => {
        const index = waiting.indexOf(waiter)
        // No longer in the queue: the turn came at the very moment it was given up, and goes to the next.
        if (index < 0) return release
        waiting.splice(index, 1)
        return Effect.void
      })
    })

  return (rank: number) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      // The wait may be interrupted where its caller may; what a finalizer sends still gets its turn.
      Effect.uninterruptibleMask((restore) =>
        Effect.andThen(restore(acquire(rank)), Effect.ensuring(restore(effect), release)),
      )
}
