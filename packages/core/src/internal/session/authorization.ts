import { Redacted } from "effect"
import type { AuthContext } from "../../AuthContext.ts"

/** Authorization header. `token-auth` has a dash because proxies drop names with an underscore. */
export const authorizationHeader = ({
  dialect,
  token,
}: Pick<AuthContext, "dialect" | "token">): Readonly<Record<string, string>> =>
  dialect === "legacy"
    ? { "token-auth": Redacted.value(token) }
    : { authorization: `Bearer ${Redacted.value(token)}` }
