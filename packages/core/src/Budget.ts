import { type BudgetState, timestampFromMillis } from "@blink-streams/model"
import { Clock, Context, Duration, Effect, Layer, Metric, Random, SubscriptionRef } from "effect"
import { BlinkConfig } from "./BlinkConfig.ts"
import { BlinkError } from "./BlinkError.ts"
import { localBackoff } from "./internal/rateLimit/localBackoff.ts"
import { makePrioritySemaphore } from "./internal/rateLimit/prioritySemaphore.ts"
import { makeCircuitBreaker } from "./internal/rateLimit/circuitBreaker.ts"
import { BudgetSpent, EdgeBlocked, type Reason, ServerError, Throttled } from "./Reason.ts"
import { backoffSteps } from "./internal/rateLimit/retryPolicy.ts"

/**
 * Priority of a request. It decides which waiting request is sent first and which may use the last requests
 * of an hour. `followUp` polls a command; the vendor's app does so every second, so it is not counted.
 */
export type Priority = "followUp" | "command" | "poll" | "media" | "housekeeping"

const priorities: ReadonlyArray<Priority> = ["followUp", "command", "poll", "media", "housekeeping"]

/** Share of the hourly budget that must remain for requests of higher priority. */
const reserveShare: Readonly<Record<Priority, number>> = {
  followUp: 0,
  command: 0,
  poll: 0.1,
  media: 0.2,
  housekeeping: 0.3,
}

const maxConcurrent = 4

/**
 * Priorities that are sent while the circuit is open: a user waits for the result, and a response closes the
 * circuit.
 */
const bypassesCircuit: ReadonlySet<Priority> = new Set(["followUp", "command"])

type BackoffReason = EdgeBlocked | Throttled | ServerError

/** Time of a request, and the failure count when it was sent. */
interface SentRequest {
  readonly failureCount: number
  readonly at: number
}

/** Time until which nothing is sent, the initial duration in milliseconds, and the reason. */
interface Backoff {
  readonly until: number
  readonly wait: number
  readonly reason: BackoffReason
}

/** True for reasons that start a back-off. */
const isBackoff = (reason: Reason): reason is BackoffReason =>
  reason._tag === "Throttled" || reason._tag === "EdgeBlocked" || reason._tag === "ServerError"

/** Copy of `reason` with another wait, for a request that is not sent. */
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

const calls = Metric.counter("blink_calls_total", { description: "Requests to the cloud", incremental: true })
const rejectedCalls = Metric.counter("blink_rejected_calls_total", {
  description: "Requests that the cloud rejected or throttled",
  incremental: true,
})

/**
 * Request budget and rate limit of one account.
 *
 * Sends at most four requests at once, by priority. When the cloud or its CDN rejects a request (429, 406,
 * 403 as HTML), nothing is sent for 1, 2, 5, 15, then 60 minutes, or for `retryAfter` if that is longer;
 * requests fail at once meanwhile. After a 5xx with `retryAfter` nothing is sent for that time. When two
 * different requests, one of them a poll, have failed with 5xx twice each over at least 8 seconds with no
 * success in between, a circuit breaker blocks everything except commands for 1, 2, then 5 minutes, or until
 * a request succeeds.
 *
 * @example
 * ```ts
 * const program = Budget.use(({ state }) => SubscriptionRef.get(state)) // { callsLeft, throttledUntil }
 * ```
 */
export class Budget extends Context.Service<
  Budget,
  {
    readonly state: SubscriptionRef.SubscriptionRef<BudgetState>
    /**
     * Runs `request` as one counted request. **Errors.** `Throttled`, `EdgeBlocked` or `ServerError` during a
     * back-off, `BudgetSpent` when the hourly budget is used up; nothing is sent then.
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
      /** Consecutive rejections by the cloud. */
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

      /** Reason for which no request may be sent now; `null` when it may. */
      const rejectionReason = (priority: Priority, now: number): Reason | null => {
        if (backoff !== null && now < backoff.until) {
          // A clock that was set back must not extend the wait.
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

      /**
       * Takes one request from the budget, or fails with the reason. Returns the failure count and time of
       * sending.
       */
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

      /** Factor of 1 to 1.1, so that many installations do not return at once. */
      const jitter = Effect.map(Random.next, (random) => 1 + random / 10)

      /** Starts the next back-off. Concurrent requests that are rejected together count as one failure. */
      const startBackoff = Effect.fnUntraced(function* (reason: BackoffReason, sentAtFailureCount: number) {
        yield* Metric.update(rejectedCalls, 1)
        // A 5xx is no rejection of this client: it does not lengthen the next back-off.
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

      /**
       * Ends the back-off, unless the request was sent before the back-off started. Always closes the
       * circuit.
       */
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
