import type { BlinkError } from "@blink-streams/core"
import {
  type AccountState,
  type EventSource,
  type SourceHealth,
  timestampFromMillis,
} from "@blink-streams/model"
import { Clock, Duration, Effect, Queue, Semaphore, SubscriptionRef } from "effect"
import type { DiffState } from "../derive/DiffState.ts"
import type { LogError } from "../../LogError.ts"
import { classifyFailure, healthEvents } from "./health.ts"
import type { PollResult, EventWriter } from "../account/EventWriter.ts"

export interface PollerOptions<A> {
  readonly name: EventSource
  /** Sends the requests. */
  readonly fetch: Effect.Effect<A, BlinkError>
  /** Converts a response into a result. Nothing else is written meanwhile. */
  readonly reduce: (
    response: A,
    diffState: DiffState,
    state: AccountState,
  ) => Effect.Effect<PollResult, LogError>
  /** Time until the next poll, after a successful one. */
  readonly interval: (state: AccountState, now: number) => Duration.Duration
}

/** A poll loop of one source. */
export interface Poller {
  readonly name: EventSource
  /** Polls now. Completes when the poll has ended, with or without success. */
  readonly poll: Effect.Effect<void>
  /** Polls whenever a poll is due, without end. */
  readonly run: Effect.Effect<never>
  /** Moves the next poll forward if the state has changed accordingly. */
  readonly reschedule: Effect.Effect<void>
}

/** Makes the poll loop of one source, with its interval, health and back-off. A failed poll never ends it. */
export const makePoller = Effect.fnUntraced(function* <A>(
  options: PollerOptions<A>,
  writer: EventWriter["Service"],
) {
  const lock = yield* Semaphore.make(1)
  const wake = yield* Queue.sliding<null>(1)
  let lastPollAt = Number.NEGATIVE_INFINITY
  let dueAt = Number.NEGATIVE_INFINITY
  let delay = Duration.zero
  let failures = 0
  /** Reason of the present failures, as it was logged last. */
  let lastFailure = ""

  const scheduleNext = (nextDelay: Duration.Duration, from: number) => {
    delay = nextDelay
    dueAt = from + Duration.toMillis(nextDelay)
  }

  /** Adds the health of this source to the result. */
  const withHealth = (
    result: PollResult,
    health: SourceHealth,
    diffState: DiffState,
    state: AccountState,
    now: number,
  ) => {
    const derived = healthEvents(options.name, health, result.diffState ?? diffState, state, now)
    return {
      ...result,
      events: [...(result.events ?? []), ...derived.events],
      diffState: derived.diffState,
      patch: (before: AccountState) => derived.patch(result.patch?.(before) ?? before),
    }
  }

  const pollOnce = Effect.gen(function* () {
    const response = yield* options.fetch
    yield* writer.write((diffState, state) =>
      Effect.gen(function* () {
        const result = yield* options.reduce(response, diffState, state)
        const now = yield* Clock.currentTimeMillis
        const at = timestampFromMillis(now)
        const next = timestampFromMillis(now + Duration.toMillis(options.interval(state, now)))
        const health = { state: "ok", lastOkAt: at, nextPollAt: next, reason: null } as const
        return withHealth(result, health, diffState, state, now)
      }),
    )
    failures = 0
    lastFailure = ""
    lastPollAt = yield* Clock.currentTimeMillis
    const state = yield* SubscriptionRef.get(writer.state)
    scheduleNext(options.interval(state, lastPollAt), lastPollAt)
  })

  const onFailure = Effect.fnUntraced(function* (error: Error) {
    failures += 1
    lastPollAt = Number.NEGATIVE_INFINITY
    const now = yield* Clock.currentTimeMillis
    const interval = options.interval(yield* SubscriptionRef.get(writer.state), now)
    const failure = classifyFailure(error, failures, interval)
    scheduleNext(failure.delay, now)
    if (lastFailure !== failure.reason)
      yield* Effect.logWarning(`poll of ${options.name} failed`, { reason: failure.reason })
    lastFailure = failure.reason
    yield* writer.write((diffState, state) => {
      const lastOkAt = state.sources[options.name]?.lastOkAt ?? null
      const nextPollAt = timestampFromMillis(dueAt)
      const health = { state: failure.state, lastOkAt, nextPollAt, reason: failure.reason }
      return Effect.succeed(withHealth({}, health, diffState, state, now))
    })
  })

  const logDefect = (cause: unknown) => Effect.logError(`poll of ${options.name} failed unexpectedly`, cause)

  const poll = lock.withPermits(1)(
    pollOnce.pipe(
      // A defect must not end the loop: what cannot be processed today may be gone tomorrow.
      Effect.catchDefect((cause) =>
        Effect.andThen(
          logDefect(cause),
          Effect.fail(new Error("the poll failed unexpectedly; see the program's log")),
        ),
      ),
      Effect.catch(onFailure),
      // The log itself has failed, so it cannot record that. The poll is repeated when it is due.
      Effect.catch((error) => Effect.logError(error.message)),
      Effect.catchDefect(logDefect),
      Effect.ensuring(Queue.offer(wake, null)),
      Effect.withSpan(`AccountMonitor.poll.${options.name}`),
    ),
  )

  const waitUntilDue = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    // A clock that was set back must not extend the delay.
    dueAt = Math.min(dueAt, now + Duration.toMillis(delay))
    if (dueAt > now) yield* Effect.raceFirst(Effect.sleep(Duration.millis(dueAt - now)), Queue.take(wake))
    return dueAt <= (yield* Clock.currentTimeMillis)
  })

  const poller: Poller = {
    name: options.name,
    poll,
    run: Effect.forever(Effect.flatMap(waitUntilDue, (due) => (due ? poll : Effect.void))),
    reschedule: Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const state = yield* SubscriptionRef.get(writer.state)
      const interval = options.interval(state, now)
      const earlierDueAt = lastPollAt + Duration.toMillis(interval)
      if (!Number.isFinite(earlierDueAt) || earlierDueAt >= dueAt) return
      scheduleNext(interval, lastPollAt)
      yield* Queue.offer(wake, null)
    }),
  }
  return poller
})
