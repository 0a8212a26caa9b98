import { AccountId, Timestamp } from "@blink-streams/model"
import { Schema } from "effect"

const Secret = Schema.RedactedFromValue(Schema.String)
const optional = Schema.optionalKey

/** What lets us in: the tokens of one sign-in and where the account lives. */
export const StoredGrant = Schema.Struct({
  dialect: Schema.Literals(["oauth", "legacy"]),
  accessToken: Secret,
  /** Absent in the legacy dialect, which has none. */
  refreshToken: optional(Secret),
  expiresAt: Timestamp,
  /** The OAuth client id that obtained the tokens: only it may renew them. */
  oauthClientId: optional(Schema.String),
  /** Where the account lives; `null` until the cloud has said. */
  home: Schema.NullOr(Schema.Struct({ accountId: AccountId, tier: Schema.String })),
  /** The cloud's number of this registration; `null` until it is asked for, to sign out. */
  registrationId: Schema.NullOr(Schema.Int),
})
export type StoredGrant = typeof StoredGrant.Type

/** A sign-in between password and code, complete enough to go on after a restart. */
export const PendingSignIn = Schema.Struct({
  dialect: Schema.Literals(["oauth", "legacy", "hosted"]),
  startedAt: Timestamp,
  channel: Schema.String,
  resendAfter: Timestamp,
  wrongPins: Schema.Int,
  verifier: optional(Secret),
  csrf: optional(Secret),
  /** Cookies by name; the names are the vendor's business. */
  cookies: optional(Schema.Record(Schema.String, Secret)),
  /** `hosted`: compared with what the vendor's page hands back. */
  state: optional(Schema.String),
  /** The grant that starts to work once the code is accepted, where there is one already. */
  grant: optional(StoredGrant),
})
export type PendingSignIn = typeof PendingSignIn.Type

/** All that one account keeps on disk. Secrets are `Redacted`: they print as `<redacted>`. */
export const StoredSession = Schema.Struct({
  version: Schema.Literal(1),
  /** Chosen once per installation. A new one at every start looks like a new device each time. */
  hardwareId: Schema.String,
  grant: Schema.NullOr(StoredGrant),
  /** Whose session it was that the cloud has ended. Says something only while there is no grant. */
  lost: optional(AccountId),
  pending: Schema.NullOr(PendingSignIn),
  /** When sign-ins were tried in the last day, so that a restart does not forget the brake. */
  signIns: Schema.Array(Timestamp),
})
export type StoredSession = typeof StoredSession.Type

/** Whose it is, also while the session is lost or waits for a code; `null` before the first sign-in has ended. */
export const accountIdOf = ({ grant, lost, pending }: StoredSession): AccountId | null =>
  (grant ?? pending?.grant)?.home?.accountId ?? lost ?? null

/** The text of the file. Contains every secret in clear. */
export const StoredSessionText = Schema.fromJsonString(StoredSession)
