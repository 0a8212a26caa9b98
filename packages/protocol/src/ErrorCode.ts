import { Schema } from "effect"

/** Group of an error code: the party or condition that must change before the same request can succeed. */
export const ErrorCategory = Schema.Literals([
  "client",
  "auth",
  "throttled",
  "busy",
  "upstream",
  "timeout",
  "internal",
])
export type ErrorCategory = typeof ErrorCategory.Type

interface ErrorCodeInfo {
  readonly category: ErrorCategory
  /** True when the same request may succeed later without user action. */
  readonly retryable: boolean
  /** Minor protocol version that introduced the code. */
  readonly since: number
  readonly meaning: string
}

const errorCode = (
  category: ErrorCategory,
  retryable: boolean,
  meaning: string,
  since = 0,
): ErrorCodeInfo => ({
  category,
  retryable,
  since,
  meaning,
})

/** All codes of `error` messages and failed `result` messages. Later versions only add codes. */
export const errorCodes = {
  malformed: errorCode(
    "client",
    false,
    "The frame is not a message of this protocol. The connection is closed.",
  ),
  unsupported: errorCode(
    "client",
    false,
    "The server does not know the message type, topic, command or capability.",
  ),
  duplicate_id: errorCode("client", false, "A request or subscription with this id is active."),
  key_reused: errorCode("client", false, "The idempotency key belongs to another command."),
  not_found: errorCode(
    "client",
    false,
    "No such network, camera, subscription, command or prompt for this token.",
  ),
  too_many_subscriptions: errorCode("client", false, "More subscriptions than `hello.limits` allows."),
  too_many_in_flight: errorCode("client", true, "More requests in flight than `hello.limits` allows."),
  cursor_expired: errorCode(
    "client",
    false,
    "HTTP only: events after the cursor are no longer kept, or it is no cursor of this log. Request the state.",
  ),
  expectation_failed: errorCode(
    "client",
    false,
    "The state does not match `expect`; nothing was sent to the cloud.",
  ),
  invalid_target: errorCode("client", false, "The network or camera does not support the command."),
  cancelled: errorCode("client", false, "`cancel` ended the command. It may still take effect."),
  unauthenticated: errorCode("auth", false, "The token is missing, wrong, expired or revoked."),
  forbidden: errorCode("auth", false, "The token lacks the required scope."),
  rate_limited: errorCode("throttled", true, "Too many messages or attempts; wait `retryAfterMs`."),
  cloud_throttled: errorCode(
    "throttled",
    true,
    "The cloud or the request budget of the account limits requests.",
  ),
  busy: errorCode("busy", true, "Another command is running on the target."),
  sign_in_required: errorCode(
    "upstream",
    false,
    "Sign-in required: a user must sign in or complete a prompt.",
  ),
  blocked: errorCode("upstream", false, "The cloud has blocked the account or this application temporarily."),
  rejected: errorCode("upstream", false, "The cloud or the sync module rejected the command."),
  unreachable: errorCode("upstream", true, "The cloud is unreachable."),
  not_verified: errorCode(
    "upstream",
    false,
    "The cloud reports success, but later snapshots do not show the new state.",
  ),
  timed_out: errorCode("timeout", false, "No outcome within `timeoutMs`. The command may still take effect."),
  internal: errorCode("internal", true, "Internal server error. Its log entry contains the correlation id."),
} as const satisfies Record<string, ErrorCodeInfo>

const codes: ReadonlyArray<keyof typeof errorCodes> = Object.keys(errorCodes).filter(
  (code): code is keyof typeof errorCodes => code in errorCodes,
)
export const ErrorCode = Schema.Literals(codes)
export type ErrorCode = typeof ErrorCode.Type
