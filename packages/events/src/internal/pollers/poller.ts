import { type BlinkError, makePollLoop } from "@blink-streams/core"
import {
  type AccountState,
  type EventSource,
  type SourceHealth,
  timestampFromMillis,
} from "@blink-streams/model"
import { Clock, Duration, Effect, SubscriptionRef } from "effect"
import type { DiffState } from "../derive/DiffState.ts"
import type { LogError } from "../../LogError.ts"
import { healthEvents } from "./health.ts"
import type { PollResult, EventWriter } from "../account/EventWriter.ts"

export interface PollerOptions<A> {
  readonly name: EventSource
  /** Sends the requests. */
  readonly fetch: Effect.Effect<A, BlinkError | LogError>
  /** Converts a response into a result. Nothing else is written meanwhile. */
  readonly reduce: (
    response: A,
    diffState: DiffState,
    state: AccountState,
  ) => Effect.Effect<PollResult, LogError>
  /** Time until the next poll, after a successful one. */
  readonly interval: (state: AccountState, now: number) => Duration.Duration
}

/** The poll loop of one source. */
export interface Poller {
  readonly name: EventSource
  /** Polls now. Completes when the poll has ended, with or without success. */
  readonly poll: Effect.Effect<void>
  /** Polls whenever a poll is due, without end. */
  readonly run: Effect.Effect<never>
  /** Moves the next poll forward if the state has changed accordingly. */
  readonly reschedule: Effect.Effect<void>
}

/** Makes the poller of one source, with its health. A failed poll never ends it. */
export const makePoller = Effect.fnUntraced(function* <A>(
  options: PollerOptions<A>,
  writer: EventWriter["Service"],
) {
  /** Reason of the present failures, as it was logged last. */
  let lastFailure = ""

  const logDefect = (cause: unknown) => Effect.logError(`poll of ${options.name} failed unexpectedly`, cause)

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

  const read = Effect.gen(function* () {
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
    lastFailure = ""
  }).pipe(
    // A defect must not end the loop: what cannot be processed today may be gone tomorrow.
    Effect.catchDefect((cause) =>
      Effect.andThen(
        logDefect(cause),
        Effect.fail(new Error("the poll failed unexpectedly; see the program's log")),
      ),
    ),
    Effect.withSpan(`AccountMonitor.poll.${options.name}`),
  )

  const recordFailure = Effect.fnUntraced(
    function* (failure: Omit<SourceHealth, "lastOkAt">) {
      if (lastFailure !== failure.reason)
        yield* Effect.logWarning(`poll of ${options.name} failed`, { reason: failure.reason })
      lastFailure = failure.reason ?? ""
      const now = yield* Clock.currentTimeMillis
      yield* writer.write((diffState, state) => {
        const lastOkAt = state.sources[options.name]?.lastOkAt ?? null
        return Effect.succeed(withHealth({}, { ...failure, lastOkAt }, diffState, state, now))
      })
    },
    // The log itself has failed, so it cannot record that. The poll is repeated when it is due.
    Effect.catch((error) => Effect.logError(error.message)),
    Effect.catchDefect(logDefect),
  )

  const interval = Effect.gen(function* () {
    return options.interval(yield* SubscriptionRef.get(writer.state), yield* Clock.currentTimeMillis)
  })
  const { next, readNow, reschedule } = yield* makePollLoop({ read, interval, onFailure: recordFailure })
  const poller: Poller = { name: options.name, poll: readNow, run: Effect.forever(next), reschedule }
  return poller
})
