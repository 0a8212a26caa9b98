import { fromMillis } from "@blink-streams/model/Timestamp"
import { Clock, Duration, Effect, Redacted } from "effect"
import { hostedIdentity, type Settings } from "../BlinkConfig.ts"
import { type BlinkError, blinkError, Refused, SignedOut, WrongPin } from "../BlinkError.ts"
import type { Credentials } from "../Session.ts"
import type { PendingSignIn, StoredGrant, StoredSession } from "../StoredSession.ts"
import { makeLegacyLogin } from "./legacyLogin.ts"
import type { Flow, Oauth, NewTokens } from "./oauth.ts"
import { challengeOf, randomText } from "./pkce.ts"
import type { Registration } from "./registration.ts"
import type { SessionGrants } from "./sessionGrants.ts"
import type { SessionMemory } from "./sessionMemory.ts"
import { signInBrake } from "./signInBrake.ts"
import type { Transport } from "./transport.ts"

const wrongPinsAllowed = 3
/** The sign-in on the vendor's page asks for its code there, and who is signed in is asked for none. */
const noCode = new Refused({ status: 0, code: null, what: "no code is awaited here" })
/** How long a `TOKEN_AUTH` lives; the answer does not say. */
const legacyLife = Duration.toMillis("24 hours")

/** The ways in: by password and perhaps a code, in either dialect, or by the vendor's own page. */
export const makeSignIn = (
  settings: Settings,
  transport: Transport,
  oauth: Oauth,
  memory: SessionMemory,
  { once, fromTokens, place, toGrant }: SessionGrants,
  registration: Registration,
) => {
  const { exclusively, keep } = memory
  const legacyLogin = makeLegacyLogin(settings, transport)

  const accept = Effect.fnUntraced(function* (
    stored: StoredSession,
    tokens: Effect.Effect<NewTokens, BlinkError>,
    clientId: string,
  ) {
    // Tokens that the cloud has handed out must reach the disk, whoever loses interest.
    const next = yield* Effect.uninterruptible(
      Effect.gen(function* () {
        const grant = yield* fromTokens(yield* once(tokens), clientId, null)
        const next = { ...stored, grant, pending: null } satisfies StoredSession
        // Not shown yet: it may take another code before they are of any use.
        yield* memory.note(next)
        return next
      }),
    )
    yield* place({ ...stored, pending: null }, next.grant).pipe(
      Effect.asVoid,
      Effect.catchReason("BlinkError", "PinRequired", () => Effect.void),
      Effect.onError(() => memory.adopt(next)),
    )
  })

  /** Whatever fails on the way, the state goes back to what is on disk. */
  const authorizing = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.andThen(memory.show({ state: "authorizing" }), effect).pipe(Effect.ensuring(memory.showStored))

  /** A session that still works goes on working until the new one is there. */
  const awaitPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: Omit<PendingSignIn, "startedAt" | "resendAfter" | "wrongPins">,
    resendSeconds: number,
  ) {
    const now = yield* Clock.currentTimeMillis
    yield* keep({
      ...stored,
      pending: {
        ...pending,
        startedAt: fromMillis(now),
        resendAfter: fromMillis(now + resendSeconds * 1000),
        wrongPins: 0,
      },
    })
  })

  const signInOauth = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
    const counted = yield* signInBrake(stored, credentials.attended ?? false)
    yield* memory.note(counted)
    const flow = yield* once(oauth.open(stored.hardwareId)).pipe(
      // Nobody has heard of it: a machine that starts before its network must not pay for that with a day's tries.
      Effect.tapError(({ reason }) => (reason._tag === "Unreachable" ? memory.note(stored) : Effect.void)),
    )
    const outcome = yield* once(oauth.password(flow, credentials.email, credentials.password))
    if (outcome.step === "pin") {
      const pending = { dialect: "oauth", channel: outcome.channel, ...outcome.flow } as const
      return yield* awaitPin(counted, pending, outcome.resendSeconds)
    }
    const { clientId } = settings.identity
    return yield* accept(counted, oauth.finish(outcome.flow, stored.hardwareId), clientId)
  })

  const signInLegacy = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
    const counted = yield* signInBrake(stored, credentials.attended ?? false)
    yield* memory.note(counted)
    const { grant, channel, resendSeconds } = yield* once(legacyLogin(credentials, stored.hardwareId))
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
        settings.dialect === "oauth" ? signInOauth(stored, credentials) : signInLegacy(stored, credentials),
      ),
    ),
  )

  const submitPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: PendingSignIn,
    pin: Redacted.Redacted,
  ) {
    const { grant, verifier, csrf, cookies } = pending
    if (grant?.home) {
      yield* once(registration.verify(toGrant(grant, grant.home), pin))
      return yield* keep({ ...stored, grant, pending: null })
    }
    if (!verifier || !csrf || !cookies) {
      return yield* blinkError("verify code", new WrongPin({ restart: true }))
    }
    const flow: Flow = { verifier, csrf, cookies }
    const verified = yield* once(oauth.pin(flow, pin))
    return yield* accept(stored, oauth.finish(verified, stored.hardwareId), settings.identity.clientId)
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
      if (pending === null || pending.dialect === "hosted") {
        return Effect.fail(
          blinkError("verify code", stored.grant === null && pending === null ? new SignedOut({}) : noCode),
        )
      }
      return authorizing(submitPin(stored, pending, pin)).pipe(
        Effect.catchReason("BlinkError", "WrongPin", ({ restart }) =>
          afterWrongPin(stored, pending, restart),
        ),
      )
    }),
  )

  const startHosted = exclusively(
    Effect.fnUntraced(function* (stored: StoredSession) {
      const verifier = yield* randomText
      const state = yield* randomText
      const pending = {
        dialect: "hosted",
        channel: "browser",
        verifier: Redacted.make(verifier),
        state,
      } as const
      yield* awaitPin(stored, pending, 0)
      const challenge = yield* challengeOf(verifier)
      const query = { state, prompt: "login", dark_mode: "false" }
      return oauth.authorizeUrl(hostedIdentity, stored.hardwareId, challenge, query)
    }),
  )

  const finishHosted = Effect.fn("Session.finishHosted")((finalUrl: Redacted.Redacted) =>
    exclusively((stored) => {
      const { pending } = stored
      if (pending?.dialect !== "hosted" || !pending.verifier || pending.state === undefined) {
        return Effect.fail(blinkError("finish sign-in", new SignedOut({})))
      }
      return authorizing(
        accept(
          stored,
          oauth.finishHosted(hostedIdentity, pending.verifier, pending.state, finalUrl),
          hostedIdentity.clientId,
        ),
      )
    }),
  )

  return { signIn, answerPin, startHosted, finishHosted }
}
