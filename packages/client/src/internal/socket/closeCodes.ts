import type { CloseCode, closeCodes as protocolCloseCodes } from "@blink-streams/protocol"
import type { ConnectionFailure } from "../../Connection.ts"

/**
 * Reconnect rules of the protocol's table of close codes. This package imports only types, so the values are repeated here;
 * a value that differs from the table does not compile.
 */
const closeCodes: {
  readonly [Code in CloseCode]: Pick<(typeof protocolCloseCodes)[Code], "reconnect" | "failure">
} = {
  1000: { reconnect: false, failure: null },
  1001: { reconnect: true, failure: "unreachable" },
  1009: { reconnect: false, failure: "protocol" },
  4400: { reconnect: false, failure: "protocol" },
  4401: { reconnect: false, failure: "unauthorized" },
  4403: { reconnect: false, failure: "forbidden" },
  4406: { reconnect: false, failure: "origin_not_allowed" },
  4408: { reconnect: true, failure: "unreachable" },
  4409: { reconnect: false, failure: "protocol" },
  4429: { reconnect: true, failure: "unreachable" },
  4430: { reconnect: true, failure: "unreachable" },
}

const isKnown = (code: number): code is CloseCode => code in closeCodes

/** Failure that a close code reports. Codes of proxies and broken connections mean `unreachable`. */
export const failureOf = (code: number): ConnectionFailure =>
  (isKnown(code) ? closeCodes[code].failure : null) ?? "unreachable"

/**
 * True when a reconnect with the same URL and token would fail again. A server never closes with 1000; a proxy may, when
 * it ends an idle connection.
 */
export const isFinal = (code: number): boolean =>
  isKnown(code) && !closeCodes[code].reconnect && closeCodes[code].failure !== null
