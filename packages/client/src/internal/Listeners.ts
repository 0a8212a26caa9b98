import type { Change } from "../Change.ts"

/** Subscribed listeners of a client. */
export class Listeners {
  readonly #listeners = new Set<(change: Change) => void>()

  /** Returns a function that unsubscribes. A listener that subscribes twice is called twice. */
  subscribe(listener: (change: Change) => void): () => void {
    const wrapper = (change: Change) => listener(change)
    this.#listeners.add(wrapper)
    return () => void this.#listeners.delete(wrapper)
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0
  }

  /** Calls the listeners. Returns false when one of them threw an error. */
  emit(change: Change): boolean {
    let succeeded = true
    for (const listener of this.#listeners)
      try {
        listener(change)
      } catch (error) {
        succeeded = false
        // Reports the error as uncaught and continues with the other listeners.
        queueMicrotask(() => {
          throw error
        })
      }
    return succeeded
  }
}
