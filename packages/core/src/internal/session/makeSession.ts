import { timestampToMillis } from "@blink-streams/model"
import { Clock, Duration, Effect, Equal, type Redacted, Semaphore } from "effect"
import { BlinkConfig } from "../../BlinkConfig.ts"
import type { BlinkError } from "../../BlinkError.ts"
import { Budget } from "../../Budget.ts"
import { accountIdOf, type StoredGrant, type StoredSession } from "../../StoredSession.ts"
import { authorizationHeader } from "./authorization.ts"
import { makeSignIn } from "./makeSignIn.ts"
import { makeOauthClient } from "./oauthClient.ts"
import { makeClientRegistration } from "./clientRegistration.ts"
import { makeAccessTokens } from "./accessTokens.ts"
import { expiredState, makeSessionState, sessionExpired } from "./sessionState.ts"
import { makeTransport } from "../http/transport.ts"
import type { AuthContext } from "../../AuthContext.ts"
import { renewRetryDelay, tierRefreshInterval } from "../rateLimit/retryPolicy.ts"

const isSessionExpired = ({ reason }: BlinkError): boolean => reason._tag === "SessionExpired"

/** State machine behind `Session`, between sign-in and sign-out. */
export const makeSession = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const transport = yield* makeTransport
  const sessionState = yield* makeSessionState
  const clientRegistration = makeClientRegistration(settings, transport)
  const accessTokens = makeAccessTokens(settings, transport, yield* Budget, sessionState, clientRegistration)
  const oauthClient = makeOauthClient(settings, transport)
  const renewalLock = yield* Semaphore.make(1)
  const { budgeted, withTier, resolveTier, toAuthContext } = accessTokens
  const { withLock, persist, noSession } = sessionState

  /** Ends the session until a user signs in, even when the disk is full. */
  const endSession = Effect.fnUntraced(function* (stored: StoredSession) {
    yield* sessionState.invalidate(expiredState)
    const account = accountIdOf(stored)
    yield* Effect.ignore(persist({ ...stored, grant: null, ...(account === null ? {} : { lost: account }) }))
    return yield* sessionExpired
  })

  /** Renewed tokens that could not be stored. The refresh token they replace is already invalid. */
  let unsaved: { readonly replacedToken: Redacted.Redacted; readonly grant: StoredGrant } | null = null

  const renewGrant = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const { refreshToken } = grant
    if (refreshToken === undefined) return yield* endSession(stored)
    yield* sessionState.publishState({ state: "renewing" })
    const clientId = grant.oauthClientId ?? settings.identity.clientId
    // Renewed tokens must be stored, even if the caller is interrupted.
    return yield* Effect.uninterruptible(
      Effect.gen(function* () {
        if (unsaved === null || !Equal.equals(unsaved.replacedToken, grant.accessToken)) {
          const tokens = yield* budgeted(oauthClient.refreshTokens(refreshToken, clientId, stored.hardwareId))
          unsaved = {
            replacedToken: grant.accessToken,
            grant: yield* accessTokens.fromTokens(tokens, clientId, grant),
          }
        }
        const next = unsaved.grant
        yield* persist({ ...stored, grant: next })
        unsaved = null
        return next
      }),
    ).pipe(Effect.catchReason("BlinkError", "SessionExpired", () => endSession(stored)))
  })

  let lastFailure: { readonly error: BlinkError; readonly until: number } | null = null

  /** Renews the token, but not again right after a failure. */
  const renewWithBackoff = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const now = yield* Clock.currentTimeMillis
    // The second comparison handles a clock that was set back.
    if (lastFailure !== null && now < lastFailure.until && lastFailure.until <= now + renewRetryDelay)
      return yield* lastFailure.error
    return yield* renewGrant(stored, grant).pipe(
      Effect.tapError((error) =>
        Effect.sync(() => {
          lastFailure = isSessionExpired(error) ? null : { error, until: now + renewRetryDelay }
        }),
      ),
      Effect.ensuring(sessionState.publishStored),
    )
  })

  /** Renews once for all callers that saw `rejected` fail, in this process and in others. */
  const replaceToken = (rejected: Redacted.Redacted): Effect.Effect<StoredGrant, BlinkError> =>
    renewalLock.withPermit(
      Effect.suspend(() => {
        const currentGrant = sessionState.grant()
        // The renewal of another caller has finished.
        if (currentGrant !== null && !Equal.equals(currentGrant.accessToken, rejected))
          return Effect.succeed(currentGrant)
        return withLock(
          Effect.fnUntraced(function* (stored: StoredSession) {
            if (stored.grant !== null && Equal.equals(stored.grant.accessToken, rejected)) {
              return yield* renewWithBackoff(stored, stored.grant)
            }
            // Another caller or process renewed first, or signed out.
            yield* sessionState.replace(stored)
            return stored.grant ?? (yield* noSession)
          }),
        )
      }),
    )

  const invalidateToken = (token: Redacted.Redacted) =>
    Effect.suspend(() => {
      const grant = sessionState.grant()
      // A newer token may work.
      return grant !== null && Equal.equals(grant.accessToken, token)
        ? sessionState.invalidate({ state: "blocked", reason: sessionExpired.hint })
        : Effect.void
    })

  /** Ends the session when the cloud rejects a renewed token even for the tier request. */
  const withTierOrInvalidate = (grant: StoredGrant) =>
    Effect.tapError(withTier(grant), (error) =>
      isSessionExpired(error) ? invalidateToken(grant.accessToken) : Effect.void,
    )

  const current = Effect.gen(function* () {
    const grant = sessionState.grant() ?? (yield* sessionState.grantOnDisk)
    if (grant === null) return yield* noSession
    const remaining = timestampToMillis(grant.expiresAt) - (yield* Clock.currentTimeMillis)
    const isDue = remaining < Duration.toMillis(settings.renewBefore) && grant.refreshToken !== undefined
    if (!isDue) {
      return yield* withTier(grant).pipe(
        Effect.catchIf(isSessionExpired, () =>
          Effect.flatMap(replaceToken(grant.accessToken), withTierOrInvalidate),
        ),
      )
    }
    const renewedGrant = replaceToken(grant.accessToken).pipe(
      // The current token is still valid, so a failed renewal is no reason to stop.
      Effect.catchIf(
        (error) => remaining > 0 && !isSessionExpired(error),
        () => Effect.succeed(grant),
      ),
    )
    return yield* Effect.flatMap(renewedGrant, withTierOrInvalidate)
  })

  const renew = (rejected: AuthContext) => Effect.flatMap(replaceToken(rejected.token), withTierOrInvalidate)

  const invalidate = (rejected: AuthContext) => invalidateToken(rejected.token)

  let lastTierFetch: { readonly token: Redacted.Redacted; readonly at: number } | null = null

  /** Concurrent callers that were rejected at the same tier share one request. */
  const refreshTier = (rejected: AuthContext) =>
    rejected.dialect === "legacy"
      ? Effect.succeed(rejected)
      : withLock(
          Effect.fnUntraced(function* (stored: StoredSession) {
            const { grant } = stored
            if (grant === null) return yield* noSession
            const now = yield* Clock.currentTimeMillis
            const isRecent =
              lastTierFetch !== null &&
              Equal.equals(lastTierFetch.token, grant.accessToken) &&
              Math.abs(now - lastTierFetch.at) < tierRefreshInterval
            if (grant.location !== null && (isRecent || grant.location.tier !== rejected.tier)) {
              yield* sessionState.replace(stored)
              return toAuthContext(grant, grant.location)
            }
            const refreshed = yield* resolveTier(stored, grant)
            lastTierFetch = { token: grant.accessToken, at: now }
            return refreshed
          }),
        )

  const signOutAtCloud = Effect.fnUntraced(function* (context: AuthContext) {
    const request = {
      operation: "sign out",
      timeout: settings.jsonTimeout,
      headers: authorizationHeader(context),
    }
    const id = context.registrationId ?? (yield* clientRegistration.info(context)).id
    if (id === null) return
    const url = `${context.baseUrl}/api/v4/account/${context.accountId}/client/${id}/logout`
    yield* transport.send({ ...request, method: "POST", url })
  })

  const logout = withLock(
    Effect.fnUntraced(function* (stored: StoredSession) {
      if (stored.grant?.location) {
        // The session is deleted locally in any case, even when the cloud is unreachable.
        yield* Effect.ignore(budgeted(signOutAtCloud(toAuthContext(stored.grant, stored.grant.location))))
      }
      const { lost: _, ...others } = stored
      yield* persist({ ...others, grant: null, pending: null })
      yield* sessionState.clearLost
    }),
  )

  const signIn = makeSignIn(settings, transport, oauthClient, sessionState, accessTokens, clientRegistration)
  return {
    ...signIn,
    state: sessionState.state,
    current,
    renew,
    invalidate,
    refreshTier,
    logout,
  }
})
