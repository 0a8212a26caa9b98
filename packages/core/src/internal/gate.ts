import { Deferred, Effect } from "effect"

/**
 * Lets `width` effects run at once. Who waits goes by rank, the lowest number first, then by order of arrival:
 * a plain semaphore would let a command wait behind a queue of housekeeping.
 */
export const makeGate = (width: number) => {
  let free = width
  const waiting: Array<{ readonly rank: number; readonly turn: Deferred.Deferred<void> }> = []

  const leave = Effect.suspend(() => {
    const next = waiting.shift()
    if (next !== undefined) return Deferred.succeed(next.turn, undefined)
    free += 1
    return Effect.void
  })

  const enter = (rank: number) =>
    Effect.suspend(() => {
      if (free > 0) {
        free -= 1
        return Effect.void
      }
      const own = { rank, turn: Deferred.makeUnsafe<void>() }
      const behind = waiting.findIndex((other) => other.rank > rank)
      waiting.splice(behind < 0 ? waiting.length : behind, 0, own)
      return Effect.onInterrupt(Deferred.await(own.turn), () => {
        const index = waiting.indexOf(own)
        // No longer in the queue: the turn came at the very moment it was given up, and goes to the next.
        if (index < 0) return leave
        waiting.splice(index, 1)
        return Effect.void
      })
    })

  return (rank: number) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      // The wait may be interrupted where its caller may; what a finalizer sends still gets its turn.
      Effect.uninterruptibleMask((restore) =>
        Effect.andThen(restore(enter(rank)), Effect.ensuring(restore(effect), leave)),
      )
}
