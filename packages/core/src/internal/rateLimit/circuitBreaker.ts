import { Duration } from "effect"

/** How long nothing is read after the first, second, … time in a row. Its end should be noticed soon, so no longer. */
const openDurations = [1, 2, 5].map((minutes) => Duration.toMillis(Duration.minutes(minutes)))

/** A gateway stumbles for seconds; whoever reads tries again after 1, 2 and 5 of them. */
const minimumFailureSpan = Duration.toMillis("8 seconds")

interface FailedCall {
  readonly call: string
  /** What a home lives on. */
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
 * Tells a cloud that is down from odd calls that fail. It is down when two different calls, one of them a poll, have each
 * failed twice over more than a stumble, with no answer to anything in between; after a wait, once each is enough. Times
 * are milliseconds.
 */
export const makeCircuitBreaker = () => {
  /** How often each call has failed since the last answer or wait. */
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

  /** What is waited for now; `null` when nothing is. */
  const current = (now: number): OpenState | null => {
    if (openState === null || now >= openState.until) return null
    // A clock that was set back must not make the wait longer than it was.
    openState = { ...openState, until: Math.min(openState.until, now + openState.length) }
    return openState
  }

  /** Tells whether a wait has begun with that, `jitter` times as long as its step says. */
  const onFailure = ({ call, isPoll, status, sentAt, now }: FailedCall, jitter: number): boolean => {
    // What was sent before the wait was over says nothing about the time after it.
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

  /** Something was answered. Tells whether that ended a wait. */
  const onSuccess = (): boolean => {
    const wasOpen = openState !== null
    failedCalls.clear()
    openCount = 0
    openState = null
    return wasOpen
  }

  return { current, onFailure, onSuccess }
}
