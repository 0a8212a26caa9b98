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
  /** Until the next try. A person who signs in ends it sooner. */
  readonly delay: Duration.Duration
}

/**
 * Waits grow from the cadence to this. Where nothing got through, asking again harms nobody, and the end of the
 * outage should be noticed soon; a cloud in trouble is left alone for longer.
 */
const maxBackoff = (error: Error) =>
  error instanceof BlinkError && error.reason._tag === "Unreachable"
    ? Duration.minutes(1)
    : Duration.minutes(5)

/** While nobody is signed in nothing is sent; that somebody is, by another program, stands on the disk. */
const signInErrors = new Set(["SignedOut", "SessionExpired", "PinRequired"])

/** So often in a row a path must be unknown before that is believed: a machine on the way may say it once. */
const confirmedFailures = 5

/** What a failed look means for its source. `failures` counts those in a row, this one included. */
export const classifyFailure = (error: Error, failures: number, interval: Duration.Duration): PollFailure => {
  const backoff = Duration.min(
    Duration.times(interval, 2 ** Math.min(failures - 1, 10)),
    Duration.max(interval, maxBackoff(error)),
  )
  if (!(error instanceof BlinkError)) return { state: "stale", reason: error.message, delay: backoff }
  const reason = error.hint
  const requestedDelay = Duration.max(error.retryAfter, backoff)
  const { category } = error
  // Nothing but a person, or time, helps here; a sign-in wakes the source at once.
  if (category === "needsUser" || category === "sessionLost")
    return {
      state: "waiting",
      reason,
      delay: signInErrors.has(error.code) ? Duration.minutes(1) : Duration.hours(1),
    }
  if (category === "notSupported")
    return { state: "off", reason, delay: failures < confirmedFailures ? backoff : Duration.hours(1) }
  const throttled =
    category === "blocked" || error.reason._tag === "Throttled" || error.reason._tag === "BudgetSpent"
  return { state: throttled ? "throttled" : "stale", reason, delay: requestedDelay }
}

/** The health of a source as part of the state, and the event when it is another than before. */
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
    stale: source === "homescreen" ? health.state !== "ok" : state.stale,
  })
  // The first good look ever is not news; what has changed since the last run is.
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
      what: source,
      from,
      to: health.state,
      ...(health.reason === null ? {} : { reason: health.reason }),
      ...(health.state === "throttled" && health.nextPollAt !== null ? { until: health.nextPollAt } : {}),
    },
  })
  return { events: builder.events, diffState: { ...nextState, ordinals: builder.ordinals() }, patch }
}
