import { AccountId, Timestamp } from "@blink-streams/model"
import { Schema } from "effect"

const Secret = Schema.RedactedFromValue(Schema.String)
const optional = Schema.optionalKey

/** Tokens of one sign-in and the location of the account. */
export const StoredGrant = Schema.Struct({
  dialect: Schema.Literals(["oauth", "legacy"]),
  accessToken: Secret,
  /** Absent in the legacy API, which has none. */
  refreshToken: optional(Secret),
  expiresAt: Timestamp,
  /** OAuth client id that obtained the tokens and is required to renew them. */
  oauthClientId: optional(Schema.String),
  /** Account and tier; `null` until the cloud has reported them. */
  location: Schema.NullOr(Schema.Struct({ accountId: AccountId, tier: Schema.String })),
  /** Client registration id of the cloud; `null` until it is fetched, then used to sign out. */
  registrationId: Schema.NullOr(Schema.Int),
})
export type StoredGrant = typeof StoredGrant.Type

/** Sign-in between password and code. Complete enough to continue after a restart. */
export const PendingSignIn = Schema.Struct({
  dialect: Schema.Literals(["oauth", "legacy", "hosted"]),
  startedAt: Timestamp,
  channel: Schema.String,
  resendAfter: Timestamp,
  wrongPins: Schema.Int,
  verifier: optional(Secret),
  csrf: optional(Secret),
  /** Cookies by name. The names are up to the vendor. */
  cookies: optional(Schema.Record(Schema.String, Secret)),
  /** For `hosted`: the `state` parameter that the vendor's page must return. */
  state: optional(Schema.String),
  /** Grant that becomes usable when the code is accepted; absent when there is none yet. */
  grant: optional(StoredGrant),
})
export type PendingSignIn = typeof PendingSignIn.Type

/** Everything that is stored of one account. Secrets are `Redacted`: they print as `<redacted>`. */
export const StoredSession = Schema.Struct({
  version: Schema.Literal(1),
  /** Chosen once per installation. A new id at every start would register a new device each time. */
  hardwareId: Schema.String,
  grant: Schema.NullOr(StoredGrant),
  /** Account of the session that the cloud has ended. Used only while there is no grant. */
  lost: optional(AccountId),
  pending: Schema.NullOr(PendingSignIn),
  /** Sign-in attempts of the last day, so that the rate limit holds across restarts. */
  signIns: Schema.Array(Timestamp),
})
export type StoredSession = typeof StoredSession.Type

/**
 * Account of the session, also while it is expired or waits for a code; `null` before the first completed
 * sign-in.
 */
export const accountIdOf = ({ grant, lost, pending }: StoredSession): AccountId | null =>
  (grant ?? pending?.grant)?.location?.accountId ?? lost ?? null

/** Codec of the file's text, which contains every secret in plain text. */
export const StoredSessionText = Schema.fromJsonString(StoredSession)
