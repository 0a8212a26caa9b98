import type { BudgetState } from "@blink-streams/model"
import { Clock, Context, Effect, Layer, Metric, Random, SubscriptionRef } from "effect"
import { BlinkConfig } from "./BlinkConfig.ts"
import { BlinkError } from "./BlinkError.ts"
import { localBackoff } from "./internal/rateLimit/localBackoff.ts"
import { priorities } from "./internal/rateLimit/priority.ts"
import { makePrioritySemaphore } from "./internal/rateLimit/prioritySemaphore.ts"
import { maxConcurrentCalls, maxJitter } from "./internal/rateLimit/retryPolicy.ts"
import { makeRequestLimits, type SentRequest } from "./internal/rateLimit/requestLimits.ts"
import type { Priority } from "./Priority.ts"

const calls = Metric.counter("blink_calls_total", { description: "Requests to the cloud", incremental: true })
const rejectedCalls = Metric.counter("blink_rejected_calls_total", {
  description: "Requests that the cloud rejected or throttled",
  incremental: true,
})

/** Factor of 1 to 1.1. */
const jitter = Effect.map(Random.next, (random) => 1 + random * maxJitter)

const makeBudget = Effect.gen(function* () {
  const { callsPerHour } = yield* BlinkConfig
  const limits = makeRequestLimits(callsPerHour, yield* Clock.currentTimeMillis)
  const state = yield* SubscriptionRef.make(limits.state(yield* Clock.currentTimeMillis))
  const semaphore = makePrioritySemaphore(maxConcurrentCalls)

  const publishState = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    SubscriptionRef.set(state, limits.state(now)),
  )

  const acquire = Effect.fnUntraced(function* (priority: Priority) {
    const admitted = limits.admit(priority, yield* Clock.currentTimeMillis)
    if ("_tag" in admitted) return yield* localBackoff(admitted)
    yield* publishState
    yield* Metric.update(Metric.withAttributes(calls, { priority }), 1)
    return admitted
  })

  const onFailure = Effect.fnUntraced(function* (error: BlinkError, sent: SentRequest) {
    const effect = limits.onFailure(error, sent, yield* Clock.currentTimeMillis, yield* jitter)
    if (effect === "backoff_started") yield* Metric.update(rejectedCalls, 1)
    if (effect !== "none") yield* publishState
  })

  const spend =
    (priority: Priority) =>
    <A, E, R>(request: Effect.Effect<A, E | BlinkError, R>) =>
      semaphore(priorities.indexOf(priority))(
        Effect.flatMap(acquire(priority), (sent) =>
          request.pipe(
            Effect.tap(() => (limits.onSuccess(sent) ? publishState : Effect.void)),
            Effect.tapError((error) => (error instanceof BlinkError ? onFailure(error, sent) : Effect.void)),
          ),
        ),
      )

  return { state, spend }
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
  static readonly layer: Layer.Layer<Budget, never, BlinkConfig> = Layer.effect(Budget, makeBudget)
}
