import {
  type AccountState,
  type EventSource,
  type SourceHealth,
  timestampFromMillis,
} from "@blink-streams/model"
import type { DiffState } from "../derive/DiffState.ts"
import { accountSubject, makeEventBuilder } from "../derive/EventBuilder.ts"

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
