import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import type { BlinkError } from "../../../BlinkError.ts"
import type { PendingSignIn, StoredSession } from "../../../StoredSession.ts"
import { budgeted } from "../budgeted.ts"
import { grantOf, type NewTokens } from "../grants.ts"
import { resolveTier } from "../resolveTier.ts"
import { SessionStateStore } from "../store/SessionStateStore.ts"

/** Fetches tokens, stores them and resolves the account's tier: the last step of every sign-in with OAuth. */
export const completeSignIn = Effect.fnUntraced(function* <R>(
  stored: StoredSession,
  tokens: Effect.Effect<NewTokens, BlinkError, R>,
  clientId: string,
) {
  const sessionState = yield* SessionStateStore
  // New tokens must be stored, even if the caller is interrupted.
  const next = yield* Effect.uninterruptible(
    Effect.gen(function* () {
      const grant = yield* grantOf(yield* budgeted(tokens), clientId, null)
      const next = { ...stored, grant, pending: null } satisfies StoredSession
      // Not published yet: another code may be required before the tokens are usable.
      yield* sessionState.saveUnpublished(next)
      return next
    }),
  )
  yield* resolveTier({ ...stored, pending: null }, next.grant).pipe(
    Effect.asVoid,
    Effect.catchReason("BlinkError", "PinRequired", () => Effect.void),
    Effect.onError(() => sessionState.replace(next)),
  )
})

/** Publishes `authorizing`, then the stored state again, also after a failure. */
export const whileAuthorizing = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const sessionState = yield* SessionStateStore
  return yield* Effect.andThen(sessionState.publishState({ state: "authorizing" }), effect).pipe(
    Effect.ensuring(sessionState.publishStored),
  )
})

/** Stores the pending sign-in. A working session stays in use until it completes. */
export const awaitPin = Effect.fnUntraced(function* (
  stored: StoredSession,
  pending: Omit<PendingSignIn, "startedAt" | "resendAfter" | "wrongPins">,
  resendSeconds: number,
) {
  const sessionState = yield* SessionStateStore
  const now = yield* Clock.currentTimeMillis
  yield* sessionState.persist({
    ...stored,
    pending: {
      ...pending,
      startedAt: timestampFromMillis(now),
      resendAfter: timestampFromMillis(now + resendSeconds * 1000),
      wrongPins: 0,
    },
  })
})
