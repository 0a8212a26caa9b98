import type { BlinkError } from "@blink-streams/core/BlinkError"
import { type AccountState, type EventSource, type SourceHealth, Timestamps } from "@blink-streams/model"
import { Clock, Duration, Effect, Queue, Semaphore, SubscriptionRef } from "effect"
import type { HomeMemory } from "../HomeMemory.ts"
import type { LogError } from "../LogError.ts"
import { judgeFailure, tellHealth } from "./health.ts"
import type { Outcome, Recorder } from "./recorder.ts"

export interface SourceRules<A> {
  readonly name: EventSource
  /** Asks the cloud. */
  readonly fetch: Effect.Effect<A, BlinkError>
  /** What the answer comes to; runs while nobody else writes. */
  readonly judge: (seen: A, home: HomeMemory, state: AccountState) => Effect.Effect<Outcome, LogError>
  /** Until the next look, after a good one. */
  readonly interval: (state: AccountState, now: number) => Duration.Duration
}

/** A source of looks that keeps itself going. */
interface Source {
  readonly name: EventSource
  /** Looks now; ends when the look has ended, good or bad. */
  readonly look: Effect.Effect<void>
  /** Looks whenever it is due, for ever. */
  readonly keepLooking: Effect.Effect<never>
  /** Thinks over when it is due, after the state has changed. */
  readonly hurry: Effect.Effect<void>
}

/** One source with its cadence, its health and its patience. A failed look never ends it. */
export const makeSource = Effect.fnUntraced(function* <A>(rules: SourceRules<A>, recorder: Recorder) {
  const turn = yield* Semaphore.make(1)
  const moved = yield* Queue.sliding<null>(1)
  let lookedAt = Number.NEGATIVE_INFINITY
  let dueAt = Number.NEGATIVE_INFINITY
  let patience = Duration.zero
  let failures = 0
  /** Why the looks fail that fail in a row, as it was logged last. */
  let complaint = ""

  const lookAgainAfter = (wait: Duration.Duration, from: number) => {
    patience = wait
    dueAt = from + Duration.toMillis(wait)
  }

  /** Adds the health of this source to what a look came to. */
  const withHealth = (
    outcome: Outcome,
    health: SourceHealth,
    home: HomeMemory,
    state: AccountState,
    now: number,
  ) => {
    const told = tellHealth(rules.name, health, outcome.home ?? home, state, now)
    return {
      ...outcome,
      events: [...(outcome.events ?? []), ...told.events],
      home: told.home,
      patch: (before: AccountState) => told.patch(outcome.patch?.(before) ?? before),
    }
  }

  const good = Effect.gen(function* () {
    const seen = yield* rules.fetch
    yield* recorder.record((home, state) =>
      Effect.gen(function* () {
        const outcome = yield* rules.judge(seen, home, state)
        const now = yield* Clock.currentTimeMillis
        const at = Timestamps.fromMillis(now)
        const next = Timestamps.fromMillis(now + Duration.toMillis(rules.interval(state, now)))
        const health = { state: "ok", lastOkAt: at, nextPollAt: next, reason: null } as const
        return withHealth(outcome, health, home, state, now)
      }),
    )
    failures = 0
    complaint = ""
    lookedAt = yield* Clock.currentTimeMillis
    const state = yield* SubscriptionRef.get(recorder.state)
    lookAgainAfter(rules.interval(state, lookedAt), lookedAt)
  })

  const bad = Effect.fnUntraced(function* (error: Error) {
    failures += 1
    lookedAt = Number.NEGATIVE_INFINITY
    const now = yield* Clock.currentTimeMillis
    const interval = rules.interval(yield* SubscriptionRef.get(recorder.state), now)
    const verdict = judgeFailure(error, failures, interval)
    lookAgainAfter(verdict.wait, now)
    if (complaint !== verdict.reason)
      yield* Effect.logWarning(`looking at ${rules.name} failed`, { reason: verdict.reason })
    complaint = verdict.reason
    yield* recorder.record((home, state) => {
      const lastOkAt = state.sources[rules.name]?.lastOkAt ?? null
      const nextPollAt = Timestamps.fromMillis(dueAt)
      const health = { state: verdict.state, lastOkAt, nextPollAt, reason: verdict.reason }
      return Effect.succeed(withHealth({}, health, home, state, now))
    })
  })

  const unforeseen = (cause: unknown) =>
    Effect.logError(`looking at ${rules.name} failed in a way that nobody foresaw`, cause)

  const look = turn.withPermits(1)(
    good.pipe(
      // A mistake of ours must not be the last look: what can't be worked with today may be gone tomorrow.
      Effect.catchDefect((cause) =>
        Effect.andThen(
          unforeseen(cause),
          Effect.fail(
            new Error("this look failed in a way that nobody foresaw; the program's own log has more"),
          ),
        ),
      ),
      Effect.catch(bad),
      // The log itself refuses: that cannot be told in the log, and the look is made again when it is due.
      Effect.catch((error) => Effect.logError(error.message)),
      Effect.catchDefect(unforeseen),
      Effect.ensuring(Queue.offer(moved, null)),
      Effect.withSpan(`Home.look.${rules.name}`),
    ),
  )

  const wait = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    // A clock that was set back must not make the wait longer than it was.
    dueAt = Math.min(dueAt, now + Duration.toMillis(patience))
    if (dueAt > now) yield* Effect.raceFirst(Effect.sleep(Duration.millis(dueAt - now)), Queue.take(moved))
    return dueAt <= (yield* Clock.currentTimeMillis)
  })

  const source: Source = {
    name: rules.name,
    look,
    keepLooking: Effect.forever(Effect.flatMap(wait, (due) => (due ? look : Effect.void))),
    hurry: Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const state = yield* SubscriptionRef.get(recorder.state)
      const interval = rules.interval(state, now)
      const sooner = lookedAt + Duration.toMillis(interval)
      if (!Number.isFinite(sooner) || sooner >= dueAt) return
      lookAgainAfter(interval, lookedAt)
      yield* Queue.offer(moved, null)
    }),
  }
  return source
})
