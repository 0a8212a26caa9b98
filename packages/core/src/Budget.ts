import { type BudgetState, timestampFromMillis } from "@blink-streams/model"
import { Clock, Context, Duration, Effect, Layer, Metric, Random, SubscriptionRef } from "effect"
import { BlinkConfig } from "./BlinkConfig.ts"
import { BlinkError, BudgetSpent, ServerError, EdgeBlocked, type Reason, Throttled } from "./BlinkError.ts"
import { localBackoff } from "./internal/rateLimit/localBackoff.ts"
import { makePrioritySemaphore } from "./internal/rateLimit/prioritySemaphore.ts"
import { makeCircuitBreaker } from "./internal/rateLimit/circuitBreaker.ts"

/**
 * Who goes first when requests have to wait, and who may use up the last ones of an hour. `followUp` asks after
 * a command, which the vendor's app does every second: it is not counted.
 */
export type Priority = "followUp" | "command" | "poll" | "media" | "housekeeping"

const priorities: ReadonlyArray<Priority> = ["followUp", "command", "poll", "media", "housekeeping"]

/** The share of an hour's calls that must be left for those who go first. */
const reserveShare: Readonly<Record<Priority, number>> = {
  followUp: 0,
  command: 0,
  poll: 0.1,
  media: 0.2,
  housekeeping: 0.3,
}

/** How long nothing is sent after the first, second, … request in a row that was turned away. */
const backoffSteps = [1, 2, 5, 15, 60].map(Duration.minutes)

const maxConcurrent = 4

/** What is sent to a cloud in trouble as well: a person asks for it just now, and its answer is how the end shows. */
const bypassesCircuit: ReadonlySet<Priority> = new Set(["followUp", "command"])

type BackoffReason = EdgeBlocked | Throttled | ServerError

/** When a request went out, by the clock and by the ladder. */
interface SentRequest {
  readonly failureCount: number
  readonly at: number
}

/** Until when nothing is sent, how long that was when it began, and why. */
interface Backoff {
  readonly until: number
  readonly wait: number
  readonly reason: BackoffReason
}

/** Whether the cloud wants to be left alone. */
const isBackoff = (reason: Reason): reason is BackoffReason =>
  reason._tag === "Throttled" || reason._tag === "EdgeBlocked" || reason._tag === "ServerError"

/** The same reason for what is not even sent. */
const withRetryAfter = (reason: BackoffReason, retryAfter: Duration.Duration): Reason => {
  switch (reason._tag) {
    case "Throttled":
      return new Throttled({ retryAfter })
    case "EdgeBlocked":
      return new EdgeBlocked({ status: reason.status, retryAfter })
    default:
      return new ServerError({ status: reason.status, retryAfter })
  }
}

const calls = Metric.counter("blink_calls_total", { incremental: true })
const rejectedCalls = Metric.counter("blink_calls_turned_away_total", { incremental: true })

/**
 * One account's allowance of requests, for everything this program does.
 *
 * At most four are under way at once, by priority. When the cloud or its edge turns one away, nothing is sent
 * for 1, 2, 5, 15, then 60 minutes, or for as long as the cloud names if that is more: what would be sent
 * fails at once and says until when. A cloud in trouble (5xx) is left alone for as long as it asks. Where it names
 * no time it is down only when polls and other calls fail again and again and none is answered, so that a broken
 * picture does not silence a home: then nothing but commands is sent for 1, 2, then 5 minutes, or until one of
 * them is answered.
 */
export class Budget extends Context.Service<
  Budget,
  {
    readonly state: SubscriptionRef.SubscriptionRef<BudgetState>
    /**
     * Runs `request` as one call. **Errors.** `Throttled`, `EdgeBlocked` or `CloudTrouble` while backing off,
     * `BudgetSpent` when the hour is used up; nothing is sent then.
     */
    readonly spend: (
      priority: Priority,
    ) => <A, E, R>(request: Effect.Effect<A, E | BlinkError, R>) => Effect.Effect<A, E | BlinkError, R>
  }
>()("@blink-streams/core/Budget") {
  static readonly layer: Layer.Layer<Budget, never, BlinkConfig> = Layer.effect(
    Budget,
    Effect.gen(function* () {
      const { callsPerHour } = yield* BlinkConfig
      const state = yield* SubscriptionRef.make<BudgetState>({
        callsLeft: callsPerHour,
        throttledUntil: null,
      })
      const semaphore = makePrioritySemaphore(maxConcurrent)
      const refillPerMilli = callsPerHour / Duration.toMillis("1 hour")
      let remaining = callsPerHour
      let refilledAt = yield* Clock.currentTimeMillis
      /** Times in a row that the cloud has turned us away. */
      let failureCount = 0
      let backoff: Backoff | null = null
      const circuitBreaker = makeCircuitBreaker()

      const publishState = Effect.gen(function* () {
        const openCircuit = circuitBreaker.current(yield* Clock.currentTimeMillis)
        const until = Math.max(backoff?.until ?? 0, openCircuit?.until ?? 0)
        yield* SubscriptionRef.set(state, {
          callsLeft: Math.floor(remaining),
          throttledUntil: until === 0 ? null : timestampFromMillis(until),
        })
      })

      /** Why nothing may be sent now; `null` when it may. */
      const rejectionReason = (priority: Priority, now: number): Reason | null => {
        if (backoff !== null && now < backoff.until) {
          // A clock that was set back must not make the wait longer than it was.
          backoff = { ...backoff, until: Math.min(backoff.until, now + backoff.wait) }
          return withRetryAfter(backoff.reason, Duration.millis(backoff.until - now))
        }
        const openCircuit = bypassesCircuit.has(priority) ? null : circuitBreaker.current(now)
        if (openCircuit !== null) {
          return new ServerError({
            status: openCircuit.status,
            retryAfter: Duration.millis(openCircuit.until - now),
          })
        }
        const needed = 1 + callsPerHour * reserveShare[priority]
        return priority === "followUp" || remaining >= needed
          ? null
          : new BudgetSpent({ retryAfter: Duration.millis(Math.ceil((needed - remaining) / refillPerMilli)) })
      }

      /** Takes one call from the allowance, or says why not. Gives the step and the time at which it goes out. */
      const acquire = Effect.fnUntraced(function* (priority: Priority) {
        const now = yield* Clock.currentTimeMillis
        remaining = Math.min(callsPerHour, remaining + Math.max(0, now - refilledAt) * refillPerMilli)
        refilledAt = now
        const reason = rejectionReason(priority, now)
        if (reason !== null) return yield* localBackoff(reason)
        backoff = null
        if (priority !== "followUp") remaining -= 1
        yield* publishState
        return { failureCount: failureCount, at: now } satisfies SentRequest
      })

      /** Up to 10 % more, so that many installations do not come back at once. */
      const jitter = Effect.map(Random.next, (random) => 1 + random / 10)

      /** One step up the ladder. Requests that were under way together are turned away together: that is one step. */
      const startBackoff = Effect.fnUntraced(function* (reason: BackoffReason, sentAtFailureCount: number) {
        yield* Metric.update(rejectedCalls, 1)
        // Trouble of the cloud's own is no verdict on us: it is left alone for as long as it asks, no longer.
        const escalates = reason._tag !== "ServerError"
        if (escalates && sentAtFailureCount === failureCount) failureCount += 1
        const backoffStep = escalates
          ? backoffSteps[Math.min(failureCount, backoffSteps.length) - 1]!
          : Duration.zero
        const minimumWait = Duration.max(backoffStep, reason.retryAfter)
        const wait = Math.ceil(Duration.toMillis(Duration.times(minimumWait, yield* jitter)))
        const now = yield* Clock.currentTimeMillis
        const until = now + wait
        if (backoff === null || backoff.until < until) backoff = { until, wait, reason }
        yield* publishState
      })

      /** An answer ends the back-off, unless its request went out before that began; and it ends every outage. */
      const onSuccess = (sentAtFailureCount: number) =>
        Effect.suspend(() => {
          const circuitClosed = circuitBreaker.onSuccess()
          const endsBackoff = failureCount > 0 && sentAtFailureCount === failureCount
          if (endsBackoff) {
            failureCount = 0
            backoff = null
          }
          return circuitClosed || endsBackoff ? publishState : Effect.void
        })

      const onFailure = Effect.fnUntraced(function* (
        { operation, reason }: BlinkError,
        priority: Priority,
        sent: SentRequest,
      ) {
        if (reason._tag === "ServerError" && Duration.isZero(reason.retryAfter)) {
          const now = yield* Clock.currentTimeMillis
          const { status } = reason
          const failure = { call: operation, isPoll: priority === "poll", status, sentAt: sent.at, now }
          if (circuitBreaker.onFailure(failure, yield* jitter)) yield* publishState
        } else if (isBackoff(reason)) yield* startBackoff(reason, sent.failureCount)
      })

      const spend =
        (priority: Priority) =>
        <A, E, R>(request: Effect.Effect<A, E | BlinkError, R>) =>
          semaphore(priorities.indexOf(priority))(
            Effect.tap(acquire(priority), Metric.update(Metric.withAttributes(calls, { priority }), 1)).pipe(
              Effect.flatMap((sent) =>
                request.pipe(
                  Effect.tap(onSuccess(sent.failureCount)),
                  Effect.tapError((error) =>
                    error instanceof BlinkError ? onFailure(error, priority, sent) : Effect.void,
                  ),
                ),
              ),
            ),
          )

      return { state, spend }
    }),
  )
}
