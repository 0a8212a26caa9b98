import { Predicate } from "effect"

/** Deepest cause that is read. `fetch` wraps the error of the socket once or twice. */
const maxDepth = 3

/**
 * Codes of failures before the connection stands: name resolution, connection, and a certificate that is not
 * accepted.
 */
const connectCodes: ReadonlySet<unknown> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
])

/** System calls that precede every request. A code such as `EHOSTUNREACH` alone can also come from a later one. */
const connectCalls: ReadonlySet<unknown> = new Set(["connect", "getaddrinfo"])

/** An error and its causes, outermost first. */
const chain = (cause: unknown): ReadonlyArray<{ readonly [key: PropertyKey]: unknown }> => {
  const causes: Array<{ readonly [key: PropertyKey]: unknown }> = []
  for (let next = cause; Predicate.isReadonlyObject(next) && causes.length <= maxDepth; next = next["cause"])
    causes.push(next)
  return causes
}

/** True when the connection was never established, so that no request can have been sent. */
export const isConnectFailure = (cause: unknown): boolean =>
  chain(cause).some((error) => connectCodes.has(error["code"]) || connectCalls.has(error["syscall"]))

/** Characters of the codes of Node and OpenSSL. Another text could quote an address. */
const codePattern = /^[A-Z_]{3,40}$/

/** Code (`ENOTFOUND`, `ECONNREFUSED`, and so on) for an error message; `null` when there is none. */
export const systemCode = (cause: unknown): string | null => {
  for (const { code } of chain(cause)) if (typeof code === "string" && codePattern.test(code)) return code
  return null
}
