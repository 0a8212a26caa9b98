import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Equal, Option, Schedule } from "effect"
import type { CloudSettings } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Budget } from "../../Budget.ts"
import type { StoredGrant, StoredSession } from "../../StoredSession.ts"
import { type NewTokens } from "./oauthClient.ts"
import type { ClientRegistration } from "./clientRegistration.ts"
import type { SessionStateStore } from "./sessionState.ts"
import type { Transport } from "../http/transport.ts"
import { PinRequired } from "../../Reason.ts"
import type { AuthContext } from "../../AuthContext.ts"
import { baseUrl, fetchTier } from "./tier.ts"

type LocatedGrant = StoredGrant & { readonly location: NonNullable<StoredGrant["location"]> }

/** Converts tokens to an `AuthContext`. */
export const makeAccessTokens = (
  settings: CloudSettings,
  transport: Transport,
  budget: Budget["Service"],
  sessionState: SessionStateStore,
  clientRegistration: ClientRegistration,
) => {
  /** Sign-in requests are counted and queued like all others. */
  const budgeted = <A, E>(effect: Effect.Effect<A, E | BlinkError>) => budget.spend("command")(effect)

  const toAuthContext = (
    grant: StoredGrant,
    location: NonNullable<StoredGrant["location"]>,
  ): AuthContext => ({
    dialect: grant.dialect,
    accountId: location.accountId,
    tier: location.tier,
    baseUrl: baseUrl(settings, location.tier),
    token: grant.accessToken,
    registrationId: grant.registrationId,
  })

  const fromTokens = Effect.fnUntraced(function* (
    tokens: NewTokens,
    clientId: string,
    before: StoredGrant | null,
  ) {
    const now = yield* Clock.currentTimeMillis
    return {
      dialect: "oauth",
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      expiresAt: timestampFromMillis(now + tokens.lifetimeSeconds * 1000),
      oauthClientId: clientId,
      location: before?.location ?? null,
      registrationId: before?.registrationId ?? null,
    } satisfies StoredGrant
  })

  /** Waits for another code. A working session stays in use until then. */
  const awaitVerification = Effect.fnUntraced(function* (
    stored: StoredSession,
    grant: LocatedGrant,
    channel: string,
  ) {
    // Only the user sees whether the code arrived; a new sign-in sends another.
    const sent = yield* Effect.option(
      budgeted(clientRegistration.sendPin(toAuthContext(grant, grant.location))),
    )
    const isNew = stored.grant === null || !Equal.equals(stored.grant.accessToken, grant.accessToken)
    const now = yield* Clock.currentTimeMillis
    yield* sessionState.persist({
      ...stored,
      grant: isNew ? stored.grant : null,
      pending: {
        dialect: "oauth",
        channel,
        grant,
        startedAt: timestampFromMillis(now),
        resendAfter: timestampFromMillis(now + Option.getOrElse(sent, () => 0) * 1000),
        wrongPins: 0,
      },
    })
    return yield* blinkError("use session", new PinRequired({ channel }), "no")
  })

  /**
   * Fetches the account's tier and, the first time, the client registration, and stores both. Tokens are kept
   * when this fails. Fails with `PinRequired` when the client must be verified first.
   */
  const resolveTier = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const location = yield* budgeted(fetchTier(settings, transport, grant.accessToken)).pipe(
      Effect.retry({
        while: (error) => error.category === "transient",
        schedule: Schedule.exponential("1 second"),
        times: 2,
      }),
    )
    const located: LocatedGrant = { ...grant, location: location }
    // The sign-in must not fail because of this request.
    const registrationInfo =
      grant.registrationId === null
        ? Option.getOrNull(
            yield* Effect.option(budgeted(clientRegistration.info(toAuthContext(located, location)))),
          )
        : null
    const complete = registrationInfo === null ? located : { ...located, registrationId: registrationInfo.id }
    if (registrationInfo?.needsPin === true)
      return yield* awaitVerification(stored, complete, registrationInfo.channel)
    yield* sessionState.persist({ ...stored, grant: complete })
    return toAuthContext(complete, location)
  })

  /** Auth context of `grant`; fetches the tier first if it is unknown. */
  const withTier = (grant: StoredGrant): Effect.Effect<AuthContext, BlinkError> =>
    grant.location === null
      ? sessionState.withLock((stored) => {
          if (stored.grant === null) return sessionState.noSession
          const { location } = stored.grant
          return location === null
            ? resolveTier(stored, stored.grant)
            : Effect.succeed(toAuthContext(stored.grant, location))
        })
      : Effect.succeed(toAuthContext(grant, grant.location))

  return { budgeted, toAuthContext, fromTokens, resolveTier, withTier }
}

export type AccessTokens = ReturnType<typeof makeAccessTokens>
