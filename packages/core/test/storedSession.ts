import type { StoredSession } from "../src/index.ts"
import { AccountId, timestampFromMillis } from "@blink-streams/model"
import { Redacted } from "effect"

/** Session with a token that is valid until `expiresAt`. */
export const signedIn = (expiresAt: number): StoredSession => ({
  version: 1,
  hardwareId: "0A1B2C3D-0000-4000-8000-000000000001",
  grant: {
    dialect: "oauth",
    accessToken: Redacted.make("access-0"),
    refreshToken: Redacted.make("refresh-0"),
    expiresAt: timestampFromMillis(expiresAt),
    oauthClientId: "ios",
    location: { accountId: AccountId.make(7310001), tier: "u017" },
    registrationId: 9120001,
  },
  pending: null,
  signIns: [],
})
