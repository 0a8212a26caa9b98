import type { AccountId, AccountState, HomeEvent } from "@blink-streams/model"
import { Clock, Effect, Metric, Semaphore, SubscriptionRef } from "effect"
import type { Batch, EventLog } from "../EventLog.ts"
import type { HomeMemory } from "../HomeMemory.ts"
import type { LogError } from "../LogError.ts"
import { asStale } from "./asStale.ts"

/** What a look, command or sign-in came to. */
export interface Outcome {
  readonly events?: ReadonlyArray<HomeEvent>
  readonly home?: HomeMemory
  readonly checkpoints?: Batch["checkpoints"]
  readonly memory?: Batch["memory"]
  readonly patch?: (state: AccountState) => AccountState
  /** What the source takes for known from now on. Runs after the commit: what could not be written is not known. */
  readonly whenWritten?: () => void
}

export const homeSource = "homescreen"

const lag = Metric.histogram("blink_event_lag_seconds", {
  description: "From the time something happened to the time it was seen",
  boundaries: [1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 900, 3600],
})

const measure = (event: HomeEvent) =>
  Metric.update(
    Metric.withAttributes(lag, { kind: event.kind }),
    (Date.parse(event.observedAt) - Date.parse(event.occurredAt)) / 1000,
  )

/**
 * The one way into the log for one account. Judging and writing are one step at a time: whoever judges sees all that
 * was written before, and what is believed changes only with the commit. While the log refuses, the state is stale.
 */
export const makeRecorder = Effect.fnUntraced(function* (
  account: AccountId,
  log: EventLog["Service"],
  start: { readonly home: HomeMemory; readonly state: AccountState },
) {
  const turn = yield* Semaphore.make(1)
  const state = yield* SubscriptionRef.make(start.state)
  let home = start.home
  let activeAt = Number.NEGATIVE_INFINITY

  const commit = Effect.fnUntraced(function* (outcome: Outcome) {
    const before = yield* SubscriptionRef.get(state)
    const after = outcome.patch?.(before) ?? before
    const checkpoints = [
      ...(outcome.checkpoints ?? []),
      ...(outcome.home === undefined || outcome.home === home
        ? []
        : [{ source: homeSource, value: outcome.home }]),
    ]
    const recorded = yield* log
      .append({
        account,
        events: outcome.events ?? [],
        checkpoints,
        memory: outcome.memory ?? [],
        ...(after === before ? {} : { state: after }),
      })
      .pipe(Effect.tapError(() => (before.stale ? Effect.void : SubscriptionRef.update(state, asStale))))
    home = outcome.home ?? home
    outcome.whenWritten?.()
    if (recorded.some(({ event }) => event.kind !== "health.changed"))
      activeAt = yield* Clock.currentTimeMillis
    for (const { event } of recorded) yield* measure(event)
    if (after !== before) yield* SubscriptionRef.set(state, after)
  }, Effect.uninterruptible)

  return {
    state,
    /** When something last happened, in milliseconds of the epoch. */
    activeAt: () => activeAt,
    record: <E, R>(
      judge: (home: HomeMemory, state: AccountState) => Effect.Effect<Outcome, E, R>,
    ): Effect.Effect<void, E | LogError, R> =>
      turn.withPermits(1)(
        Effect.gen(function* () {
          const outcome = yield* judge(home, yield* SubscriptionRef.get(state))
          yield* commit(outcome)
        }),
      ),
  }
})
export type Recorder = Effect.Success<ReturnType<typeof makeRecorder>>
