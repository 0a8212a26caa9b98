import { BlinkError } from "@blink-streams/core/BlinkError"
import { type AccountState, type EventSource, type SourceHealth, Timestamps } from "@blink-streams/model"
import { Duration } from "effect"
import type { HomeMemory } from "../HomeMemory.ts"
import { aboutAccount, makeTeller } from "../Teller.ts"

export interface Verdict {
  readonly state: Exclude<SourceHealth["state"], "ok" | "starting">
  readonly reason: string
  /** Until the next try. A person who signs in ends it sooner. */
  readonly wait: Duration.Duration
}

/**
 * Waits grow from the cadence to this. Where nothing got through, asking again harms nobody, and the end of the
 * outage should be noticed soon; a cloud in trouble is left alone for longer.
 */
const longest = (error: Error) =>
  error instanceof BlinkError && error.reason._tag === "Unreachable"
    ? Duration.minutes(1)
    : Duration.minutes(5)

/** While nobody is signed in nothing is sent; that somebody is, by another program, stands on the disk. */
const signedOut = new Set(["SignedOut", "SessionLost", "PinRequired"])

/** So often in a row a path must be unknown before that is believed: a machine on the way may say it once. */
const believed = 5

/** What a failed look means for its source. `failures` counts those in a row, this one included. */
export const judgeFailure = (error: Error, failures: number, interval: Duration.Duration): Verdict => {
  const backoff = Duration.min(
    Duration.times(interval, 2 ** Math.min(failures - 1, 10)),
    Duration.max(interval, longest(error)),
  )
  if (!(error instanceof BlinkError)) return { state: "stale", reason: error.message, wait: backoff }
  const reason = error.advice
  const demanded = Duration.max(error.retryAfter, backoff)
  const { category } = error
  // Nothing but a person, or time, helps here; a sign-in wakes the source at once.
  if (category === "needsUser" || category === "sessionLost")
    return {
      state: "waiting",
      reason,
      wait: signedOut.has(error.code) ? Duration.minutes(1) : Duration.hours(1),
    }
  if (category === "notSupported")
    return { state: "off", reason, wait: failures < believed ? backoff : Duration.hours(1) }
  const throttled =
    category === "blocked" || error.reason._tag === "Throttled" || error.reason._tag === "BudgetSpent"
  return { state: throttled ? "throttled" : "stale", reason, wait: demanded }
}

/** The health of a source as part of the state, and the event when it is another than before. */
export const tellHealth = (
  source: EventSource,
  health: SourceHealth,
  home: HomeMemory,
  before: AccountState,
  now: number,
) => {
  const from = home.health[source] ?? "starting"
  const patch = (state: AccountState): AccountState => ({
    ...state,
    sources: { ...state.sources, [source]: health },
    stale: source === "homescreen" ? health.state !== "ok" : state.stale,
  })
  // The first good look ever is not news; what has changed since the last run is.
  const news = from !== health.state && !(from === "starting" && health.state === "ok")
  const noted = from === health.state ? home : { ...home, health: { ...home.health, [source]: health.state } }
  if (!news) return { events: [], home: noted, patch }
  const observedAt = Timestamps.fromMillis(now)
  const teller = makeTeller({ account: before.account, source, observedAt }, home.ordinals)
  teller.tell(aboutAccount, {
    kind: "health.changed",
    data: {
      what: source,
      from,
      to: health.state,
      ...(health.reason === null ? {} : { reason: health.reason }),
      ...(health.state === "throttled" && health.nextPollAt !== null ? { until: health.nextPollAt } : {}),
    },
  })
  return { events: teller.events, home: { ...noted, ordinals: teller.ordinals() }, patch }
}
