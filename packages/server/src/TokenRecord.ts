import { Schema } from "effect"
import { Permissions } from "./Permissions.ts"

/** A stored token: its permissions and hash. Only `Tokens.create` returns the token itself. */
export const TokenRecord = Schema.Struct({
  id: Schema.String,
  /** Label for people. */
  name: Schema.String,
  /** SHA-256, base64url. Tokens are 256 random bits, so a slower hash adds no protection. */
  hash: Schema.String,
  permissions: Permissions,
  createdAt: Schema.Int,
  /** Expiry in milliseconds since the epoch; `null`: valid until revoked. */
  expiresAt: Schema.NullOr(Schema.Int),
})
export type TokenRecord = typeof TokenRecord.Type

/** The token file cannot be read, decoded or written. */
export class TokensUnavailable extends Schema.TaggedError<TokensUnavailable>()("TokensUnavailable", {
  cause: Schema.Defect(),
}) {}
