import type { SessionState } from "@blink-streams/model/HomeState"
import { fromMillis, toMillis } from "@blink-streams/model/Timestamp"
import { Clock, Duration, Effect, Equal, Redacted, Schedule, Semaphore, SubscriptionRef } from "effect"
import { BlinkConfig, hostedIdentity } from "../BlinkConfig.ts"
import { type BlinkError, blinkError, PinRequired, SessionLost, SignedOut, WrongPin } from "../BlinkError.ts"
import { Budget } from "../Budget.ts"
import type { Credentials, Grant } from "../Session.ts"
import type { PendingSignIn, StoredGrant, StoredSession } from "../StoredSession.ts"
import { TokenStore } from "../TokenStore.ts"
import { UserInfo } from "../wire/account.ts"
import { authorization } from "./authorization.ts"
import { makeLegacyLogin } from "./legacyLogin.ts"
import { baseUrl, type Flow, locate, makeOauth, type Tokens } from "./oauth.ts"
import { challengeOf, randomText } from "./pkce.ts"
import { readAnswer } from "./readAnswer.ts"
import { signInBrake } from "./signInBrake.ts"
import { makeTransport } from "./transport.ts"

/** After a renewal that failed for a passing reason, the next try waits as long. */
const renewPause = Duration.toMillis("30 seconds")
const wrongPinsAllowed = 3
/** How long a `TOKEN_AUTH` lives; the answer does not say. */
const legacyLife = Duration.toMillis("24 hours")

const stateOf = (stored: StoredSession): SessionState => {
  if (stored.grant !== null) return { state: "active" }
  if (stored.pending === null) return { state: "signedOut" }
  return { state: "awaitingPin", channel: stored.pending.channel, resendAfter: stored.pending.resendAfter }
}

const isPassing = ({ category }: BlinkError): boolean => category === "transient" || category === "blocked"

/** The state machine behind `Session`. What is on disk is the truth; what is in memory is a copy of it. */
export const makeSession = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const store = yield* TokenStore
  const budget = yield* Budget
  const transport = yield* makeTransport
  const oauth = makeOauth(settings, transport)
  const legacy = makeLegacyLogin(settings, transport)
  const oneAtATime = yield* Semaphore.make(1)

  const fresh = Effect.sync((): StoredSession => ({
    version: 1,
    hardwareId: crypto.randomUUID().toUpperCase(),
    grant: null,
    pending: null,
    signIns: [],
  }))
  const load = Effect.filterOrElse(
    store.load,
    (stored) => stored !== null,
    () => fresh,
  )

  const first = yield* Effect.result(load)
  let memory = first._tag === "Success" ? first.success : yield* fresh
  /** What is on disk could not be read: nobody knows whether somebody is signed in. */
  let unreadable = first._tag === "Failure" ? first.failure : null
  /** The cloud ended the session, as opposed to nobody having signed in yet. */
  let wasLost = false
  let isRejected = false
  let renewNotBefore = 0
  const state = yield* SubscriptionRef.make<SessionState>(
    unreadable === null ? stateOf(memory) : { state: "blocked", reason: unreadable.advice },
  )
  /** Told once, however often it is the case. */
  const show = (next: SessionState) =>
    Effect.suspend(() =>
      Equal.equals(SubscriptionRef.getUnsafe(state), next) ? Effect.void : SubscriptionRef.set(state, next),
    )

  /** On disk first, then in memory and in the open. */
  const keep = Effect.fnUntraced(function* (next: StoredSession) {
    yield* store.save(next)
    memory = next
    unreadable = null
    if (next.grant !== null) {
      wasLost = false
      isRejected = false
    }
    yield* show(stateOf(next))
  })

  /** Changes the state on disk, alone among callers and processes. */
  const exclusively = <A, E, R>(effect: (stored: StoredSession) => Effect.Effect<A, E, R>) =>
    oneAtATime.withPermit(store.withLock(Effect.flatMap(load, effect)))

  const toGrant = (grant: StoredGrant, home: NonNullable<StoredGrant["home"]>): Grant => ({
    dialect: grant.dialect,
    accountId: home.accountId,
    tier: home.tier,
    baseUrl: baseUrl(settings, home.tier),
    token: grant.accessToken,
    registrationId: grant.registrationId,
  })

  const once = <A, E>(effect: Effect.Effect<A, E | BlinkError>) => budget.spend("command")(effect)

  const fromTokens = Effect.fnUntraced(function* (
    tokens: Tokens,
    clientId: string,
    before: StoredGrant | null,
  ) {
    const now = yield* Clock.currentTimeMillis
    return {
      dialect: "oauth",
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      expiresAt: fromMillis(now + tokens.lifeSeconds * 1000),
      oauthClientId: clientId,
      home: before?.home ?? null,
      registrationId: before?.registrationId ?? null,
    } satisfies StoredGrant
  })

  /** Asks where the account lives and keeps the answer. Tokens that cannot be placed yet are kept all the same. */
  const place = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const home = yield* once(locate(settings, transport, grant.accessToken)).pipe(
      Effect.retry({
        while: (error) => error.category === "transient",
        schedule: Schedule.exponential("1 second"),
        times: 2,
      }),
    )
    yield* keep({ ...stored, grant: { ...grant, home } })
    return toGrant(grant, home)
  })

  const accept = Effect.fnUntraced(function* (stored: StoredSession, tokens: Tokens, clientId: string) {
    const grant = yield* fromTokens(tokens, clientId, null)
    const next: StoredSession = { ...stored, grant, pending: null }
    yield* keep(next)
    yield* place(next, grant)
  })

  /** Whatever fails on the way, the state goes back to what is on disk. */
  const authorizing = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.andThen(show({ state: "authorizing" }), effect).pipe(
      Effect.ensuring(Effect.suspend(() => show(stateOf(memory)))),
    )

  const awaitPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: Omit<PendingSignIn, "startedAt" | "resendAfter" | "wrongPins">,
    resendSeconds: number,
  ) {
    const now = yield* Clock.currentTimeMillis
    yield* keep({
      ...stored,
      grant: null,
      pending: {
        ...pending,
        startedAt: fromMillis(now),
        resendAfter: fromMillis(now + resendSeconds * 1000),
        wrongPins: 0,
      },
    })
  })

  const signInOauth = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
    const flow = yield* once(oauth.open(stored.hardwareId))
    const counted = yield* signInBrake(stored, credentials.attended ?? false)
    yield* store.save(counted)
    memory = counted
    const outcome = yield* once(oauth.password(flow, credentials.email, credentials.password))
    if (outcome.step === "pin") {
      const pending = { dialect: "oauth", channel: outcome.channel, ...outcome.flow } as const
      return yield* awaitPin(counted, pending, outcome.resendSeconds)
    }
    const tokens = yield* once(oauth.finish(outcome.flow, stored.hardwareId))
    return yield* accept(counted, tokens, settings.identity.clientId)
  })

  const signInLegacy = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
    const counted = yield* signInBrake(stored, credentials.attended ?? false)
    yield* store.save(counted)
    memory = counted
    const { grant, channel, resendSeconds } = yield* once(legacy.login(credentials, stored.hardwareId))
    const now = yield* Clock.currentTimeMillis
    const kept: StoredGrant = {
      dialect: "legacy",
      accessToken: grant.token,
      expiresAt: fromMillis(now + legacyLife),
      home: { accountId: grant.accountId, tier: grant.tier },
      registrationId: grant.registrationId,
    }
    yield* channel === null
      ? keep({ ...counted, grant: kept, pending: null })
      : awaitPin(counted, { dialect: "legacy", channel, grant: kept }, resendSeconds)
  })

  const signIn = Effect.fn("Session.signIn")((credentials: Credentials) =>
    exclusively((stored) =>
      authorizing(
        // Fails here, before any page is opened, when it would have to wait.
        Effect.andThen(
          signInBrake(stored, credentials.attended ?? false),
          settings.dialect === "oauth" ? signInOauth(stored, credentials) : signInLegacy(stored, credentials),
        ),
      ),
    ),
  )

  const submitPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: PendingSignIn,
    pin: Redacted.Redacted,
  ) {
    const { grant, verifier, csrf, cookies } = pending
    if (pending.dialect === "legacy" && grant?.home) {
      yield* once(
        legacy.verify({ ...grant.home, token: grant.accessToken, registrationId: grant.registrationId }, pin),
      )
      return yield* keep({ ...stored, grant, pending: null })
    }
    if (!verifier || !csrf || !cookies)
      return yield* blinkError("verify code", new WrongPin({ restart: true }))
    const flow: Flow = { verifier, csrf, cookies }
    const verified = yield* once(oauth.pin(flow, pin))
    const tokens = yield* once(oauth.finish(verified, stored.hardwareId))
    return yield* accept(stored, tokens, settings.identity.clientId)
  })

  /** Counts wrong codes; after the third, or when the vendor wants a new one, the sign-in is over. */
  const afterWrongPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: PendingSignIn,
    restart: boolean,
  ) {
    const wrongPins = pending.wrongPins + 1
    const over = restart || wrongPins >= wrongPinsAllowed
    yield* keep({ ...stored, pending: over ? null : { ...pending, wrongPins } })
    return yield* blinkError("verify code", new WrongPin({ restart: over }))
  })

  const answerPin = Effect.fn("Session.answerPin")((pin: Redacted.Redacted) =>
    exclusively((stored) => {
      const { pending } = stored
      return pending === null
        ? Effect.fail(blinkError("verify code", new SignedOut({})))
        : authorizing(submitPin(stored, pending, pin)).pipe(
            Effect.catchReason("BlinkError", "WrongPin", ({ restart }) =>
              afterWrongPin(stored, pending, restart),
            ),
          )
    }),
  )

  const startHosted = exclusively(
    Effect.fnUntraced(function* (stored: StoredSession) {
      const verifier = yield* randomText
      const csrfState = yield* randomText
      const pending = {
        dialect: "hosted",
        channel: "browser",
        verifier: Redacted.make(verifier),
        state: csrfState,
      } as const
      yield* awaitPin(stored, pending, 0)
      return oauth.authorizeUrl(hostedIdentity, stored.hardwareId, yield* challengeOf(verifier), {
        state: csrfState,
        prompt: "login",
        dark_mode: "false",
      })
    }),
  )

  const finishHosted = Effect.fn("Session.finishHosted")((finalUrl: Redacted.Redacted) =>
    exclusively((stored) => {
      const { pending } = stored
      return pending?.dialect === "hosted" && pending.verifier && pending.state !== undefined
        ? authorizing(
            Effect.flatMap(
              once(oauth.finishHosted(hostedIdentity, pending.verifier, pending.state, finalUrl)),
              (tokens) => accept(stored, tokens, hostedIdentity.clientId),
            ),
          )
        : Effect.fail(blinkError("finish sign-in", new SignedOut({})))
    }),
  )

  /** Nothing but a person gets out of this. */
  const lose = Effect.fnUntraced(function* (stored: StoredSession) {
    wasLost = true
    yield* keep({ ...stored, grant: null })
    const error = blinkError("renew session", new SessionLost({}))
    yield* show({ state: "signedOut", reason: error.advice })
    return yield* error
  })

  const renew = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    if (grant.refreshToken === undefined) return yield* lose(stored)
    yield* show({ state: "renewing" })
    const clientId = grant.oauthClientId ?? settings.identity.clientId
    // Once the cloud has handed out the new tokens they must reach the disk, whoever loses interest.
    const renewed = yield* Effect.uninterruptible(
      Effect.gen(function* () {
        const tokens = yield* once(oauth.renew(grant.refreshToken!, clientId, stored.hardwareId))
        const next = yield* fromTokens(tokens, clientId, grant)
        yield* keep({ ...stored, grant: next })
        return next
      }),
    )
    return renewed
  })

  /** One renewal for all who saw `rejected` fail, in this process and in others. */
  const replaceToken = (rejected: Redacted.Redacted): Effect.Effect<StoredGrant, BlinkError> =>
    oneAtATime.withPermit(
      Effect.suspend(() => {
        const known = memory.grant
        if (known !== null && Redacted.value(known.accessToken) !== Redacted.value(rejected))
          return Effect.succeed(known)
        return store.withLock(
          Effect.gen(function* () {
            const stored = yield* load
            if (stored.grant === null) {
              memory = stored
              return yield* missing
            }
            if (Redacted.value(stored.grant.accessToken) !== Redacted.value(rejected)) {
              memory = stored
              yield* show(stateOf(stored))
              return stored.grant
            }
            const now = yield* Clock.currentTimeMillis
            if (now < renewNotBefore && lastRenewal !== null) return yield* lastRenewal
            return yield* renew(stored, stored.grant).pipe(
              Effect.catchReason("BlinkError", "SessionLost", () => lose(stored)),
              Effect.tapError((error) =>
                Effect.suspend(() => {
                  if (isPassing(error)) {
                    lastRenewal = error
                    renewNotBefore = now + renewPause
                  }
                  return wasLost ? Effect.void : show(stateOf(memory))
                }),
              ),
            )
          }),
        )
      }),
    )
  let lastRenewal: BlinkError | null = null

  const missing = Effect.suspend(() => {
    if (unreadable !== null) return Effect.fail(unreadable)
    const pending = memory.pending
    const reason =
      pending !== null
        ? new PinRequired({ channel: pending.channel })
        : wasLost || isRejected
          ? new SessionLost({})
          : new SignedOut({})
    return Effect.fail(blinkError("use session", reason))
  })

  const placed = (grant: StoredGrant): Effect.Effect<Grant, BlinkError> =>
    grant.home === null
      ? exclusively((stored) =>
          stored.grant === null
            ? missing
            : stored.grant.home === null
              ? place(stored, stored.grant)
              : Effect.succeed(toGrant(stored.grant, stored.grant.home)),
        )
      : Effect.succeed(toGrant(grant, grant.home))

  const current = Effect.gen(function* () {
    const { grant } = memory
    if (grant === null || isRejected) return yield* missing
    const now = yield* Clock.currentTimeMillis
    const left = toMillis(grant.expiresAt) - now
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
      const token = memory.grant?.accessToken
      // A newer token may work.
      if (token === undefined || Redacted.value(token) !== Redacted.value(rejected.token)) return Effect.void
      isRejected = true
      return show({ state: "blocked", reason: blinkError("use session", new SessionLost({})).advice })
    })

  const relocated = (rejected: Grant) =>
    rejected.dialect === "legacy"
      ? Effect.succeed(rejected)
      : exclusively((stored) => (stored.grant === null ? missing : place(stored, stored.grant)))

  const endAtCloud = Effect.fnUntraced(function* (grant: Grant) {
    const request = { timeout: settings.jsonTimeout, headers: authorization(grant) }
    let id = grant.registrationId
    if (id === null) {
      const reply = yield* transport.send({
        ...request,
        operation: "sign out",
        method: "GET",
        url: `${grant.baseUrl}/api/v2/users/info`,
      })
      const { value } = yield* readAnswer("sign out", UserInfo, reply)
      id = value.client_id ?? null
    }
    if (id === null) return
    yield* transport.send({
      ...request,
      operation: "sign out",
      method: "POST",
      url: `${grant.baseUrl}/api/v4/account/${grant.accountId}/client/${id}/logout`,
    })
  })

  const logout = exclusively(
    Effect.fnUntraced(function* (stored: StoredSession) {
      if (stored.grant?.home) {
        // Here it is forgotten in any case: an unreachable cloud must not keep a person signed in.
        yield* Effect.ignore(once(endAtCloud(toGrant(stored.grant, stored.grant.home))))
      }
      wasLost = false
      yield* keep({ ...stored, grant: null, pending: null })
    }),
  )

  return { state, signIn, answerPin, startHosted, finishHosted, current, renewed, reject, relocated, logout }
})
