import { fromMillis } from "@blink-streams/model/Timestamp"
import { Clock, Effect, Schedule } from "effect"
import type { Settings } from "../BlinkConfig.ts"
import type { BlinkError } from "../BlinkError.ts"
import type { Budget } from "../Budget.ts"
import type { Grant } from "../Session.ts"
import type { StoredGrant, StoredSession } from "../StoredSession.ts"
import { baseUrl, locate, type NewTokens } from "./oauth.ts"
import type { SessionMemory } from "./sessionMemory.ts"
import type { Transport } from "./transport.ts"

/** Turns tokens into something that requests can be made with. */
export const makeSessionGrants = (
  settings: Settings,
  transport: Transport,
  budget: Budget["Service"],
  memory: SessionMemory,
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

  /** Asks where the account lives and keeps the answer. Tokens that cannot be placed yet are kept all the same. */
  const place = Effect.fnUntraced(function* (stored: StoredSession, grant: StoredGrant) {
    const home = yield* once(locate(settings, transport, grant.accessToken)).pipe(
      Effect.retry({
        while: (error) => error.category === "transient",
        schedule: Schedule.exponential("1 second"),
        times: 2,
      }),
    )
    yield* memory.keep({ ...stored, grant: { ...grant, home } })
    return toGrant(grant, home)
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
