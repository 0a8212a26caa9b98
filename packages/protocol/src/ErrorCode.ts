import { Schema } from "effect"

/** Who or what must change before the same request can succeed. */
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
  /** Whether the same request may succeed later with nobody acting. */
  readonly retryable: boolean
  /** Minor version in which the code appeared. */
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

/** Every code an `error` or a failed `result` may carry. The list only grows. */
export const errorCodes = {
  malformed: errorCode(
    "client",
    false,
    "The frame is no message of this protocol. The connection is closed.",
  ),
  unsupported: errorCode("client", false, "The type, topic, command or capability is not known here."),
  duplicate_id: errorCode("client", false, "A request with this id is still being answered."),
  key_reused: errorCode("client", false, "The idempotency key belongs to another command."),
  not_found: errorCode(
    "client",
    false,
    "No such network, camera, subscription, command or prompt for this token.",
  ),
  too_many_subscriptions: errorCode("client", false, "More subscriptions than `hello.limits` allows."),
  too_many_in_flight: errorCode("client", true, "More unanswered requests than `hello.limits` allows."),
  cursor_expired: errorCode(
    "client",
    false,
    "HTTP only: events after that place are no longer kept, or it is of another log. Take a snapshot.",
  ),
  expectation_failed: errorCode("client", false, "`expect` does not hold; nothing was sent to the cloud."),
  wrong_target: errorCode("client", false, "The command does not fit the network or camera it names."),
  cancelled: errorCode("client", false, "The command was cancelled by `cancel`. It may still take effect."),
  unauthenticated: errorCode("auth", false, "The token is missing, wrong, expired or revoked."),
  forbidden: errorCode("auth", false, "The token lacks the scope."),
  rate_limited: errorCode("throttled", true, "Too many messages or attempts; wait `retryAfterMs`."),
  cloud_throttled: errorCode(
    "throttled",
    true,
    "The cloud, or the account's own budget, wants fewer requests.",
  ),
  busy: errorCode("busy", true, "Another command is under way there."),
  sign_in_needed: errorCode("upstream", false, "A person must sign in or answer a prompt."),
  blocked: errorCode("upstream", false, "The cloud has blocked the account or this application for now."),
  refused: errorCode("upstream", false, "The cloud or the sync module refused the command."),
  unreachable: errorCode("upstream", true, "The cloud could not be reached."),
  not_verified: errorCode("upstream", false, "The cloud says done, but the next look does not show it."),
  timed_out: errorCode("timeout", false, "No verdict in time. The command may still take effect."),
  internal: errorCode("internal", true, "A fault of the server; the correlation id finds it in its log."),
} as const satisfies Record<string, ErrorCodeInfo>

const codes: ReadonlyArray<keyof typeof errorCodes> = Object.keys(errorCodes).filter(
  (code): code is keyof typeof errorCodes => code in errorCodes,
)
export const ErrorCode = Schema.Literals(codes)
export type ErrorCode = typeof ErrorCode.Type
