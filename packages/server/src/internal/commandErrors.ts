import type { Home } from "@blink-streams/events/Home"
import type { PromptGone } from "@blink-streams/events/Prompt"
import type { ErrorCode } from "@blink-streams/protocol/ErrorCode"
import { type ProtocolError, protocolError } from "@blink-streams/protocol/ProtocolError"
import { Duration, type Stream } from "effect"

/** What can go wrong with a home. */
export type HomeFault = Stream.Error<ReturnType<Home["Service"]["run"]>>

/** Reasons that say more than their category. */
const byReason: Partial<Record<HomeFault["reason"]["_tag"], ErrorCode>> = {
  Throttled: "cloud_throttled",
  BudgetSpent: "cloud_throttled",
  OutcomeUnknown: "timed_out",
  NotVerified: "not_verified",
}

const byCategory: Record<HomeFault["category"], ErrorCode> = {
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
export const toProtocolError = (error: HomeFault | PromptGone, correlationId: string): ProtocolError => {
  if (error._tag === "PromptGone")
    return protocolError("not_found", "there is no such prompt any more", correlationId)
  const wait = Duration.toMillis(error.retryAfter)
  return protocolError(
    byReason[error.reason._tag] ?? byCategory[error.category],
    error.advice,
    correlationId,
    wait > 0 ? { retryAfterMs: Math.ceil(wait) } : {},
  )
}
