import type { AccountId, AccountState, BlinkEvent } from "@blink-streams/model"
import { Clock, Effect, Metric, Semaphore, SubscriptionRef } from "effect"
import type { Batch, EventLogContract } from "../../EventLogContract.ts"
import type { DiffState } from "../derive/DiffState.ts"
import type { LogError } from "../../LogError.ts"
import { asStale } from "./asStale.ts"

/** Result of a poll, command or sign-in. */
export interface PollResult {
  readonly events?: ReadonlyArray<BlinkEvent>
  readonly diffState?: DiffState
  readonly checkpoints?: Batch["checkpoints"]
  readonly metadata?: Batch["metadata"]
  readonly patch?: (state: AccountState) => AccountState
  /** Runs after the commit. A poller moves its own position here, so that it is never ahead of the log. */
  readonly onCommitted?: () => void
}

export const homescreenSourceName = "state"

const lag = Metric.histogram("blink_event_lag_seconds", {
  description: "Delay between the occurrence of an event and its observation",
  boundaries: [1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 900, 3600],
})

const measure = (event: BlinkEvent) =>
  Metric.update(
    Metric.withAttributes(lag, { kind: event.kind }),
    (Date.parse(event.observedAt) - Date.parse(event.occurredAt)) / 1000,
  )

/**
 * The only writer of an account's events. `reduce` and the write are one step under a lock, so `reduce` sees everything
 * that was written before, and the state changes only with the commit. While the log cannot be written, it is stale.
 */
export const makeEventWriter = Effect.fnUntraced(function* (
  account: AccountId,
  log: EventLogContract,
  start: { readonly diffState: DiffState; readonly state: AccountState },
) {
  const lock = yield* Semaphore.make(1)
  const state = yield* SubscriptionRef.make(start.state)
  let diffState = start.diffState
  let activeAt = Number.NEGATIVE_INFINITY

  const commit = Effect.fnUntraced(function* (result: PollResult) {
    const before = yield* SubscriptionRef.get(state)
    const after = result.patch?.(before) ?? before
    const checkpoints = [
      ...(result.checkpoints ?? []),
      ...(result.diffState === undefined || result.diffState === diffState
        ? []
        : [{ source: homescreenSourceName, value: result.diffState }]),
    ]
    const recorded = yield* log
      .append({
        account,
        events: result.events ?? [],
        checkpoints,
        metadata: result.metadata ?? [],
        ...(after === before ? {} : { state: after }),
      })
      .pipe(Effect.tapError(() => (before.stale ? Effect.void : SubscriptionRef.update(state, asStale))))
    diffState = result.diffState ?? diffState
    result.onCommitted?.()
    if (recorded.some(({ event }) => event.kind !== "health.changed"))
      activeAt = yield* Clock.currentTimeMillis
    for (const { event } of recorded) yield* measure(event)
    if (after !== before) yield* SubscriptionRef.set(state, after)
  }, Effect.uninterruptible)

  return {
    state,
    /** Time of the last event, in milliseconds since the Unix epoch. */
    activeAt: () => activeAt,
    write: <E, R>(
      reduce: (currentState: DiffState, state: AccountState) => Effect.Effect<PollResult, E, R>,
    ): Effect.Effect<void, E | LogError, R> =>
      lock.withPermits(1)(
        Effect.gen(function* () {
          const result = yield* reduce(diffState, yield* SubscriptionRef.get(state))
          yield* commit(result)
        }),
      ),
  }
})
export type EventWriter = Effect.Success<ReturnType<typeof makeEventWriter>>
