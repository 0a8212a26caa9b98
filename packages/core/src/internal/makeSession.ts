import { toMillis } from "@blink-streams/model/Timestamp"
import { Clock, Duration, Effect, Equal, type Redacted, Semaphore } from "effect"
import { BlinkConfig } from "../BlinkConfig.ts"
import type { BlinkError } from "../BlinkError.ts"
import { Budget } from "../Budget.ts"
import type { Grant } from "../Session.ts"
import { accountIdOf, type StoredGrant, type StoredSession } from "../StoredSession.ts"
import { authorization } from "./authorization.ts"
import { makeSignIn } from "./makeSignIn.ts"
import { makeOauth } from "./oauth.ts"
import { makeRegistration } from "./registration.ts"
import { makeSessionGrants } from "./sessionGrants.ts"
import { ended, makeSessionMemory, sessionLost } from "./sessionMemory.ts"
import { makeTransport } from "./transport.ts"

/** After a renewal that failed, the next try waits as long. */
const renewPause = Duration.toMillis("30 seconds")

/** For as long the cloud's word holds on where an account lives. */
const relocatePause = Duration.toMillis("10 minutes")

const isLost = ({ reason }: BlinkError): boolean => reason._tag === "SessionLost"

/** The state machine behind `Session`: what happens between sign-in and sign-out. */
export const makeSession = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const transport = yield* makeTransport
  const memory = yield* makeSessionMemory
  const registration = makeRegistration(settings, transport)
  const grants = makeSessionGrants(settings, transport, yield* Budget, memory, registration)
  const oauth = makeOauth(settings, transport)
  const oneRenewal = yield* Semaphore.make(1)
  const { once, placed, place, toGrant } = grants
  const { exclusively, keep, missing } = memory

  /** Nothing but a person gets out of this, on a disk that is full neither. */
  const lose = Effect.fnUntraced(function* (stored: StoredSession) {
    yield* memory.lose(ended)
    const account = accountIdOf(stored)
    yield* Effect.ignore(keep({ ...stored, grant: null, ...(account === null ? {} : { lost: account }) }))
    return yield* sessionLost
  })

  /** What the cloud gave for a token that is dead since, and the disk did not take. */
  let unsaved: { readonly instead: Redacted.Redacted; readonly grant: StoredGrant } | null = null

  const renew = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const { refreshToken } = grant
    if (refreshToken === undefined) return yield* lose(stored)
    yield* memory.show({ state: "renewing" })
    const clientId = grant.oauthClientId ?? settings.identity.clientId
    // Once the cloud has handed out the new tokens they must reach the disk, whoever loses interest.
    return yield* Effect.uninterruptible(
      Effect.gen(function* () {
        if (unsaved === null || !Equal.equals(unsaved.instead, grant.accessToken)) {
          const tokens = yield* once(oauth.renew(refreshToken, clientId, stored.hardwareId))
          unsaved = {
            instead: grant.accessToken,
            grant: yield* grants.fromTokens(tokens, clientId, grant),
          }
        }
        const next = unsaved.grant
        yield* keep({ ...stored, grant: next })
        unsaved = null
        return next
      }),
    ).pipe(Effect.catchReason("BlinkError", "SessionLost", () => lose(stored)))
  })

  let failed: { readonly error: BlinkError; readonly until: number } | null = null

  /** Renews, but not again right after that failed. */
  const renewInTime = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const now = yield* Clock.currentTimeMillis
    // The second comparison is for a clock that was set back.
    if (failed !== null && now < failed.until && failed.until <= now + renewPause) return yield* failed.error
    return yield* renew(stored, grant).pipe(
      Effect.tapError((error) =>
        Effect.sync(() => {
          failed = isLost(error) ? null : { error, until: now + renewPause }
        }),
      ),
      Effect.ensuring(memory.showStored),
    )
  })

  /** One renewal for all who saw `rejected` fail, in this process and in others. */
  const replaceToken = (rejected: Redacted.Redacted): Effect.Effect<StoredGrant, BlinkError> =>
    oneRenewal.withPermit(
      Effect.suspend(() => {
        const known = memory.grant()
        // Whoever waited for somebody else's renewal has its result here.
        if (known !== null && !Equal.equals(known.accessToken, rejected)) return Effect.succeed(known)
        return exclusively(
          Effect.fnUntraced(function* (stored: StoredSession) {
            if (stored.grant !== null && Equal.equals(stored.grant.accessToken, rejected)) {
              return yield* renewInTime(stored, stored.grant)
            }
            // Another caller or process was faster, or has signed out.
            yield* memory.adopt(stored)
            return stored.grant ?? (yield* missing)
          }),
        )
      }),
    )

  const rejectToken = (token: Redacted.Redacted) =>
    Effect.suspend(() => {
      const grant = memory.grant()
      // A newer token may work.
      return grant !== null && Equal.equals(grant.accessToken, token)
        ? memory.lose({ state: "blocked", reason: sessionLost.advice })
        : Effect.void
    })

  /** A token that was renewed just now and that the cloud does not even tell the account's place is of no use. */
  const placedNow = (grant: StoredGrant) =>
    Effect.tapError(placed(grant), (error) => (isLost(error) ? rejectToken(grant.accessToken) : Effect.void))

  const current = Effect.gen(function* () {
    const grant = memory.grant() ?? (yield* memory.grantOnDisk)
    if (grant === null) return yield* missing
    const left = toMillis(grant.expiresAt) - (yield* Clock.currentTimeMillis)
    const isDue = left < Duration.toMillis(settings.renewBefore) && grant.refreshToken !== undefined
    if (!isDue) {
      return yield* placed(grant).pipe(
        Effect.catchIf(isLost, () => Effect.flatMap(replaceToken(grant.accessToken), placedNow)),
      )
    }
    const renewed = replaceToken(grant.accessToken).pipe(
      // It still works for a while; that the next one cannot be had is no reason to stop.
      Effect.catchIf(
        (error) => left > 0 && !isLost(error),
        () => Effect.succeed(grant),
      ),
    )
    return yield* Effect.flatMap(renewed, placedNow)
  })

  const renewed = (rejected: Grant) => Effect.flatMap(replaceToken(rejected.token), placedNow)

  const reject = (rejected: Grant) => rejectToken(rejected.token)

  let asked: { readonly token: Redacted.Redacted; readonly at: number } | null = null

  /** One question for all who were turned away at the same place. */
  const relocated = (rejected: Grant) =>
    rejected.dialect === "legacy"
      ? Effect.succeed(rejected)
      : exclusively(
          Effect.fnUntraced(function* (stored: StoredSession) {
            const { grant } = stored
            if (grant === null) return yield* missing
            const now = yield* Clock.currentTimeMillis
            const isAnswered =
              asked !== null &&
              Equal.equals(asked.token, grant.accessToken) &&
              Math.abs(now - asked.at) < relocatePause
            if (grant.home !== null && (isAnswered || grant.home.tier !== rejected.tier)) {
              yield* memory.adopt(stored)
              return toGrant(grant, grant.home)
            }
            const moved = yield* place(stored, grant)
            asked = { token: grant.accessToken, at: now }
            return moved
          }),
        )

  const endAtCloud = Effect.fnUntraced(function* (grant: Grant) {
    const request = { operation: "sign out", timeout: settings.jsonTimeout, headers: authorization(grant) }
    const id = grant.registrationId ?? (yield* registration.info(grant)).id
    if (id === null) return
    const url = `${grant.baseUrl}/api/v4/account/${grant.accountId}/client/${id}/logout`
    yield* transport.send({ ...request, method: "POST", url })
  })

  const logout = exclusively(
    Effect.fnUntraced(function* (stored: StoredSession) {
      if (stored.grant?.home) {
        // Here it is forgotten in any case: an unreachable cloud must not keep a person signed in.
        yield* Effect.ignore(once(endAtCloud(toGrant(stored.grant, stored.grant.home))))
      }
      const { lost: _, ...others } = stored
      yield* keep({ ...others, grant: null, pending: null })
      yield* memory.forgive
    }),
  )

  const signIn = makeSignIn(settings, transport, oauth, memory, grants, registration)
  return { ...signIn, state: memory.state, current, renewed, reject, relocated, logout }
})
