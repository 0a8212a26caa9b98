import { Duration } from "effect"

/** How long nothing is read after the first, second, … time in a row. Its end should be noticed soon, so no longer. */
const waits = [1, 2, 5].map((minutes) => Duration.toMillis(Duration.minutes(minutes)))

/** A gateway stumbles for seconds; whoever reads tries again after 1, 2 and 5 of them. */
const stumble = Duration.toMillis("8 seconds")

interface Failure {
  readonly call: string
  /** What a home lives on. */
  readonly isPoll: boolean
  readonly status: number
  readonly sentAt: number
  readonly now: number
}

interface Wait {
  readonly until: number
  readonly length: number
  readonly status: number
}

/**
 * Tells a cloud that is down from odd calls that fail. It is down when two different calls, one of them a poll, have each
 * failed twice over more than a stumble, with no answer to anything in between; after a wait, once each is enough. Times
 * are milliseconds.
 */
export const makeOutage = () => {
  /** How often each call has failed since the last answer or wait. */
  const failed = new Map<string, { readonly times: number; readonly isPoll: boolean }>()
  let since = 0
  let steps = 0
  let wait: Wait | null = null

  const isDown = (now: number): boolean => {
    const often = steps === 0 ? 2 : 1
    const calls = [...failed.values()].filter(({ times }) => times >= often)
    const isEnough = calls.length >= 2 && calls.some(({ isPoll }) => isPoll)
    return isEnough && (steps > 0 || now - since >= stumble)
  }

  /** What is waited for now; `null` when nothing is. */
  const current = (now: number): Wait | null => {
    if (wait === null || now >= wait.until) return null
    // A clock that was set back must not make the wait longer than it was.
    wait = { ...wait, until: Math.min(wait.until, now + wait.length) }
    return wait
  }

  /** Tells whether a wait has begun with that, `jitter` times as long as its step says. */
  const fail = ({ call, isPoll, status, sentAt, now }: Failure, jitter: number): boolean => {
    // What was sent before the wait was over says nothing about the time after it.
    if (wait !== null && sentAt < wait.until) return false
    if (failed.size === 0 || now < since) since = now
    failed.set(call, { times: (failed.get(call)?.times ?? 0) + 1, isPoll })
    if (!isDown(now)) return false
    failed.clear()
    steps += 1
    const length = Math.ceil(waits[Math.min(steps, waits.length) - 1]! * jitter)
    wait = { until: now + length, length, status }
    return true
  }

  /** Something was answered. Tells whether that ended a wait. */
  const end = (): boolean => {
    const isOver = wait !== null
    failed.clear()
    steps = 0
    wait = null
    return isOver
  }

  return { current, fail, end }
}
