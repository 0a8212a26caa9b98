import type { BudgetState } from "@blink-streams/model/HomeState"
import { fromMillis } from "@blink-streams/model/Timestamp"
import { Clock, Context, Duration, Effect, Layer, Metric, Random, SubscriptionRef } from "effect"
import { BlinkConfig } from "./BlinkConfig.ts"
import { BlinkError, BudgetSpent, CloudTrouble, EdgeBlocked, type Reason, Throttled } from "./BlinkError.ts"
import { heldBack } from "./internal/heldBack.ts"
import { makeGate } from "./internal/gate.ts"
import { makeOutage } from "./internal/outage.ts"

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

/** What is sent to a cloud in trouble as well: a person asks for it just now, and its answer is how the end shows. */
const goesAnyway: ReadonlySet<Priority> = new Set(["followUp", "command"])

type Turned = EdgeBlocked | Throttled | CloudTrouble

/** When a request went out, by the clock and by the ladder. */
interface Sent {
  readonly step: number
  readonly at: number
}

/** Until when nothing is sent, how long that was when it began, and why. */
interface Block {
  readonly until: number
  readonly wait: number
  readonly reason: Turned
}

/** Whether the cloud wants to be left alone. */
const wantsQuiet = (reason: Reason): reason is Turned =>
  reason._tag === "Throttled" || reason._tag === "EdgeBlocked" || reason._tag === "CloudTrouble"

/** The same reason for what is not even sent. */
const again = (reason: Turned, retryAfter: Duration.Duration): Reason => {
  switch (reason._tag) {
    case "Throttled":
      return new Throttled({ retryAfter })
    case "EdgeBlocked":
      return new EdgeBlocked({ status: reason.status, retryAfter })
    default:
      return new CloudTrouble({ status: reason.status, retryAfter })
  }
}

const calls = Metric.counter("blink_calls_total", { incremental: true })
const turnedAway = Metric.counter("blink_calls_turned_away_total", { incremental: true })

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
      const gate = makeGate(atOnce)
      const perMilli = callsPerHour / Duration.toMillis("1 hour")
      let left = callsPerHour
      let countedAt = yield* Clock.currentTimeMillis
      /** Times in a row that the cloud has turned us away. */
      let steps = 0
      let blocked: Block | null = null
      const outage = makeOutage()

      const show = Effect.gen(function* () {
        const waiting = outage.current(yield* Clock.currentTimeMillis)
        const until = Math.max(blocked?.until ?? 0, waiting?.until ?? 0)
        yield* SubscriptionRef.set(state, {
          callsLeft: Math.floor(left),
          throttledUntil: until === 0 ? null : fromMillis(until),
        })
      })

      /** Why nothing may be sent now; `null` when it may. */
      const obstacle = (priority: Priority, now: number): Reason | null => {
        if (blocked !== null && now < blocked.until) {
          // A clock that was set back must not make the wait longer than it was.
          blocked = { ...blocked, until: Math.min(blocked.until, now + blocked.wait) }
          return again(blocked.reason, Duration.millis(blocked.until - now))
        }
        const waiting = goesAnyway.has(priority) ? null : outage.current(now)
        if (waiting !== null) {
          return new CloudTrouble({
            status: waiting.status,
            retryAfter: Duration.millis(waiting.until - now),
          })
        }
        const needed = 1 + callsPerHour * reserve[priority]
        return priority === "followUp" || left >= needed
          ? null
          : new BudgetSpent({ retryAfter: Duration.millis(Math.ceil((needed - left) / perMilli)) })
      }

      /** Takes one call from the allowance, or says why not. Gives the step and the time at which it goes out. */
      const take = Effect.fnUntraced(function* (priority: Priority) {
        const now = yield* Clock.currentTimeMillis
        left = Math.min(callsPerHour, left + Math.max(0, now - countedAt) * perMilli)
        countedAt = now
        const reason = obstacle(priority, now)
        if (reason !== null) return yield* heldBack(reason)
        blocked = null
        if (priority !== "followUp") left -= 1
        yield* show
        return { step: steps, at: now } satisfies Sent
      })

      /** Up to 10 % more, so that many installations do not come back at once. */
      const jitter = Effect.map(Random.next, (random) => 1 + random / 10)

      /** One step up the ladder. Requests that were under way together are turned away together: that is one step. */
      const block = Effect.fnUntraced(function* (reason: Turned, sentAtStep: number) {
        yield* Metric.update(turnedAway, 1)
        // Trouble of the cloud's own is no verdict on us: it is left alone for as long as it asks, no longer.
        const isVerdict = reason._tag !== "CloudTrouble"
        if (isVerdict && sentAtStep === steps) steps += 1
        const step = isVerdict ? backOff[Math.min(steps, backOff.length) - 1]! : Duration.zero
        const demanded = Duration.max(step, reason.retryAfter)
        const wait = Math.ceil(Duration.toMillis(Duration.times(demanded, yield* jitter)))
        const now = yield* Clock.currentTimeMillis
        const until = now + wait
        if (blocked === null || blocked.until < until) blocked = { until, wait, reason }
        yield* show
      })

      /** An answer ends the back-off, unless its request went out before that began; and it ends every outage. */
      const settle = (sentAtStep: number) =>
        Effect.suspend(() => {
          const isBack = outage.end()
          const endsBackOff = steps > 0 && sentAtStep === steps
          if (endsBackOff) {
            steps = 0
            blocked = null
          }
          return isBack || endsBackOff ? show : Effect.void
        })

      const note = Effect.fnUntraced(function* (
        { operation, reason }: BlinkError,
        priority: Priority,
        sent: Sent,
      ) {
        if (reason._tag === "CloudTrouble" && Duration.isZero(reason.retryAfter)) {
          const now = yield* Clock.currentTimeMillis
          const { status } = reason
          const failure = { call: operation, isPoll: priority === "poll", status, sentAt: sent.at, now }
          if (outage.fail(failure, yield* jitter)) yield* show
        } else if (wantsQuiet(reason)) yield* block(reason, sent.step)
      })

      const spend =
        (priority: Priority) =>
        <A, E, R>(request: Effect.Effect<A, E | BlinkError, R>) =>
          gate(order.indexOf(priority))(
            Effect.tap(take(priority), Metric.update(Metric.withAttributes(calls, { priority }), 1)).pipe(
              Effect.flatMap((sent) =>
                request.pipe(
                  Effect.tap(settle(sent.step)),
                  Effect.tapError((error) =>
                    error instanceof BlinkError ? note(error, priority, sent) : Effect.void,
                  ),
                ),
              ),
            ),
          )

      return { state, spend }
    }),
  )
}
