import { Budget, Session } from "@blink-streams/core"
import type { AccountState, BlinkEvent, RecordedEvent } from "@blink-streams/model"
import { Clock, Context, Effect, Layer, Metric, Semaphore, SubscriptionRef } from "effect"
import { EventLog } from "../../EventLog.ts"
import type { Batch } from "../../EventLogContract.ts"
import type { DiffState } from "../derive/DiffState.ts"
import type { LogError } from "../../LogError.ts"
import { AccountRecord, homescreenSourceName } from "./AccountRecord.ts"
import { asStale } from "../log/asStale.ts"
import { markUnpolled, startingState } from "./startingState.ts"

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

const lag = Metric.histogram("blink_event_lag_seconds", {
  description: "Delay between the occurrence of an event and its observation",
  boundaries: [1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 900, 3600],
})

/** True for what has occurred since the account is monitored. */
const isNew = ({ event }: RecordedEvent): boolean => event.backfilled !== true

const measure = ({ event }: RecordedEvent) =>
  Metric.update(
    Metric.withAttributes(lag, { kind: event.kind }),
    (Date.parse(event.observedAt) - Date.parse(event.occurredAt)) / 1000,
  )

export interface EventWriterContract {
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  /** Time of the last event, in milliseconds since the Unix epoch. */
  readonly activeAt: () => number
  write<E, R>(
    reduce: (diffState: DiffState, state: AccountState) => Effect.Effect<PollResult, E, R>,
  ): Effect.Effect<void, E | LogError, R>
}

const makeEventWriter = Effect.gen(function* () {
  const log = yield* EventLog
  const { account, lastState, diffState: lastDiffState } = yield* AccountRecord
  const session = yield* SubscriptionRef.get((yield* Session).state)
  const budget = yield* SubscriptionRef.get((yield* Budget).state)
  const lock = yield* Semaphore.make(1)
  const state = yield* SubscriptionRef.make(startingState(lastState, { account, session, budget }))
  let diffState = lastDiffState
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
    const occurred = recorded.filter(isNew)
    if (occurred.some(({ event }) => event.kind !== "health.changed"))
      activeAt = yield* Clock.currentTimeMillis
    yield* Effect.forEach(occurred, measure, { discard: true })
    if (after !== before) yield* SubscriptionRef.set(state, after)
  }, Effect.uninterruptible)

  const writer: EventWriterContract = {
    state,
    activeAt: () => activeAt,
    write: (reduce) =>
      lock.withPermits(1)(
        Effect.gen(function* () {
          const result = yield* reduce(diffState, yield* SubscriptionRef.get(state))
          yield* commit(result)
        }),
      ),
  }
  // Runs after all pollers have stopped. When it cannot write, the next start marks the state.
  yield* Effect.addFinalizer(() => Effect.exit(writer.write(() => Effect.succeed({ patch: markUnpolled }))))
  return writer
})

/**
 * The only writer of an account's events. `reduce` and the write are one step under a lock, so `reduce` sees everything
 * that was written before, and the state changes only with the commit. While the log cannot be written, it is stale.
 */
export class EventWriter extends Context.Service<EventWriter, EventWriterContract>()(
  "@blink-streams/events/EventWriter",
) {
  static readonly layer: Layer.Layer<EventWriter, never, EventLog | AccountRecord | Session | Budget> =
    Layer.effect(EventWriter, makeEventWriter)
}
