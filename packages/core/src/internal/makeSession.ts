import { toMillis } from "@blink-streams/model/Timestamp"
import { Clock, Duration, Effect, Equal, type Redacted, Semaphore } from "effect"
import { BlinkConfig } from "../BlinkConfig.ts"
import { type BlinkError, blinkError, SessionLost } from "../BlinkError.ts"
import { Budget } from "../Budget.ts"
import type { Grant } from "../Session.ts"
import type { StoredGrant, StoredSession } from "../StoredSession.ts"
import { UserInfo } from "../wire/account.ts"
import { authorization } from "./authorization.ts"
import { makeSignIn } from "./makeSignIn.ts"
import { makeOauth } from "./oauth.ts"
import { readAnswer } from "./readAnswer.ts"
import { makeSessionGrants } from "./sessionGrants.ts"
import { makeSessionMemory } from "./sessionMemory.ts"
import { makeTransport } from "./transport.ts"

/** After a renewal that failed for a passing reason, the next try waits as long. */
const renewPause = Duration.toMillis("30 seconds")

const isPassing = ({ category }: BlinkError): boolean => category === "transient" || category === "blocked"

const lost = blinkError("use session", new SessionLost({}))

/** The state machine behind `Session`: what happens between sign-in and sign-out. */
export const makeSession = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const transport = yield* makeTransport
  const memory = yield* makeSessionMemory
  const grants = makeSessionGrants(settings, transport, yield* Budget, memory)
  const oauth = makeOauth(settings, transport)
  const oneRenewal = yield* Semaphore.make(1)
  const { once, placed, place, toGrant } = grants
  const { exclusively, keep, missing } = memory

  /** Nothing but a person gets out of this. */
  const lose = Effect.fnUntraced(function* (stored: StoredSession) {
    yield* keep({ ...stored, grant: null })
    yield* memory.lose({ state: "signedOut", reason: lost.advice })
    return yield* lost
  })

  const renew = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const { refreshToken } = grant
    if (refreshToken === undefined) return yield* lose(stored)
    yield* memory.show({ state: "renewing" })
    const clientId = grant.oauthClientId ?? settings.identity.clientId
    // Once the cloud has handed out the new tokens they must reach the disk, whoever loses interest.
    return yield* Effect.uninterruptible(
      Effect.gen(function* () {
        const tokens = yield* once(oauth.renew(refreshToken, clientId, stored.hardwareId))
        const next = yield* grants.fromTokens(tokens, clientId, grant)
        yield* keep({ ...stored, grant: next })
        return next
      }),
    ).pipe(Effect.catchReason("BlinkError", "SessionLost", () => lose(stored)))
  })

  let failed: { readonly error: BlinkError; readonly until: number } | null = null

  /** Renews, but not again right after that failed. */
  const renewInTime = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const now = yield* Clock.currentTimeMillis
    if (failed !== null && now < failed.until) return yield* failed.error
    return yield* renew(stored, grant).pipe(
      Effect.tapError((error) =>
        Effect.sync(() => {
          if (isPassing(error)) failed = { error, until: now + renewPause }
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

  const current = Effect.gen(function* () {
    const grant = memory.grant()
    if (grant === null) return yield* missing
    const left = toMillis(grant.expiresAt) - (yield* Clock.currentTimeMillis)
    const isDue = left < Duration.toMillis(settings.renewBefore) && grant.refreshToken !== undefined
    if (!isDue) return yield* placed(grant)
    const renewed = replaceToken(grant.accessToken).pipe(
      // It still works for a while; a renewal that fails for a passing reason is no reason to stop.
      Effect.catchIf(
        (error) => left > 0 && isPassing(error),
        () => Effect.succeed(grant),
      ),
    )
    return yield* Effect.flatMap(renewed, placed)
  })

  const renewed = (rejected: Grant) => Effect.flatMap(replaceToken(rejected.token), placed)

  const reject = (rejected: Grant) =>
    Effect.suspend(() => {
      const grant = memory.grant()
      // A newer token may work.
      return grant !== null && Equal.equals(grant.accessToken, rejected.token)
        ? memory.lose({ state: "blocked", reason: lost.advice })
        : Effect.void
    })

  const relocated = (rejected: Grant) =>
    rejected.dialect === "legacy"
      ? Effect.succeed(rejected)
      : exclusively((stored) => (stored.grant === null ? missing : place(stored, stored.grant)))

  const endAtCloud = Effect.fnUntraced(function* (grant: Grant) {
    const request = { operation: "sign out", timeout: settings.jsonTimeout, headers: authorization(grant) }
    let id = grant.registrationId
    if (id === null) {
      const url = `${grant.baseUrl}/api/v2/users/info`
      const reply = yield* transport.send({ ...request, method: "GET", url })
      id = (yield* readAnswer("sign out", UserInfo, reply)).value.client_id ?? null
    }
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
      yield* keep({ ...stored, grant: null, pending: null })
      yield* memory.forgive
    }),
  )

  const signIn = makeSignIn(settings, transport, oauth, memory, grants)
  return { ...signIn, state: memory.state, current, renewed, reject, relocated, logout }
})
