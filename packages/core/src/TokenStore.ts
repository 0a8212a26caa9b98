import { Context, type Effect } from "effect"
import type { BlinkError } from "./BlinkError.ts"
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
>()("@blink-streams/core/TokenStore") {}
