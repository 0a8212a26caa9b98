import { Clock, Context, Effect, Equal, Layer, type Redacted, Semaphore } from "effect"
import { BlinkConfig } from "../../BlinkConfig.ts"
import type { BlinkError } from "../../BlinkError.ts"
import type { Budget } from "../../Budget.ts"
import { accountIdOf, type StoredGrant, type StoredSession } from "../../StoredSession.ts"
import type { Transport } from "../http/Transport.ts"
import { renewRetryDelay } from "../rateLimit/retryPolicy.ts"
import { budgeted } from "./budgeted.ts"
import { grantOf } from "./grants.ts"
import { refreshTokens } from "./oauth/tokens.ts"
import { expiredState, sessionExpired } from "./store/SessionMemory.ts"
import { SessionStateStore } from "./store/SessionStateStore.ts"

export const isSessionExpired = ({ reason }: BlinkError): boolean => reason._tag === "SessionExpired"

/** Ends the session until a user signs in, even when the disk is full. */
const endSession = Effect.fnUntraced(function* (stored: StoredSession) {
  const sessionState = yield* SessionStateStore
  yield* sessionState.invalidate(expiredState)
  const account = accountIdOf(stored)
  yield* Effect.ignore(
    sessionState.persist({ ...stored, grant: null, ...(account === null ? {} : { lost: account }) }),
  )
  return yield* sessionExpired
})

/** Renewed tokens that could not be stored. The refresh token they replace is already invalid. */
interface UnsavedGrant {
  readonly replacedToken: Redacted.Redacted
  readonly grant: StoredGrant
}

/** Renewal of a grant. New tokens that could not be stored are kept for the next attempt. */
const makeRenewGrant = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  let unsaved: UnsavedGrant | null = null

  return Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const { refreshToken } = grant
    if (refreshToken === undefined) return yield* endSession(stored)
    yield* sessionState.publishState({ state: "renewing" })
    const clientId = grant.oauthClientId ?? settings.identity.clientId
    // Renewed tokens must be stored, even if the caller is interrupted.
    return yield* Effect.uninterruptible(
      Effect.gen(function* () {
        if (unsaved === null || !Equal.equals(unsaved.replacedToken, grant.accessToken)) {
          const tokens = yield* budgeted(refreshTokens(refreshToken, clientId, stored.hardwareId))
          unsaved = { replacedToken: grant.accessToken, grant: yield* grantOf(tokens, clientId, grant) }
        }
        const next = unsaved.grant
        yield* sessionState.persist({ ...stored, grant: next })
        unsaved = null
        return next
      }),
    ).pipe(Effect.catchReason("BlinkError", "SessionExpired", () => endSession(stored)))
  })
})

/** Renewal that does not repeat right after a failure, but fails with the same error. */
const makeRenewWithBackoff = Effect.gen(function* () {
  const sessionState = yield* SessionStateStore
  const renewGrant = yield* makeRenewGrant
  let lastFailure: { readonly error: BlinkError; readonly until: number } | null = null

  return Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
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
})

type Dependencies = BlinkConfig | Budget | SessionStateStore | Transport

const makeTokenRenewal = Effect.gen(function* () {
  const dependencies = yield* Effect.context<Dependencies>()
  const sessionState = yield* SessionStateStore
  const renew = yield* makeRenewWithBackoff
  const renewalLock = yield* Semaphore.make(1)

  const replaceStored = (rejected: Redacted.Redacted) =>
    sessionState.withLock(
      Effect.fnUntraced(function* (stored: StoredSession) {
        if (stored.grant !== null && Equal.equals(stored.grant.accessToken, rejected))
          return yield* renew(stored, stored.grant)
        // Another caller or process renewed first, or signed out.
        yield* sessionState.replace(stored)
        return stored.grant ?? (yield* sessionState.noSession)
      }),
    )

  return TokenRenewal.of({
    replaceToken: (rejected) =>
      renewalLock.withPermit(
        Effect.suspend(() => {
          const current = sessionState.grant()
          // The renewal of another caller has finished.
          return current !== null && !Equal.equals(current.accessToken, rejected)
            ? Effect.succeed(current)
            : Effect.provide(replaceStored(rejected), dependencies)
        }),
      ),
    invalidateToken: (token) =>
      Effect.suspend(() => {
        const grant = sessionState.grant()
        // A newer token may work.
        return grant !== null && Equal.equals(grant.accessToken, token)
          ? sessionState.invalidate({ state: "blocked", reason: sessionExpired.hint })
          : Effect.void
      }),
  })
})

/** Renewal of the account's tokens. */
export class TokenRenewal extends Context.Service<
  TokenRenewal,
  {
    /** Renews once for all callers that saw `rejected` fail, in this process and in others. */
    readonly replaceToken: (rejected: Redacted.Redacted) => Effect.Effect<StoredGrant, BlinkError>
    /** Ends the session, unless its token is newer than `token`. */
    readonly invalidateToken: (token: Redacted.Redacted) => Effect.Effect<void>
  }
>()("@blink-streams/core/TokenRenewal") {
  static readonly layer: Layer.Layer<TokenRenewal, never, Dependencies> = Layer.effect(
    TokenRenewal,
    makeTokenRenewal,
  )
}
