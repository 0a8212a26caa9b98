import type { AccountMonitor, PromptGone } from "@blink-streams/events"
import { type ErrorCode, type ProtocolError, protocolError } from "@blink-streams/protocol"
import { Duration, type Stream } from "effect"

/** Errors of an account monitor. */
export type MonitorError = Stream.Error<ReturnType<AccountMonitor["Service"]["command"]>>

/** Reasons with a more precise code than their category. */
const byReason: Partial<Record<MonitorError["reason"]["_tag"], ErrorCode>> = {
  Throttled: "cloud_throttled",
  BudgetSpent: "cloud_throttled",
  OutcomeUnknown: "timed_out",
  NotVerified: "not_verified",
}

const byCategory: Record<MonitorError["category"], ErrorCode> = {
  needs_user: "sign_in_required",
  session_expired: "sign_in_required",
  blocked: "blocked",
  busy: "busy",
  not_supported: "unsupported",
  not_found: "invalid_target",
  transient: "unreachable",
  rejected: "rejected",
}

/** Converts an error of an account monitor to the protocol's error. `retryAfterMs` is set when the wait is known. */
export const toProtocolError = (error: MonitorError | PromptGone, correlationId: string): ProtocolError => {
  if (error._tag === "PromptGone")
    return protocolError("not_found", "the prompt does not exist any more", correlationId)
  const waitMs = Duration.toMillis(error.retryAfter)
  return protocolError(
    byReason[error.reason._tag] ?? byCategory[error.category],
    error.hint,
    correlationId,
    waitMs > 0 ? { retryAfterMs: Math.ceil(waitMs) } : {},
  )
}
