import { Duration } from "effect"
import { EdgeBlocked, type Reason, ServerError, Throttled } from "../../Reason.ts"
import { rejectionSteps } from "./retryPolicy.ts"

/** Reasons that start a back-off. */
type BackoffReason = EdgeBlocked | Throttled | ServerError

/** Time until which nothing is sent, the initial duration in milliseconds, and the reason. */
interface Backoff {
  readonly until: number
  readonly wait: number
  readonly reason: BackoffReason
}

export const isBackoffReason = (reason: Reason): reason is BackoffReason =>
  reason._tag === "Throttled" || reason._tag === "EdgeBlocked" || reason._tag === "ServerError"

/** Copy of `reason` with another wait, for a request that is not sent. */
const withRetryAfter = (reason: BackoffReason, retryAfter: Duration.Duration): BackoffReason => {
  switch (reason._tag) {
    case "Throttled":
      return new Throttled({ retryAfter })
    case "EdgeBlocked":
      return new EdgeBlocked({ status: reason.status, retryAfter })
    default:
      return new ServerError({ status: reason.status, retryAfter })
  }
}

/**
 * Back-off after rejections by the cloud, longer after each. Requests are distinguished by the failure count at
 * which they were sent: concurrent requests that are rejected together count as one failure.
 */
export const makeRejectionBackoff = () => {
  /** Consecutive rejections by the cloud. */
  let failureCount = 0
  let backoff: Backoff | null = null

  /** Reason for which nothing may be sent at `now`, with the rest of the wait; `null` when requests may. */
  const current = (now: number): BackoffReason | null => {
    if (backoff === null || now >= backoff.until) return null
    // A clock that was set back must not extend the wait.
    backoff = { ...backoff, until: Math.min(backoff.until, now + backoff.wait) }
    return withRetryAfter(backoff.reason, Duration.millis(backoff.until - now))
  }

  /** Starts the next back-off, for the step's duration times `jitter`. */
  const onRejection = (
    reason: BackoffReason,
    sentAtFailureCount: number,
    now: number,
    jitter: number,
  ): void => {
    // A 5xx is no rejection of this client: it does not lengthen the next back-off.
    const escalates = reason._tag !== "ServerError"
    if (escalates && sentAtFailureCount === failureCount) failureCount += 1
    const step = escalates
      ? rejectionSteps[Math.min(failureCount, rejectionSteps.length) - 1]!
      : Duration.zero
    const minimumWait = Duration.max(step, reason.retryAfter)
    const wait = Math.ceil(Duration.toMillis(Duration.times(minimumWait, jitter)))
    const until = now + wait
    if (backoff === null || backoff.until < until) backoff = { until, wait, reason }
  }

  /** Takes the steps from the start, unless the request was sent before the last rejection. */
  const onSuccess = (sentAtFailureCount: number): void => {
    if (sentAtFailureCount === failureCount) failureCount = 0
  }

  return {
    current,
    onRejection,
    onSuccess,
    failureCount: (): number => failureCount,
    until: (): number => backoff?.until ?? 0,
    /** Forgets a back-off that is over. */
    clear: (): void => {
      backoff = null
    },
  }
}
