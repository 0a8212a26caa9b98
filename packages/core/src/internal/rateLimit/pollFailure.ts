import type { SourceHealth } from "@blink-streams/model"
import { Duration } from "effect"
import { BlinkError } from "../../BlinkError.ts"
import type { Category } from "../../Reason.ts"
import { isLocalBackoff } from "./localBackoff.ts"
import {
  confirmedFailures,
  maxPollBackoff,
  maxUnreachableBackoff,
  signedOutInterval,
  unresolvedInterval,
} from "./retryPolicy.ts"

interface PollFailure {
  readonly state: Exclude<SourceHealth["state"], "ok" | "starting">
  readonly reason: string
  /** Time until the next try. */
  readonly delay: Duration.Duration
}

/** Errors without a session: nothing is sent. */
const signInErrors: ReadonlySet<BlinkError["code"]> = new Set(["SignedOut", "SessionExpired", "PinRequired"])

/** True for a failure that counts: a request that was not sent has not failed. */
export const isCounted = (error: Error): boolean => !(error instanceof BlinkError && isLocalBackoff(error))

const backoff = (error: Error, failures: number, interval: Duration.Duration): Duration.Duration => {
  if (!isCounted(error)) return interval
  const isUnreachable = error instanceof BlinkError && error.reason._tag === "Unreachable"
  const limit = isUnreachable ? maxUnreachableBackoff : maxPollBackoff
  return Duration.min(
    Duration.times(interval, 2 ** Math.min(failures - 1, 10)),
    Duration.max(interval, limit),
  )
}

const states: Readonly<Record<Category, PollFailure["state"]>> = {
  needs_user: "needs_user",
  session_expired: "needs_user",
  not_supported: "off",
  blocked: "throttled",
  busy: "stale",
  not_found: "stale",
  transient: "stale",
  rejected: "stale",
}

/**
 * Classifies a failed poll. `failures` are those in a row that count, including this one.
 *
 * The delay is the poll interval, doubled with each failure up to 5 minutes (1 minute when the cloud cannot be reached),
 * and at least `retryAfter`. A failure that only a user, or time, resolves has a fixed delay.
 */
export const pollFailure = (error: Error, failures: number, interval: Duration.Duration): PollFailure => {
  const delay = backoff(error, failures, interval)
  if (!(error instanceof BlinkError)) return { state: "stale", reason: error.message, delay }
  const { hint: reason, code, category, retryAfter } = error
  const state = states[category]
  if (state === "needs_user")
    return { state, reason, delay: signInErrors.has(code) ? signedOutInterval : unresolvedInterval }
  if (state === "off" && failures >= confirmedFailures) return { state, reason, delay: unresolvedInterval }
  return { state, reason, delay: Duration.max(retryAfter, delay) }
}
