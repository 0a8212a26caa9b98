import { Context, Effect, Layer, Semaphore } from "effect"
import type { BlinkError } from "./BlinkError.ts"
import { fileTokenStore } from "./internal/session/fileTokenStore.ts"
import type { StoredSession } from "./StoredSession.ts"

/** Where one account's session is kept. A host may bring its own. */
export class TokenStore extends Context.Service<
  TokenStore,
  {
    /** `null` when nothing was saved yet. Fails with `StoreFailed` when it cannot be read. */
    readonly load: Effect.Effect<StoredSession | null, BlinkError>
    /** Replaces what is kept, as a whole or not at all: durable once it returns. */
    save(session: StoredSession): Effect.Effect<void, BlinkError>
    readonly remove: Effect.Effect<void, BlinkError>
    /** Runs `effect` while no other process holds this account's lock. */
    withLock<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | BlinkError, R>
  }
>()("@blink-streams/core/TokenStore") {
  /**
   * A file of mode 0600 (its folder, if made here, 0700). The lock of a process that died is taken over, and so is
   * one that is older than five minutes; after waiting a minute for a living one it fails with `StoreFailed`.
   */
  static readonly layerFile = (path: string): Layer.Layer<TokenStore> =>
    Layer.sync(TokenStore, () => fileTokenStore(path))

  /** Forgotten with the process. */
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
