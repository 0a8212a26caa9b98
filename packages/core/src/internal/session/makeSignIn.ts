import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Duration, Effect, Redacted } from "effect"
import { hostedIdentity, type CloudSettings } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { PendingSignIn, StoredGrant, StoredSession } from "../../StoredSession.ts"
import { makeLegacyLogin } from "./legacyLogin.ts"
import type { SignInFlow, OauthClient, NewTokens } from "./oauthClient.ts"
import { challengeOf, randomText } from "./pkce.ts"
import type { ClientRegistration } from "./clientRegistration.ts"
import type { AccessTokens } from "./accessTokens.ts"
import type { SessionStateStore } from "./sessionState.ts"
import { signInRateLimit } from "./signInRateLimit.ts"
import type { Transport } from "../http/transport.ts"
import { InvalidPin, Rejected, SignedOut } from "../../Reason.ts"
import type { Credentials } from "../../AuthContext.ts"

const maxWrongPins = 3
/** The sign-in on the vendor's page asks for the code there, and an active session needs none. */
const noPinAwaited = new Rejected({ status: 0, code: null, detail: "no code is expected" })
/** Validity of a legacy token. The response does not contain it. */
const legacyTokenLifetime = Duration.toMillis("24 hours")

/** Sign-in by password and optional code, in both APIs, or on the vendor's page. */
export const makeSignIn = (
  settings: CloudSettings,
  transport: Transport,
  oauthClient: OauthClient,
  sessionState: SessionStateStore,
  { budgeted, fromTokens, resolveTier, toAuthContext }: AccessTokens,
  clientRegistration: ClientRegistration,
) => {
  const { withLock, persist } = sessionState
  const legacyLogin = makeLegacyLogin(settings, transport)

  const completeSignIn = Effect.fnUntraced(function* (
    stored: StoredSession,
    tokens: Effect.Effect<NewTokens, BlinkError>,
    clientId: string,
  ) {
    // New tokens must be stored, even if the caller is interrupted.
    const next = yield* Effect.uninterruptible(
      Effect.gen(function* () {
        const grant = yield* fromTokens(yield* budgeted(tokens), clientId, null)
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
  const whileAuthorizing = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.andThen(sessionState.publishState({ state: "authorizing" }), effect).pipe(
      Effect.ensuring(sessionState.publishStored),
    )

  /** Stores the pending sign-in. A working session stays in use until it completes. */
  const awaitPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: Omit<PendingSignIn, "startedAt" | "resendAfter" | "wrongPins">,
    resendSeconds: number,
  ) {
    const now = yield* Clock.currentTimeMillis
    yield* persist({
      ...stored,
      pending: {
        ...pending,
        startedAt: timestampFromMillis(now),
        resendAfter: timestampFromMillis(now + resendSeconds * 1000),
        wrongPins: 0,
      },
    })
  })

  const signInOauth = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
    const rateLimited = yield* signInRateLimit(stored, credentials.attended ?? false)
    yield* sessionState.saveUnpublished(rateLimited)
    const flow = yield* budgeted(oauthClient.openPage(stored.hardwareId)).pipe(
      // Nothing was sent: a machine that starts before its network must not use up the daily sign-ins.
      Effect.tapError(({ reason }) =>
        reason._tag === "Unreachable" ? sessionState.saveUnpublished(stored) : Effect.void,
      ),
    )
    const outcome = yield* budgeted(oauthClient.submitPassword(flow, credentials.email, credentials.password))
    if (outcome.step === "pin") {
      const pending = { dialect: "oauth", channel: outcome.channel, ...outcome.flow } as const
      return yield* awaitPin(rateLimited, pending, outcome.resendSeconds)
    }
    const { clientId } = settings.identity
    return yield* completeSignIn(
      rateLimited,
      oauthClient.finishSignIn(outcome.flow, stored.hardwareId),
      clientId,
    )
  })

  const signInLegacy = Effect.fnUntraced(function* (stored: StoredSession, credentials: Credentials) {
    const rateLimited = yield* signInRateLimit(stored, credentials.attended ?? false)
    yield* sessionState.saveUnpublished(rateLimited)
    const { grant, channel, resendSeconds } = yield* budgeted(legacyLogin(credentials, stored.hardwareId))
    const now = yield* Clock.currentTimeMillis
    const storedGrant: StoredGrant = {
      dialect: "legacy",
      accessToken: grant.token,
      expiresAt: timestampFromMillis(now + legacyTokenLifetime),
      location: { accountId: grant.accountId, tier: grant.tier },
      registrationId: grant.registrationId,
    }
    yield* channel === null
      ? persist({ ...rateLimited, grant: storedGrant, pending: null })
      : awaitPin(rateLimited, { dialect: "legacy", channel, grant: storedGrant }, resendSeconds)
  })

  const signIn = Effect.fn("Session.signIn")((credentials: Credentials) =>
    withLock((stored) =>
      whileAuthorizing(
        settings.dialect === "oauth" ? signInOauth(stored, credentials) : signInLegacy(stored, credentials),
      ),
    ),
  )

  const verifyPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: PendingSignIn,
    pin: Redacted.Redacted,
  ) {
    const { grant, verifier, csrf, cookies } = pending
    if (grant?.location) {
      yield* budgeted(clientRegistration.verifyPin(toAuthContext(grant, grant.location), pin))
      return yield* persist({ ...stored, grant, pending: null })
    }
    if (!verifier || !csrf || !cookies) {
      return yield* blinkError("verify code", new InvalidPin({ restart: true }), "no")
    }
    const flow: SignInFlow = { verifier, csrf, cookies }
    const verified = yield* budgeted(oauthClient.submitPin(flow, pin))
    return yield* completeSignIn(
      stored,
      oauthClient.finishSignIn(verified, stored.hardwareId),
      settings.identity.clientId,
    )
  })

  /** Counts wrong codes. The sign-in ends after the third, or when the vendor requires a new code. */
  const countWrongPin = Effect.fnUntraced(function* (
    stored: StoredSession,
    pending: PendingSignIn,
    restart: boolean,
    sent: BlinkError["sent"],
  ) {
    const wrongPins = pending.wrongPins + 1
    const isOver = restart || wrongPins >= maxWrongPins
    yield* persist({ ...stored, pending: isOver ? null : { ...pending, wrongPins } })
    return yield* blinkError("verify code", new InvalidPin({ restart: isOver }), sent)
  })

  const submitPin = Effect.fn("Session.submitPin")((pin: Redacted.Redacted) =>
    withLock((stored) => {
      const { pending } = stored
      if (pending === null || pending.dialect === "hosted") {
        return Effect.fail(
          blinkError(
            "verify code",
            stored.grant === null && pending === null ? new SignedOut({}) : noPinAwaited,
            "no",
          ),
        )
      }
      return whileAuthorizing(verifyPin(stored, pending, pin)).pipe(
        Effect.catchReason("BlinkError", "InvalidPin", ({ restart }, { sent }) =>
          countWrongPin(stored, pending, restart, sent),
        ),
      )
    }),
  )

  const startHosted = withLock(
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
      return oauthClient.authorizeUrl(hostedIdentity, stored.hardwareId, challenge, query)
    }),
  )

  const finishHosted = Effect.fn("Session.finishHosted")((finalUrl: Redacted.Redacted) =>
    withLock((stored) => {
      const { pending } = stored
      if (pending?.dialect !== "hosted" || !pending.verifier || pending.state === undefined) {
        return Effect.fail(blinkError("finish sign-in", new SignedOut({}), "no"))
      }
      return whileAuthorizing(
        completeSignIn(
          stored,
          oauthClient.finishHosted(hostedIdentity, pending.verifier, pending.state, finalUrl),
          hostedIdentity.clientId,
        ),
      )
    }),
  )

  return { signIn, submitPin, startHosted, finishHosted }
}
