import { Effect, Semaphore } from "effect"

/** One lock per key. A lock exists only while it has holders or waiters. */
export class KeyedLock {
  readonly #locks = new Map<string, { readonly semaphore: Semaphore.Semaphore; users: number }>()

  /** Runs `effect` while no other one with the same key runs. */
  withLock<A, E, R>(key: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.suspend(() => {
      const lock = this.#locks.get(key) ?? { semaphore: Semaphore.makeUnsafe(1), users: 0 }
      this.#locks.set(key, lock)
      lock.users += 1
      const release = Effect.sync(() => {
        lock.users -= 1
        if (lock.users === 0) this.#locks.delete(key)
      })
      return Effect.ensuring(lock.semaphore.withPermit(effect), release)
    })
  }
}
