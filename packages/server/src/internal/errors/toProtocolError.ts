import type { AccountMonitor, PromptGone } from "@blink-streams/events"
import { type ErrorCode, type ProtocolError, protocolError } from "@blink-streams/protocol"
import { Duration, type Stream } from "effect"

/** What can go wrong with a home. */
export type MonitorError = Stream.Error<ReturnType<AccountMonitor["Service"]["command"]>>

/** Reasons that say more than their category. */
const byReason: Partial<Record<MonitorError["reason"]["_tag"], ErrorCode>> = {
  Throttled: "cloud_throttled",
  BudgetSpent: "cloud_throttled",
  OutcomeUnknown: "timed_out",
  NotVerified: "not_verified",
}

const byCategory: Record<MonitorError["category"], ErrorCode> = {
  needsUser: "sign_in_needed",
  sessionLost: "sign_in_needed",
  blocked: "blocked",
  busy: "busy",
  notSupported: "unsupported",
  wrongTarget: "wrong_target",
  transient: "unreachable",
  refused: "refused",
}

/** An error of a home in the words of the protocol. */
export const toProtocolError = (error: MonitorError | PromptGone, correlationId: string): ProtocolError => {
  if (error._tag === "PromptGone")
    return protocolError("not_found", "there is no such prompt any more", correlationId)
  const waitMs = Duration.toMillis(error.retryAfter)
  return protocolError(
    byReason[error.reason._tag] ?? byCategory[error.category],
    error.hint,
    correlationId,
    waitMs > 0 ? { retryAfterMs: Math.ceil(waitMs) } : {},
  )
}
