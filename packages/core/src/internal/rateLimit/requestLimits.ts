import { type BudgetState, timestampFromMillis } from "@blink-streams/model"
import { Duration } from "effect"
import type { BlinkError } from "../../BlinkError.ts"
import { BudgetSpent, type Reason, ServerError } from "../../Reason.ts"
import { makeCircuitBreaker } from "./circuitBreaker.ts"
import { makeHourlyBudget } from "./hourlyBudget.ts"
import type { Priority } from "../../Priority.ts"
import { bypassesCircuit, reserveShare } from "./priority.ts"
import { isBackoffReason, makeRejectionBackoff } from "./rejectionBackoff.ts"

/** Request that was admitted: its time, and the failure count when it was sent. */
export interface SentRequest {
  readonly priority: Priority
  readonly failureCount: number
  readonly at: number
}

/** Effect of a failure on the limits. */
export type FailureEffect = "none" | "circuit_opened" | "backoff_started"

/** Budget, back-off and circuit breaker of one account, without effects. Times are milliseconds. */
export const makeRequestLimits = (callsPerHour: number, startedAt: number) => {
  const budget = makeHourlyBudget(callsPerHour, startedAt)
  const backoff = makeRejectionBackoff()
  const circuit = makeCircuitBreaker()

  /** Reason for which no request may be sent now; `null` when it may. */
  const rejectionReason = (priority: Priority, now: number): Reason | null => {
    const reason = backoff.current(now)
    if (reason !== null) return reason
    const openCircuit = bypassesCircuit.has(priority) ? null : circuit.current(now)
    if (openCircuit !== null) {
      const { status, until } = openCircuit
      return new ServerError({ status, retryAfter: Duration.millis(until - now) })
    }
    if (priority === "followUp") return null
    const wait = budget.waitFor(1 + callsPerHour * reserveShare[priority])
    return wait === null ? null : new BudgetSpent({ retryAfter: wait })
  }

  return {
    /** Takes one request from the budget, or returns the reason why nothing may be sent. */
    admit: (priority: Priority, now: number): Reason | SentRequest => {
      budget.refill(now)
      const reason = rejectionReason(priority, now)
      if (reason !== null) return reason
      backoff.clear()
      if (priority !== "followUp") budget.take()
      return { priority, failureCount: backoff.failureCount(), at: now }
    },
    /** Returns true when the success closes the circuit. */
    onSuccess: ({ failureCount }: SentRequest): boolean => {
      backoff.onSuccess(failureCount)
      return circuit.onSuccess()
    },
    onFailure: (
      { operation, reason }: BlinkError,
      { priority, failureCount, at }: SentRequest,
      now: number,
      jitter: number,
    ): FailureEffect => {
      if (!isBackoffReason(reason)) return "none"
      if (reason._tag === "ServerError" && Duration.isZero(reason.retryAfter)) {
        const { status } = reason
        const failure = { call: operation, isPoll: priority === "poll", status, sentAt: at, now }
        return circuit.onFailure(failure, jitter) ? "circuit_opened" : "none"
      }
      backoff.onRejection(reason, failureCount, now, jitter)
      return "backoff_started"
    },
    state: (now: number): BudgetState => {
      const until = Math.max(backoff.until(), circuit.current(now)?.until ?? 0)
      return {
        callsLeft: Math.floor(budget.remaining()),
        throttledUntil: until === 0 ? null : timestampFromMillis(until),
      }
    },
  }
}
