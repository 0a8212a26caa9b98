import type { AccountId } from "@blink-streams/model"
import type { Redacted } from "effect"

/** Account, base address and token of a request. */
export interface AuthContext {
  readonly dialect: "oauth" | "legacy"
  readonly accountId: AccountId
  readonly tier: string
  /** Base address without a trailing slash. The token is sent to no other host. */
  readonly baseUrl: string
  readonly token: Redacted.Redacted
  readonly registrationId: number | null
}

export interface Credentials {
  readonly email: string
  readonly password: Redacted.Redacted
  /**
   * True when a user has just asked for this sign-in. Otherwise at most one sign-in in 10 minutes and 5 a day
   * are sent, so that a program in a restart loop does not get the account locked. Default false.
   */
  readonly attended?: boolean
}
