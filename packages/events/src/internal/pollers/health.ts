import { BlinkError } from "@blink-streams/core"
import {
  type AccountState,
  type EventSource,
  type SourceHealth,
  timestampFromMillis,
} from "@blink-streams/model"
import { Duration } from "effect"
import type { DiffState } from "../derive/DiffState.ts"
import { accountSubject, makeEventBuilder } from "../derive/EventBuilder.ts"

export interface PollFailure {
  readonly state: Exclude<SourceHealth["state"], "ok" | "starting">
  readonly reason: string
  /** Time until the next try. A sign-in ends it sooner. */
  readonly delay: Duration.Duration
}

/**
 * Limit of the back-off, which starts at the poll interval. A request that got nowhere costs the cloud nothing, and the
 * end of an outage should be noticed soon; a failing cloud gets more time.
 */
const maxBackoff = (error: Error) =>
  error instanceof BlinkError && error.reason._tag === "Unreachable"
    ? Duration.minutes(1)
    : Duration.minutes(5)

/** Without a session nothing is sent; a sign-in by another program is found in the token store. */
const signInErrors = new Set(["SignedOut", "SessionExpired", "PinRequired"])

/** Failures in a row before an unsupported path is confirmed: a proxy may report a single one. */
const confirmedFailures = 5

/** Classifies a failed poll. `failures` counts those in a row, including this one. */
export const classifyFailure = (error: Error, failures: number, interval: Duration.Duration): PollFailure => {
  const backoff = Duration.min(
    Duration.times(interval, 2 ** Math.min(failures - 1, 10)),
    Duration.max(interval, maxBackoff(error)),
  )
  if (!(error instanceof BlinkError)) return { state: "stale", reason: error.message, delay: backoff }
  const reason = error.hint
  const requestedDelay = Duration.max(error.retryAfter, backoff)
  const { category } = error
  // Only a person or time resolves this; a sign-in wakes the poller at once.
  if (category === "needs_user" || category === "session_expired")
    return {
      state: "needs_user",
      reason,
      delay: signInErrors.has(error.code) ? Duration.minutes(1) : Duration.hours(1),
    }
  if (category === "not_supported")
    return { state: "off", reason, delay: failures < confirmedFailures ? backoff : Duration.hours(1) }
  const throttled =
    category === "blocked" || error.reason._tag === "Throttled" || error.reason._tag === "BudgetSpent"
  return { state: throttled ? "throttled" : "stale", reason, delay: requestedDelay }
}

/** Returns the health of a source as a change of the state, and an event when it differs from before. */
export const healthEvents = (
  source: EventSource,
  health: SourceHealth,
  diffState: DiffState,
  before: AccountState,
  now: number,
) => {
  const from = diffState.health[source] ?? "starting"
  const patch = (state: AccountState): AccountState => ({
    ...state,
    sources: { ...state.sources, [source]: health },
    stale: source === "state" ? health.state !== "ok" : state.stale,
  })
  // The very first success is not reported; a change since the last run is.
  const isNews = from !== health.state && !(from === "starting" && health.state === "ok")
  const nextState =
    from === health.state
      ? diffState
      : { ...diffState, health: { ...diffState.health, [source]: health.state } }
  if (!isNews) return { events: [], diffState: nextState, patch }
  const observedAt = timestampFromMillis(now)
  const builder = makeEventBuilder({ account: before.account, source, observedAt }, diffState.ordinals)
  builder.emit(accountSubject, {
    kind: "health.changed",
    data: {
      source,
      from,
      to: health.state,
      ...(health.reason === null ? {} : { reason: health.reason }),
      ...(health.state === "throttled" && health.nextPollAt !== null ? { until: health.nextPollAt } : {}),
    },
  })
  return { events: builder.events, diffState: { ...nextState, ordinals: builder.ordinals() }, patch }
}
