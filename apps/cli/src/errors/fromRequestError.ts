import { RequestError } from "@blink-streams/client"
import { CliError, type ExitReason } from "./CliError.ts"

const reasonByCode: Readonly<Record<RequestError["code"], ExitReason>> = {
  malformed: "failed",
  unsupported: "failed",
  duplicate_id: "failed",
  key_reused: "failed",
  not_found: "failed",
  too_many_subscriptions: "failed",
  too_many_in_flight: "failed",
  cursor_expired: "failed",
  expectation_failed: "failed",
  invalid_target: "failed",
  cancelled: "failed",
  unauthenticated: "signInNeeded",
  forbidden: "failed",
  rate_limited: "failed",
  cloud_throttled: "failed",
  busy: "failed",
  sign_in_required: "signInNeeded",
  blocked: "failed",
  rejected: "failed",
  unreachable: "failed",
  not_verified: "failed",
  timed_out: "timedOut",
  internal: "failed",
  connection_closed: "noConnection",
  no_response: "noConnection",
  invalid_response: "failed",
}

/**
 * Converts a `RequestError` of the client into a `CliError`; a code of a newer broadcaster is `failed`. Returns any other error
 * unchanged.
 */
export const fromRequestError = (error: unknown): unknown =>
  error instanceof RequestError
    ? new CliError(error.code in reasonByCode ? reasonByCode[error.code] : "failed", error.message)
    : error
