import type { SessionState } from "@blink-streams/model"
import { Context, Effect, Equal, Layer, Semaphore, SubscriptionRef } from "effect"
import type { BlinkError } from "../../../BlinkError.ts"
import type { StoredGrant, StoredSession } from "../../../StoredSession.ts"
import { TokenStore } from "../../../TokenStore.ts"
import { loadSession, newSession } from "./loadSession.ts"
import { SessionMemory } from "./SessionMemory.ts"

const makeSessionStateStore = Effect.gen(function* () {
  const store = yield* TokenStore
  const lock = yield* Semaphore.make(1)
  const load = Effect.provideService(loadSession, TokenStore, store)
  const initial = yield* Effect.result(load)
  const memory =
    initial._tag === "Success"
      ? new SessionMemory(initial.success, null)
      : new SessionMemory(yield* newSession, initial.failure)
  const state = yield* SubscriptionRef.make<SessionState>(memory.initialState)

  const publishState = (next: SessionState) =>
    Effect.suspend(() =>
      Equal.equals(SubscriptionRef.getUnsafe(state), next) ? Effect.void : SubscriptionRef.set(state, next),
    )
  const publishStored = Effect.suspend(() => publishState(memory.state))

  const replace = (next: StoredSession) =>
    Effect.andThen(
      Effect.sync(() => memory.replace(next)),
      publishStored,
    )

  const grantOnDisk = Effect.gen(function* () {
    const { revision } = memory
    const onDisk = yield* Effect.option(load)
    if (onDisk._tag === "Some" && revision === memory.revision && memory.isOutdatedBy(onDisk.value))
      yield* replace(onDisk.value)
    return memory.grant
  })

  return SessionStateStore.of({
    state,
    publishState,
    publishStored,
    replace,
    persist: (next) => Effect.andThen(store.save(next), replace(next)),
    saveUnpublished: (next) => store.save(next),
    invalidate: (reason) =>
      Effect.andThen(
        Effect.sync(() => memory.invalidate(reason)),
        publishState(reason),
      ),
    clearLost: Effect.andThen(
      Effect.sync(() => memory.clearLost()),
      publishStored,
    ),
    withLock: (change) => lock.withPermit(store.withLock(Effect.flatMap(load, change))),
    noSession: Effect.suspend(() => Effect.fail(memory.noSession)),
    grant: () => memory.grant,
    grantOnDisk,
  })
})

/**
 * Session state. The stored session is authoritative; memory holds a copy, from which the published state is
 * derived.
 */
export class SessionStateStore extends Context.Service<
  SessionStateStore,
  {
    readonly state: SubscriptionRef.SubscriptionRef<SessionState>
    /** Publishes a state, unless it is the current one. */
    readonly publishState: (next: SessionState) => Effect.Effect<void>
    /**
     * Publishes the stored state again. An ended session may not be stored as ended, but is published as
     * such.
     */
    readonly publishStored: Effect.Effect<void>
    /** Replaces the copy in memory by the stored session. */
    readonly replace: (next: StoredSession) => Effect.Effect<void>
    /** Stores the session, then replaces the copy in memory and publishes it. */
    readonly persist: (next: StoredSession) => Effect.Effect<void, BlinkError>
    /** Stores the session without publishing it. */
    readonly saveUnpublished: (next: StoredSession) => Effect.Effect<void, BlinkError>
    /** Ends the session with the given state. Nothing is sent until a user signs in. */
    readonly invalidate: (reason: SessionState) => Effect.Effect<void>
    /** Clears an ended session after a sign-out. */
    readonly clearLost: Effect.Effect<void>
    /** Changes the stored session while no other caller or process does. */
    readonly withLock: <A, E, R>(
      change: (onDisk: StoredSession) => Effect.Effect<A, E, R>,
    ) => Effect.Effect<A, E | BlinkError, R>
    /** Fails with the reason why there is no usable session. */
    readonly noSession: Effect.Effect<never, BlinkError>
    /** Current grant; `null` when the session has ended or a user must sign in. */
    readonly grant: () => StoredGrant | null
    /** Grant from the store, when memory has none: a user may have signed in with another program. */
    readonly grantOnDisk: Effect.Effect<StoredGrant | null>
  }
>()("@blink-streams/core/SessionStateStore") {
  static readonly layer: Layer.Layer<SessionStateStore, never, TokenStore> = Layer.effect(
    SessionStateStore,
    makeSessionStateStore,
  )
}
