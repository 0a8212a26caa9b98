import { Schema } from "effect"

/** Wrong e-mail address or password. */
export class InvalidCredentials extends Schema.TaggedError<InvalidCredentials>()("InvalidCredentials", {}) {}

/** Wrong or expired code. The sign-in keeps waiting for a code unless `restart` is true. */
export class InvalidPin extends Schema.TaggedError<InvalidPin>()("InvalidPin", { restart: Schema.Boolean }) {}

/** A code was sent (`channel`: `sms`, `email`, and so on) and must be submitted first. */
export class PinRequired extends Schema.TaggedError<PinRequired>()("PinRequired", {
  channel: Schema.String,
}) {}

/** The vendor requires a step in its own app first, such as a new password or a verified address. */
export class VerificationRequired extends Schema.TaggedError<VerificationRequired>()("VerificationRequired", {
  detail: Schema.String,
}) {}

/** No sign-in has happened yet, or a user signed out. */
export class SignedOut extends Schema.TaggedError<SignedOut>()("SignedOut", {}) {}

/** The renewed token or the renewal itself was rejected (401). A user must sign in. */
export class SessionExpired extends Schema.TaggedError<SessionExpired>()("SessionExpired", {}) {}

/** Local rate limit of sign-ins without a user: one in 10 minutes, five a day. Nothing was sent. */
export class SignInPaused extends Schema.TaggedError<SignInPaused>()("SignInPaused", {
  retryAfter: Schema.Duration,
}) {}

/** The cloud wants fewer requests (429). `retryAfter` defaults to 5 minutes, 60 for sign-ins. */
export class Throttled extends Schema.TaggedError<Throttled>()("Throttled", {
  retryAfter: Schema.Duration,
}) {}

/**
 * The CDN in front of the cloud blocks this machine or its identity (406, or 403 as HTML). `retryAfter`
 * defaults to 15 minutes.
 */
export class EdgeBlocked extends Schema.TaggedError<EdgeBlocked>()("EdgeBlocked", {
  status: Schema.Int,
  retryAfter: Schema.Duration,
}) {}

/** The hourly request budget is used up. Nothing was sent. */
export class BudgetSpent extends Schema.TaggedError<BudgetSpent>()("BudgetSpent", {
  retryAfter: Schema.Duration,
}) {}

/** The sync module is busy with another command (409, or code 307). */
export class Busy extends Schema.TaggedError<Busy>()("Busy", { retryAfter: Schema.Duration }) {}

/** The cloud does not offer this endpoint, or not in this API (426, code 105, 404 of a path). */
export class NotSupported extends Schema.TaggedError<NotSupported>()("NotSupported", {
  detail: Schema.String,
}) {}

/** The cloud does not know this camera, network, command or file (code 500, 1630, 404). */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", {
  code: Schema.NullOr(Schema.Int),
  detail: Schema.String,
}) {}

/** The account is not permitted to do this (403 as JSON), for example because a share was revoked. */
export class AccessDenied extends Schema.TaggedError<AccessDenied>()("AccessDenied", {
  detail: Schema.String,
}) {}

/** The cloud understood the request and rejected it. `code` is the number in the response body. */
export class Rejected extends Schema.TaggedError<Rejected>()("Rejected", {
  status: Schema.Int,
  code: Schema.NullOr(Schema.Int),
  detail: Schema.String,
}) {}

/** No response arrived: DNS, connection, TLS or timeout. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", {
  cause: Schema.Defect(),
}) {}

/** The cloud failed (5xx). `retryAfter` is zero when the cloud names no wait. */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  status: Schema.Int,
  retryAfter: Schema.Duration,
}) {}

/** The manifest, upload or picture is not available yet. */
export class NotReady extends Schema.TaggedError<NotReady>()("NotReady", { detail: Schema.String }) {}

/** The response is not what the endpoint declares: truncated, not JSON, or of another shape. */
export class UnexpectedResponse extends Schema.TaggedError<UnexpectedResponse>()("UnexpectedResponse", {
  status: Schema.Int,
  /** Reason and the beginning of the response, without secrets. */
  detail: Schema.String,
}) {}

/** The sync module reported that the command failed. `statusCode` is the cloud's number (523, and so on). */
export class CommandFailed extends Schema.TaggedError<CommandFailed>()("CommandFailed", {
  statusCode: Schema.Int,
  detail: Schema.String,
}) {}

/** No outcome arrived in time, or the connection broke while sending. The command may still take effect. */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", {
  detail: Schema.String,
}) {}

/** The cloud reported success, but the following snapshots do not show the new state. */
export class NotVerified extends Schema.TaggedError<NotVerified>()("NotVerified", {
  detail: Schema.String,
}) {}

/** The stored session cannot be read or written. Tokens that could not be stored are not used. */
export class TokenStoreError extends Schema.TaggedError<TokenStoreError>()("TokenStoreError", {
  cause: Schema.Defect(),
}) {}

/** Every reason of a `BlinkError`. */
export const Reason = Schema.Union([
  InvalidCredentials,
  InvalidPin,
  PinRequired,
  VerificationRequired,
  SignedOut,
  SessionExpired,
  SignInPaused,
  Throttled,
  EdgeBlocked,
  BudgetSpent,
  Busy,
  NotSupported,
  NotFound,
  AccessDenied,
  Rejected,
  Unreachable,
  ServerError,
  NotReady,
  UnexpectedResponse,
  CommandFailed,
  OutcomeUnknown,
  NotVerified,
  TokenStoreError,
])
export type Reason = typeof Reason.Type

/** Group of reasons with the same handling; `docs/errors.md` has the table. */
export type Category =
  | "needs_user"
  | "session_expired"
  | "blocked"
  | "busy"
  | "not_supported"
  | "not_found"
  | "transient"
  | "rejected"
