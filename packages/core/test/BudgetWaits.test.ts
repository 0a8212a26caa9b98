import {
  BlinkConfig,
  type BlinkError,
  blinkError,
  Budget,
  EdgeBlocked,
  type Priority,
  type Reason,
  ServerError,
  Throttled,
  Unreachable,
} from "../src/index.ts"
import { timestampFromMillis } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import {
  Clock,
  Deferred,
  Duration,
  Effect,
  Equal,
  Fiber,
  Layer,
  Metric,
  Random,
  SubscriptionRef,
} from "effect"
import { TestClock } from "effect/testing"

const minute = 60_000

/** Runs a test with a budget, and with waits that are longer by a tenth of `random`. */
const test = (
  title: string,
  callsPerHour: number,
  body: Effect.Effect<void, unknown, Budget>,
  { random = 0 }: { readonly random?: number } = {},
) =>
  it.effect(title, () =>
    body.pipe(
      Effect.provide(Layer.provide(Budget.layer, BlinkConfig.layer({ callsPerHour }))),
      Effect.provideService(Random.Random, { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => random }),
      Effect.provideService(Metric.MetricRegistry, new Map()),
    ),
  )

const state = Budget.use((budget) => SubscriptionRef.get(budget.state))
const callsLeft = Effect.map(state, (budgetState) => budgetState.callsLeft)
const throttledUntil = Effect.map(state, (budgetState) => budgetState.throttledUntil)

const spend = (priority: Priority) => Budget.use((budget) => budget.spend(priority)(Effect.void))
const spendTimes = (priority: Priority, times: number) =>
  Effect.forEach(Array.from({ length: times }), () => spend(priority), { discard: true })
/** Sends a request that the cloud answers with an error. */
const fail = (priority: Priority, reason: Reason, call = "call") =>
  Budget.use((budget) => Effect.flip(budget.spend(priority)(Effect.fail(blinkError(call, reason, "yes")))))
/** Reason and wait in milliseconds of a request that is not sent. */
const refusal = (priority: Priority) =>
  Effect.map(Effect.flip(spend(priority)), (error) => [error.reason._tag, error.retryAfterMs] as const)

const throttled = (retryAfter = Duration.zero) => new Throttled({ retryAfter })
const serverError = (retryAfter = Duration.zero) => new ServerError({ status: 503, retryAfter })

test(
  "Budget starts with the requests of an hour, and counts all but those that follow a command",
  600,
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* state, { callsLeft: 600, throttledUntil: null })
    for (const priority of ["command", "poll", "media", "housekeeping"] as const) yield* spend(priority)
    assert.strictEqual(yield* callsLeft, 596)
    yield* spendTimes("followUp", 10)
    assert.strictEqual(yield* callsLeft, 596)
  }),
)

test(
  "Budget refills evenly, rounds what is left down, and never exceeds an hour's requests",
  600,
  Effect.gen(function* () {
    yield* spendTimes("poll", 10)
    yield* TestClock.adjust("9 seconds")
    yield* spend("followUp")
    assert.strictEqual(yield* callsLeft, 591)
    yield* TestClock.adjust("3 seconds")
    yield* spend("followUp")
    assert.strictEqual(yield* callsLeft, 592)
    yield* TestClock.adjust("2 hours")
    yield* spend("command")
    assert.strictEqual(yield* callsLeft, 599)
  }),
)

test(
  "Budget neither refills nor spends when the clock is set back",
  600,
  Effect.gen(function* () {
    yield* TestClock.setTime(Duration.toMillis("1 day"))
    yield* spendTimes("poll", 10)
    yield* TestClock.setTime(0)
    yield* spend("followUp")
    assert.strictEqual(yield* callsLeft, 590)
    yield* TestClock.adjust("6 seconds")
    yield* spend("followUp")
    assert.strictEqual(yield* callsLeft, 591)
  }),
)

test(
  "Budget refuses a request until exactly the time at which the budget suffices again",
  70,
  Effect.gen(function* () {
    yield* spendTimes("housekeeping", 49)
    for (const [priority, reserved] of [
      ["housekeeping", 21],
      ["media", 14],
      ["poll", 7],
      ["command", 0],
    ] as const) {
      yield* spendTimes(priority, (yield* callsLeft) - reserved)
      // An hour has 70 requests, so one takes 51,428.57 ms.
      assert.deepStrictEqual(yield* refusal(priority), ["BudgetSpent", 51_429])
    }
    yield* TestClock.adjust(51_428)
    assert.deepStrictEqual(yield* refusal("command"), ["BudgetSpent", 1])
    yield* TestClock.adjust(1)
    yield* spend("command")
    assert.strictEqual(yield* throttledUntil, null)
  }),
)

test(
  "Budget sends nothing from a rejection until exactly the end of the back-off, and publishes the end",
  600,
  Effect.gen(function* () {
    yield* TestClock.setTime(5)
    yield* fail("poll", throttled())
    assert.deepStrictEqual(yield* state, { callsLeft: 599, throttledUntil: timestampFromMillis(5 + minute) })
    assert.deepStrictEqual(yield* refusal("followUp"), ["Throttled", minute])
    yield* TestClock.adjust(minute - 1)
    assert.deepStrictEqual(yield* refusal("command"), ["Throttled", 1])
    yield* TestClock.adjust(1)
    yield* spend("poll")
    assert.isNull(yield* throttledUntil)
  }),
)

test(
  "Budget lengthens a back-off by a random part of a tenth, rounded up",
  600,
  Effect.gen(function* () {
    yield* fail("poll", throttled())
    assert.deepStrictEqual(yield* refusal("poll"), ["Throttled", 60_741])
  }),
  { random: 0.123_45 },
)

const reasonsFor = (minutes: number) => [
  throttled(Duration.minutes(minutes)),
  new EdgeBlocked({ status: 406, retryAfter: Duration.minutes(minutes) }),
  new ServerError({ status: 502, retryAfter: Duration.minutes(minutes) }),
]

test(
  "Budget refuses requests with the reason of the back-off, and with its status",
  600,
  Effect.gen(function* () {
    for (const [index, reason] of reasonsFor(90).entries()) {
      yield* fail("poll", reason)
      yield* TestClock.adjust("30 minutes")
      const { reason: refused } = yield* Effect.flip(spend("poll"))
      assert.isTrue(Equal.equals(refused, reasonsFor(60)[index]))
      yield* TestClock.adjust("60 minutes")
    }
  }),
)

/** Starts a request of a poll, which ends with `end` when it is answered. */
const inFlight = Effect.fnUntraced(function* (end: Effect.Effect<void, BlinkError>) {
  const { spend } = yield* Budget
  const answered = yield* Deferred.make<void>()
  const request = spend("poll")(Effect.andThen(Deferred.await(answered), end))
  const fiber = yield* Effect.forkChild(Effect.exit(request), { startImmediately: true })
  return { answer: Effect.andThen(Deferred.succeed(answered, undefined), Fiber.join(fiber)) }
})

test(
  "Budget keeps the later of two ends of a back-off",
  600,
  Effect.gen(function* () {
    const shorter = yield* inFlight(Effect.fail(blinkError("call", throttled(Duration.minutes(2)), "yes")))
    const longer = yield* inFlight(Effect.fail(blinkError("call", serverError(Duration.minutes(40)), "yes")))
    yield* fail("poll", throttled(Duration.minutes(30)))
    yield* shorter.answer
    assert.deepStrictEqual(yield* refusal("poll"), ["Throttled", 30 * minute])
    yield* longer.answer
    assert.deepStrictEqual(yield* refusal("poll"), ["ServerError", 40 * minute])
    assert.strictEqual(yield* throttledUntil, timestampFromMillis(40 * minute))
  }),
)

test(
  "Budget keeps a back-off after a 5xx when a request succeeds that was sent before it",
  600,
  Effect.gen(function* () {
    for (const rejected of [false, true]) {
      yield* TestClock.adjust("1 hour")
      if (rejected) yield* fail("poll", throttled())
      yield* TestClock.adjust(minute)
      const early = yield* inFlight(Effect.void)
      yield* fail("poll", serverError(Duration.minutes(3)))
      yield* early.answer
      assert.deepStrictEqual(yield* refusal("command"), ["ServerError", 3 * minute])
      const now = yield* Clock.currentTimeMillis
      assert.strictEqual(yield* throttledUntil, timestampFromMillis(now + 3 * minute))
    }
  }),
)

test(
  "Budget does not lengthen the next back-off after a 5xx, and does after a rejection",
  600,
  Effect.gen(function* () {
    yield* fail("poll", serverError(Duration.seconds(1)))
    yield* TestClock.adjust("1 second")
    yield* fail("poll", throttled())
    yield* TestClock.adjust(minute)
    yield* fail("poll", serverError(Duration.seconds(1)))
    assert.deepStrictEqual(yield* refusal("poll"), ["ServerError", 1_000])
    yield* TestClock.adjust("1 second")
    yield* fail("poll", throttled())
    assert.deepStrictEqual(yield* refusal("poll"), ["Throttled", 2 * minute])
  }),
)

test(
  "Budget takes the steps from the start after a success of a request that was sent after the last rejection",
  600,
  Effect.gen(function* () {
    const early = yield* inFlight(Effect.void)
    yield* fail("poll", throttled())
    yield* early.answer
    yield* TestClock.adjust(minute)
    yield* fail("poll", throttled())
    assert.deepStrictEqual(yield* refusal("poll"), ["Throttled", 2 * minute])
    yield* TestClock.adjust(2 * minute)
    yield* spend("poll")
    yield* fail("poll", throttled())
    assert.deepStrictEqual(yield* refusal("poll"), ["Throttled", minute])
  }),
)

test(
  "Budget starts no back-off for other errors",
  600,
  Effect.gen(function* () {
    const { spend } = yield* Budget
    assert.strictEqual(yield* Effect.flip(spend("poll")(Effect.fail("other"))), "other")
    yield* fail("poll", new Unreachable({ cause: null }))
    yield* fail("poll", serverError())
    yield* spend("housekeeping")(Effect.void)
    assert.isNull(yield* throttledUntil)
  }),
)

test(
  "Budget refuses a request with the status and the rest of the open circuit, and publishes its end",
  600,
  Effect.gen(function* () {
    for (const adjustment of [0, 8_000]) {
      yield* TestClock.adjust(adjustment)
      yield* fail("poll", serverError(), "homescreen")
      yield* fail("media", serverError(), "media")
    }
    assert.strictEqual(yield* throttledUntil, timestampFromMillis(8_000 + minute))
    yield* TestClock.adjust(1_000)
    const { reason } = yield* Effect.flip(spend("poll"))
    assert.strictEqual(reason._tag === "ServerError" && reason.status, 503)
    assert.deepStrictEqual(yield* refusal("media"), ["ServerError", minute - 1_000])
    for (const priority of ["command", "followUp"] as const) yield* fail(priority, serverError())
    assert.deepStrictEqual(yield* refusal("housekeeping"), ["ServerError", minute - 1_000])
    yield* spend("followUp")
    assert.isNull(yield* throttledUntil)
  }),
)

test(
  "Budget does not count the server errors of requests that were sent before the end of the open circuit",
  600,
  Effect.gen(function* () {
    const late = yield* Effect.forEach(["homescreen", "media"], (call) =>
      inFlight(Effect.fail(blinkError(call, serverError(), "yes"))),
    )
    for (const adjustment of [0, 8_000]) {
      yield* TestClock.adjust(adjustment)
      yield* fail("poll", serverError(), "homescreen")
      yield* fail("media", serverError(), "media")
    }
    assert.isNotNull(yield* throttledUntil)
    yield* TestClock.adjust(minute)
    yield* Effect.forEach(late, ({ answer }) => answer)
    yield* spend("housekeeping")
    assert.isNull(yield* throttledUntil)
  }),
)

test(
  "Budget sends what waits by priority, a request that follows a command first",
  600,
  Effect.gen(function* () {
    const { spend } = yield* Budget
    const held = yield* Effect.forEach([1, 2, 3, 4], () => inFlight(Effect.void))
    const order: Array<Priority> = []
    const waiting = yield* Effect.forEach(
      ["housekeeping", "media", "poll", "command", "followUp"] as const,
      (priority) =>
        Effect.forkChild(spend(priority)(Effect.sync(() => void order.push(priority))), {
          startImmediately: true,
        }),
    )
    yield* Effect.forEach(held, ({ answer }) => answer)
    yield* Effect.forEach(waiting, Fiber.join)
    assert.deepStrictEqual(order, ["followUp", "command", "poll", "media", "housekeeping"])
  }),
)

/** Counts of the metrics by name, and by priority where they have one. */
const counts = Effect.map(Metric.snapshot, (metrics) =>
  Object.fromEntries(
    metrics.map(({ id, attributes, state }) => [[id, ...Object.values(attributes ?? {})].join(" "), state]),
  ),
)

test(
  "Budget counts sent requests by priority, and rejections",
  600,
  Effect.gen(function* () {
    yield* spendTimes("poll", 3)
    yield* spend("followUp")
    yield* fail("command", throttled())
    yield* refusal("poll")
    yield* TestClock.adjust(minute)
    yield* fail("media", serverError())
    yield* fail("media", new Unreachable({ cause: null }))
    assert.deepStrictEqual(yield* counts, {
      "blink_calls_total poll": { count: 3, incremental: true },
      "blink_calls_total media": { count: 2, incremental: true },
      "blink_calls_total followUp": { count: 1, incremental: true },
      "blink_calls_total command": { count: 1, incremental: true },
      blink_rejected_calls_total: { count: 1, incremental: true },
    })
    const descriptions = (yield* Metric.snapshot).map(({ id, description }) => [id, description])
    assert.deepStrictEqual(Object.fromEntries(descriptions), {
      blink_calls_total: "Requests to the cloud",
      blink_rejected_calls_total: "Requests that the cloud rejected or throttled",
    })
  }),
)
