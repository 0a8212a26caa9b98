import { fromMillis } from "@blink-streams/model/Timestamp"
import { Clock, Effect, Equal, Option, Schedule } from "effect"
import type { Settings } from "../BlinkConfig.ts"
import { type BlinkError, blinkError, PinRequired } from "../BlinkError.ts"
import type { Budget } from "../Budget.ts"
import type { Grant } from "../Session.ts"
import type { StoredGrant, StoredSession } from "../StoredSession.ts"
import { baseUrl, locate, type NewTokens } from "./oauth.ts"
import type { Registration } from "./registration.ts"
import type { SessionMemory } from "./sessionMemory.ts"
import type { Transport } from "./transport.ts"

type PlacedGrant = StoredGrant & { readonly home: NonNullable<StoredGrant["home"]> }

/** Turns tokens into something that requests can be made with. */
export const makeSessionGrants = (
  settings: Settings,
  transport: Transport,
  budget: Budget["Service"],
  memory: SessionMemory,
  registration: Registration,
) => {
  /** Requests of the sign-in count and wait like all others. */
  const once = <A, E>(effect: Effect.Effect<A, E | BlinkError>) => budget.spend("command")(effect)

  const toGrant = (grant: StoredGrant, home: NonNullable<StoredGrant["home"]>): Grant => ({
    dialect: grant.dialect,
    accountId: home.accountId,
    tier: home.tier,
    baseUrl: baseUrl(settings, home.tier),
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
      expiresAt: fromMillis(now + tokens.lifeSeconds * 1000),
      oauthClientId: clientId,
      home: before?.home ?? null,
      registrationId: before?.registrationId ?? null,
    } satisfies StoredGrant
  })

  /** The sign-in goes on with another code. A session that still works goes on working until that is there. */
  const awaitCode = Effect.fnUntraced(function* (stored: StoredSession, grant: PlacedGrant, channel: string) {
    // Whether it was sent, only the person can see; a new sign-in has another one sent.
    const sent = yield* Effect.option(once(registration.sendCode(toGrant(grant, grant.home))))
    const isNew = stored.grant === null || !Equal.equals(stored.grant.accessToken, grant.accessToken)
    const now = yield* Clock.currentTimeMillis
    yield* memory.keep({
      ...stored,
      grant: isNew ? stored.grant : null,
      pending: {
        dialect: "oauth",
        channel,
        grant,
        startedAt: fromMillis(now),
        resendAfter: fromMillis(now + Option.getOrElse(sent, () => 0) * 1000),
        wrongPins: 0,
      },
    })
    return yield* blinkError("use session", new PinRequired({ channel }))
  })

  /**
   * Asks where the account lives and, the first time, what it knows this install as, and keeps the answers. Tokens that
   * cannot be placed yet are kept all the same. Fails with `PinRequired` where the install has to be verified first.
   */
  const place = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const home = yield* once(locate(settings, transport, grant.accessToken)).pipe(
      Effect.retry({
        while: (error) => error.category === "transient",
        schedule: Schedule.exponential("1 second"),
        times: 2,
      }),
    )
    const located: PlacedGrant = { ...grant, home }
    // That it cannot be had now keeps nobody out.
    const known =
      grant.registrationId === null
        ? Option.getOrNull(yield* Effect.option(once(registration.info(toGrant(located, home)))))
        : null
    const placed = known === null ? located : { ...located, registrationId: known.id }
    if (known?.needsCode === true) return yield* awaitCode(stored, placed, known.channel)
    yield* memory.keep({ ...stored, grant: placed })
    return toGrant(placed, home)
  })

  /** A grant with its place: the one that is stored, or found out now. */
  const placed = (grant: StoredGrant): Effect.Effect<Grant, BlinkError> =>
    grant.home === null
      ? memory.exclusively((stored) => {
          if (stored.grant === null) return memory.missing
          const { home } = stored.grant
          return home === null ? place(stored, stored.grant) : Effect.succeed(toGrant(stored.grant, home))
        })
      : Effect.succeed(toGrant(grant, grant.home))

  return { once, toGrant, fromTokens, place, placed }
}

export type SessionGrants = ReturnType<typeof makeSessionGrants>
