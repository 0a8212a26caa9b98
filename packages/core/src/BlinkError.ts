import { Duration, Schema } from "effect"
import { reasonInfo } from "./internal/errors/reasonInfo.ts"

/** The vendor refused the e-mail address or the password. */
export class InvalidCredentials extends Schema.TaggedError<InvalidCredentials>()("InvalidCredentials", {}) {}

/** The code was wrong or had expired. The sign-in still waits for the right one, unless `restart` says so. */
export class InvalidPin extends Schema.TaggedError<InvalidPin>()("InvalidPin", { restart: Schema.Boolean }) {}

/** A code was sent (`channel`: `sms`, `email`, …) and has to be typed in before anything else works. */
export class PinRequired extends Schema.TaggedError<PinRequired>()("PinRequired", {
  channel: Schema.String,
}) {}

/** The vendor wants something done in its own app first: a new password, a verified address. */
export class VerificationRequired extends Schema.TaggedError<VerificationRequired>()("VerificationRequired", {
  detail: Schema.String,
}) {}

/** Nobody has signed in here yet, or a person signed out. */
export class SignedOut extends Schema.TaggedError<SignedOut>()("SignedOut", {}) {}

/** 401 again after a renewal, or the renewal itself was refused: someone must sign in. */
export class SessionExpired extends Schema.TaggedError<SessionExpired>()("SessionExpired", {}) {}

/** Our own brake: no sign-in without a person more than once in 10 minutes and 5 times a day. */
export class SignInPaused extends Schema.TaggedError<SignInPaused>()("SignInPaused", {
  retryAfter: Schema.Duration,
}) {}

/** The cloud wants fewer requests (429). The wait is ours if it names none. */
export class Throttled extends Schema.TaggedError<Throttled>()("Throttled", {
  retryAfter: Schema.Duration,
}) {}

/** The edge in front of the cloud turns this machine or its identity away (406, 403 as HTML). */
export class EdgeBlocked extends Schema.TaggedError<EdgeBlocked>()("EdgeBlocked", {
  status: Schema.Int,
  retryAfter: Schema.Duration,
}) {}

/** Our own budget for the hour is spent. Nothing was sent. */
export class BudgetSpent extends Schema.TaggedError<BudgetSpent>()("BudgetSpent", {
  retryAfter: Schema.Duration,
}) {}

/** The sync module does one thing at a time and is doing another (409, or code 307). */
export class Busy extends Schema.TaggedError<Busy>()("Busy", { retryAfter: Schema.Duration }) {}

/** The cloud no longer serves this call, or not in this dialect (426, code 105, 404 of a path). */
export class NotSupported extends Schema.TaggedError<NotSupported>()("NotSupported", {
  detail: Schema.String,
}) {}

/** The cloud does not know this camera, network, command or file (code 500, 1630, 404). */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", {
  code: Schema.NullOr(Schema.Int),
  detail: Schema.String,
}) {}

/** The account is not, or no longer, allowed to do this (403 as JSON): a share was revoked or has moved. */
export class AccessDenied extends Schema.TaggedError<AccessDenied>()("AccessDenied", {
  detail: Schema.String,
}) {}

/** The cloud understood the request and declined it. `code` is the body's own number. */
export class Rejected extends Schema.TaggedError<Rejected>()("Rejected", {
  status: Schema.Int,
  code: Schema.NullOr(Schema.Int),
  detail: Schema.String,
}) {}

/** No answer arrived: name look-up, connection, TLS or time-out. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", {
  cause: Schema.Defect(),
}) {}

/** The cloud has trouble of its own (5xx). */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  status: Schema.Int,
  retryAfter: Schema.Duration,
}) {}

/** What is asked for is not there yet: a manifest or an upload that is still under way. */
export class NotReady extends Schema.TaggedError<NotReady>()("NotReady", { detail: Schema.String }) {}

/** An answer arrived that the call does not declare: cut off, no JSON, or of another shape. */
export class UnexpectedResponse extends Schema.TaggedError<UnexpectedResponse>()("UnexpectedResponse", {
  status: Schema.Int,
  /** What was wrong and the beginning of the answer, with secrets taken out. */
  detail: Schema.String,
}) {}

/** The sync module took the command and reported that it failed. `statusCode` is the wire's number (523, …). */
export class CommandFailed extends Schema.TaggedError<CommandFailed>()("CommandFailed", {
  statusCode: Schema.Int,
  detail: Schema.String,
}) {}

/** No verdict arrived in time, or the connection broke while sending: the command may still take effect. */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", {
  detail: Schema.String,
}) {}

/** The cloud said "complete" and the next looks at the home did not agree. */
export class NotVerified extends Schema.TaggedError<NotVerified>()("NotVerified", {
  detail: Schema.String,
}) {}

/** The saved session cannot be read or written. Nothing is sent that could not be saved. */
export class TokenStoreError extends Schema.TaggedError<TokenStoreError>()("TokenStoreError", {
  cause: Schema.Defect(),
}) {}

/** Everything that can go wrong with the cloud. */
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

/** What a program does about an error; `docs/errors.md` has the table. */
export type Category =
  | "needsUser"
  | "sessionLost"
  | "blocked"
  | "busy"
  | "notSupported"
  | "wrongTarget"
  | "transient"
  | "refused"

/**
 * The one error of this package: `Effect.catchReason("BlinkError", "Throttled", …)`.
 *
 * `operation` names what was tried. No secret is ever part of an error.
 */
export class BlinkError extends Schema.TaggedError<BlinkError>()("BlinkError", {
  operation: Schema.String,
  reason: Reason,
}) {
  override get message(): string {
    return `${this.operation}: ${this.hint}`
  }

  /** The reason by name (`Throttled`, `SessionLost`, …), for code that switches on text. */
  get code(): Reason["_tag"] {
    return this.reason._tag
  }

  get category(): Category {
    return reasonInfo(this.reason).category
  }

  /** Whether the same *read* may succeed later with nobody acting. Says nothing about commands. */
  get retryable(): boolean {
    return reasonInfo(this.reason).retryable
  }

  /** The least wait before asking again; zero when nothing demands one. */
  get retryAfter(): Duration.Duration {
    return "retryAfter" in this.reason ? this.reason.retryAfter : Duration.zero
  }

  get retryAfterMs(): number {
    return Duration.toMillis(this.retryAfter)
  }

  /** The sentence a person needs: what happened and what to do. */
  get hint(): string {
    return reasonInfo(this.reason).hint
  }
}

/** Wraps `reason` for `operation`. */
export const blinkError = (operation: string, reason: Reason): BlinkError =>
  new BlinkError({ operation, reason })
