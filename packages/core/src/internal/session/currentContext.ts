import { timestampToMillis } from "@blink-streams/model"
import { Clock, Duration, Effect } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import { BlinkConfig } from "../../BlinkConfig.ts"
import type { StoredGrant } from "../../StoredSession.ts"
import { withTier } from "./resolveTier.ts"
import { SessionStateStore } from "./store/SessionStateStore.ts"
import { isSessionExpired, TokenRenewal } from "./TokenRenewal.ts"

/** Ends the session when the cloud rejects a renewed token even for the tier request. */
const withTierOrInvalidate = Effect.fnUntraced(function* (grant: StoredGrant) {
  const { invalidateToken } = yield* TokenRenewal
  return yield* Effect.tapError(withTier(grant), (error) =>
    isSessionExpired(error) ? invalidateToken(grant.accessToken) : Effect.void,
  )
})

/** Renews the token of a rejected context. */
export const renewContext = Effect.fnUntraced(function* ({ token }: Pick<AuthContext, "token">) {
  const { replaceToken } = yield* TokenRenewal
  return yield* withTierOrInvalidate(yield* replaceToken(token))
})

/** Context of the next request. A token that expires soon is renewed first. */
export const currentContext = Effect.gen(function* () {
  const { renewBefore } = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  const { replaceToken } = yield* TokenRenewal
  const grant = sessionState.grant() ?? (yield* sessionState.grantOnDisk)
  if (grant === null) return yield* sessionState.noSession
  const remaining = timestampToMillis(grant.expiresAt) - (yield* Clock.currentTimeMillis)
  const isDue = remaining < Duration.toMillis(renewBefore) && grant.refreshToken !== undefined
  if (!isDue)
    return yield* Effect.catchIf(withTier(grant), isSessionExpired, () =>
      renewContext({ token: grant.accessToken }),
    )
  const renewed = yield* replaceToken(grant.accessToken).pipe(
    // The current token is still valid, so a failed renewal is no reason to stop.
    Effect.catchIf(
      (error) => remaining > 0 && !isSessionExpired(error),
      () => Effect.succeed(grant),
    ),
  )
  return yield* withTierOrInvalidate(renewed)
})
