import { Context, Effect, Layer, Semaphore } from "effect"
import type { BlinkError } from "./BlinkError.ts"
import { fileTokenStore } from "./internal/session/store/fileTokenStore.ts"
import type { StoredSession } from "./StoredSession.ts"

/** Storage of one account's session. Provide your own implementation to store it elsewhere. */
export class TokenStore extends Context.Service<
  TokenStore,
  {
    /** `null` when nothing is stored yet. Fails with `TokenStoreError` when it cannot be read. */
    readonly load: Effect.Effect<StoredSession | null, BlinkError>
    /** Replaces the stored session atomically. Durable once it returns. */
    save(session: StoredSession): Effect.Effect<void, BlinkError>
    readonly remove: Effect.Effect<void, BlinkError>
    /** Runs `effect` while no other process holds this account's lock. */
    withLock<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | BlinkError, R>
  }
>()("@blink-streams/core/TokenStore") {
  /**
   * Stores the session in a file of mode 0600 (a created directory gets 0700). A lock is taken over when its
   * process is dead or when it is older than 5 minutes. Fails with `TokenStoreError` after waiting 1 minute
   * for the lock.
   */
  static readonly layerFile = (path: string): Layer.Layer<TokenStore> =>
    Layer.sync(TokenStore, () => fileTokenStore(path))

  /** Stores the session in memory only. */
  static readonly layerMemory: Layer.Layer<TokenStore> = Layer.effect(
    TokenStore,
    Effect.gen(function* () {
      const lock = yield* Semaphore.make(1)
      let stored: StoredSession | null = null
      const set = (session: StoredSession | null) =>
        Effect.sync(() => {
          stored = session
        })
      return {
        load: Effect.sync(() => stored),
        save: set,
        remove: set(null),
        withLock: (effect) => lock.withPermit(effect),
      }
    }),
  )
}
