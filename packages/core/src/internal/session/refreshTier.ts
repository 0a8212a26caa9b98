import { Clock, Effect, Equal, type Redacted } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import { BlinkConfig } from "../../BlinkConfig.ts"
import type { StoredSession } from "../../StoredSession.ts"
import { tierRefreshInterval } from "../rateLimit/retryPolicy.ts"
import { toAuthContext } from "./grants.ts"
import { resolveTier } from "./resolveTier.ts"
import { SessionStateStore } from "./store/SessionStateStore.ts"

/**
 * Refresh of the account's tier, which may have changed. Concurrent callers that were rejected at the same
 * tier share one request.
 */
export const makeRefreshTier = Effect.sync(() => {
  let lastFetch: { readonly token: Redacted.Redacted; readonly at: number } | null = null

  const refreshStored = Effect.fnUntraced(function* (rejected: AuthContext, stored: StoredSession) {
    const settings = yield* BlinkConfig
    const sessionState = yield* SessionStateStore
    const { grant } = stored
    if (grant === null) return yield* sessionState.noSession
    const now = yield* Clock.currentTimeMillis
    const isRecent =
      lastFetch !== null &&
      Equal.equals(lastFetch.token, grant.accessToken) &&
      Math.abs(now - lastFetch.at) < tierRefreshInterval
    if (grant.location !== null && (isRecent || grant.location.tier !== rejected.tier)) {
      yield* sessionState.replace(stored)
      return toAuthContext(settings, grant, grant.location)
    }
    const refreshed = yield* resolveTier(stored, grant)
    lastFetch = { token: grant.accessToken, at: now }
    return refreshed
  })

  return Effect.fnUntraced(function* (rejected: AuthContext) {
    const { withLock } = yield* SessionStateStore
    return rejected.dialect === "legacy"
      ? rejected
      : yield* withLock((stored) => refreshStored(rejected, stored))
  })
})
