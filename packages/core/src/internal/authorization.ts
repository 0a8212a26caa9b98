import { Redacted } from "effect"
import type { Grant } from "../Session.ts"

/** The header that lets a request in. With a dash: proxies drop names with an underscore. */
export const authorization = ({
  dialect,
  token,
}: Pick<Grant, "dialect" | "token">): Readonly<Record<string, string>> =>
  dialect === "legacy"
    ? { "token-auth": Redacted.value(token) }
    : { authorization: `Bearer ${Redacted.value(token)}` }
