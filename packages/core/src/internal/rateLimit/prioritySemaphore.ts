import { Deferred, Effect } from "effect"

/**
 * Semaphore that serves waiters by rank (lowest first), then first come, first served. With a plain semaphore
 * a command would wait behind housekeeping.
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
        // Interrupted just after the permit was granted: pass it on.
        if (index < 0) return release
        waiting.splice(index, 1)
        return Effect.void
      })
    })

  return (rank: number) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      // Waiting is interruptible if the caller is; a request from a finalizer still waits for its permit.
      Effect.uninterruptibleMask((restore) =>
        Effect.andThen(restore(acquire(rank)), Effect.ensuring(restore(effect), release)),
      )
}
