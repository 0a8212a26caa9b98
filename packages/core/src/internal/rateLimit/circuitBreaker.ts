import { minimumFailureSpan, openDurations } from "./retryPolicy.ts"

interface FailedCall {
  readonly call: string
  /** True for polls of the account's state or clips. */
  readonly isPoll: boolean
  readonly status: number
  readonly sentAt: number
  readonly now: number
}

interface OpenState {
  readonly until: number
  readonly length: number
  readonly status: number
}

/**
 * Circuit breaker for server errors. Opens when two different requests, one of them a poll, have failed twice
 * each over at least 8 seconds without a success in between; after an open phase, one failure each is enough.
 * Times are milliseconds.
 */
export const makeCircuitBreaker = () => {
  /** Failures per request since the last success or open phase. */
  const failedCalls = new Map<string, { readonly times: number; readonly isPoll: boolean }>()
  let firstFailureAt = 0
  let openCount = 0
  let openState: OpenState | null = null

  const shouldOpen = (now: number): boolean => {
    const requiredFailures = openCount === 0 ? 2 : 1
    const calls = [...failedCalls.values()].filter(({ times }) => times >= requiredFailures)
    const hasEnoughCalls = calls.length >= 2 && calls.some(({ isPoll }) => isPoll)
    return hasEnoughCalls && (openCount > 0 || now - firstFailureAt >= minimumFailureSpan)
  }

  /** The current open phase; `null` when the circuit is closed. */
  const current = (now: number): OpenState | null => {
    if (openState === null || now >= openState.until) return null
    // A clock that was set back must not extend the wait.
    openState = { ...openState, until: Math.min(openState.until, now + openState.length) }
    return openState
  }

  /** Records a failure. Returns true when it opens the circuit, for the step's duration times `jitter`. */
  const onFailure = ({ call, isPoll, status, sentAt, now }: FailedCall, jitter: number): boolean => {
    // Requests sent before the end of the open phase say nothing about the time after it.
    if (openState !== null && sentAt < openState.until) return false
    if (failedCalls.size === 0 || now < firstFailureAt) firstFailureAt = now
    failedCalls.set(call, { times: (failedCalls.get(call)?.times ?? 0) + 1, isPoll })
    if (!shouldOpen(now)) return false
    failedCalls.clear()
    openCount += 1
    const length = Math.ceil(openDurations[Math.min(openCount, openDurations.length) - 1]! * jitter)
    openState = { until: now + length, length, status }
    return true
  }

  /** Records a success, which closes the circuit. Returns true when it was open. */
  const onSuccess = (): boolean => {
    const wasOpen = openState !== null
    failedCalls.clear()
    openCount = 0
    openState = null
    return wasOpen
  }

  return { current, onFailure, onSuccess }
}
