import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, type Redacted } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import type { CloudSettings } from "../../BlinkConfig.ts"
import type { StoredGrant } from "../../StoredSession.ts"
import { baseUrl } from "./tier.ts"

type Location = NonNullable<StoredGrant["location"]>

/** Grant of an account whose tier is known. */
export type LocatedGrant = StoredGrant & { readonly location: Location }

/** Tokens as the cloud issues them. */
export interface NewTokens {
  readonly accessToken: Redacted.Redacted
  readonly refreshToken: Redacted.Redacted
  readonly lifetimeSeconds: number
}

/** Grant of new tokens. `before` is the grant that they replace. */
export const grantOf = Effect.fnUntraced(function* (
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

/** Authorization of requests with `grant` at `location`. */
export const toAuthContext = (
  settings: CloudSettings,
  grant: StoredGrant,
  location: Location,
): AuthContext => ({
  dialect: grant.dialect,
  accountId: location.accountId,
  tier: location.tier,
  baseUrl: baseUrl(settings, location.tier),
  token: grant.accessToken,
  registrationId: grant.registrationId,
})
