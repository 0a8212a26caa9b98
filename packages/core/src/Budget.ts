import type { BudgetState } from "@blink-streams/model/HomeState"
import { fromMillis } from "@blink-streams/model/Timestamp"
import { Clock, Context, Duration, Effect, Layer, Metric, Random, SubscriptionRef } from "effect"
import { BlinkConfig } from "./BlinkConfig.ts"
import { BlinkError, blinkError, BudgetSpent, EdgeBlocked, type Reason, Throttled } from "./BlinkError.ts"
import { makeGate } from "./internal/gate.ts"

/**
 * Who goes first when requests have to wait, and who may use up the last ones of an hour. `followUp` asks after
 * a command, which the vendor's app does every second: it is not counted.
 */
export type Priority = "followUp" | "command" | "poll" | "media" | "housekeeping"

const order: ReadonlyArray<Priority> = ["followUp", "command", "poll", "media", "housekeeping"]

/** The share of an hour's calls that must be left for those who go first. */
const reserve: Readonly<Record<Priority, number>> = {
  followUp: 0,
  command: 0,
  poll: 0.1,
  media: 0.2,
  housekeeping: 0.3,
}

/** How long nothing is sent after the first, second, … request in a row that was turned away. */
const backOff = [1, 2, 5, 15, 60].map(Duration.minutes)

const atOnce = 4

const calls = Metric.counter("blink_calls_total", { incremental: true })
const turnedAway = Metric.counter("blink_calls_turned_away_total", { incremental: true })

/**
 * One account's allowance of requests, for everything this program does.
 *
 * At most four are under way at once, by priority. When the cloud or its edge turns one away, nothing is sent
 * for 1, 2, 5, 15, then 60 minutes, or for as long as the cloud names if that is more: what would be sent
 * fails at once and says until when.
 */
export class Budget extends Context.Service<
  Budget,
  {
    readonly state: SubscriptionRef.SubscriptionRef<BudgetState>
    /**
     * Runs `request` as one call. **Errors.** `Throttled` or `EdgeBlocked` while backing off, `BudgetSpent` when
     * the hour is used up; nothing is sent then.
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
      const gate = makeGate(atOnce)
      const perMilli = callsPerHour / Duration.toMillis("1 hour")
      let left = callsPerHour
      let countedAt = yield* Clock.currentTimeMillis
      let turnedAwayInARow = 0
      let blocked: { readonly until: number; readonly reason: EdgeBlocked | Throttled } | null = null

      const show = Effect.suspend(() =>
        SubscriptionRef.set(state, {
          callsLeft: Math.floor(left),
          throttledUntil: blocked === null ? null : fromMillis(blocked.until),
        }),
      )

      /** Why nothing may be sent now; `null` when it may. */
      const obstacle = (priority: Priority, now: number): Reason | null => {
        if (blocked !== null && now < blocked.until) {
          const retryAfter = Duration.millis(blocked.until - now)
          const { reason } = blocked
          return reason._tag === "Throttled"
            ? new Throttled({ retryAfter })
            : new EdgeBlocked({ status: reason.status, retryAfter })
        }
        const needed = 1 + callsPerHour * reserve[priority]
        return priority === "followUp" || left >= needed
          ? null
          : new BudgetSpent({ retryAfter: Duration.millis(Math.ceil((needed - left) / perMilli)) })
      }

      /** Takes one call from the allowance, or says why not. */
      const take = Effect.fnUntraced(function* (priority: Priority) {
        const now = yield* Clock.currentTimeMillis
        left = Math.min(callsPerHour, left + (now - countedAt) * perMilli)
        countedAt = now
        const reason = obstacle(priority, now)
        if (reason !== null) return yield* blinkError("wait", reason)
        blocked = null
        if (priority !== "followUp") left -= 1
        return yield* show
      })

      /** One step up the ladder, with up to 10 % more so that many installations do not come back at once. */
      const block = Effect.fnUntraced(function* (reason: EdgeBlocked | Throttled) {
        const step = backOff[Math.min(turnedAwayInARow, backOff.length - 1)]!
        turnedAwayInARow += 1
        const jitter = 1 + (yield* Random.next) / 10
        const wait = Duration.times(Duration.max(step, reason.retryAfter), jitter)
        blocked = { until: (yield* Clock.currentTimeMillis) + Duration.toMillis(wait), reason }
        yield* Metric.update(turnedAway, 1)
        yield* show
      })

      const settle = Effect.suspend(() => {
        if (turnedAwayInARow === 0) return Effect.void
        turnedAwayInARow = 0
        blocked = null
        return show
      })

      const spend =
        (priority: Priority) =>
        <A, E, R>(request: Effect.Effect<A, E | BlinkError, R>) =>
          gate(order.indexOf(priority))(
            Effect.andThen(
              Effect.andThen(take(priority), Metric.update(Metric.withAttributes(calls, { priority }), 1)),
              request.pipe(
                Effect.tap(settle),
                Effect.tapError((error) =>
                  error instanceof BlinkError &&
                  (error.reason._tag === "Throttled" || error.reason._tag === "EdgeBlocked")
                    ? block(error.reason)
                    : Effect.void,
                ),
              ),
            ),
          )

      return { state, spend }
    }),
  )
}
