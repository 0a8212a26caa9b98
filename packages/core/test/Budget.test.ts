import {
  BlinkConfig,
  blinkError,
  Budget,
  ServerError,
  EdgeBlocked,
  type Priority,
  Throttled,
} from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Fiber, Layer, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"

const budget = (callsPerHour: number) => Layer.provide(Budget.layer, BlinkConfig.layer({ callsPerHour }))

const throttled = Effect.fail(blinkError("read", new Throttled({ retryAfter: Duration.zero }), "yes"))

it.effect("Budget sends nothing for 1, 2, 5, 15, then 60 minutes after consecutive rejections", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    let sent = 0
    const request = Effect.suspend(() => {
      sent += 1
      return throttled
    })
    const waits: Array<number> = []
    for (let n = 0; n < 6; n++) {
      yield* Effect.flip(spend("poll")(request))
      const early = yield* Effect.flip(spend("command")(request))
      assert.strictEqual(early.reason._tag, "Throttled")
      waits.push(Duration.toMinutes(early.retryAfter))
      yield* TestClock.adjust(early.retryAfter)
    }
    assert.strictEqual(sent, 6)
    for (const [index, expected] of [1, 2, 5, 15, 60, 60].entries()) {
      // Up to 10 % longer, so that many installations do not return at once.
      assert.isAtLeast(waits[index]!, expected)
      assert.isAtMost(waits[index]!, expected * 1.1)
    }
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget waits as long as the cloud asks when that is longer than its own back-off", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    const blocked = Effect.fail(
      blinkError("read", new EdgeBlocked({ status: 406, retryAfter: Duration.minutes(30) }), "yes"),
    )
    yield* Effect.flip(spend("poll")(blocked))
    const error = yield* Effect.flip(spend("poll")(Effect.void))
    assert.isAtLeast(Duration.toMinutes(error.retryAfter), 30)
    assert.isNotNull(SubscriptionRef.getUnsafe(state).throttledUntil)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget ends the back-off and restarts its steps after a successful request", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    for (let n = 0; n < 3; n++) {
      yield* Effect.flip(spend("poll")(throttled))
      yield* TestClock.adjust("6 minutes")
    }
    yield* spend("poll")(Effect.void)
    assert.isNull(SubscriptionRef.getUnsafe(state).throttledUntil)
    yield* Effect.flip(spend("poll")(throttled))
    const error = yield* Effect.flip(spend("poll")(Effect.void))
    assert.isAtMost(Duration.toMinutes(error.retryAfter), 1.1)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget reserves the last requests of an hour for commands", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    const spent = (priority: Priority) =>
      Effect.map(Effect.result(spend(priority)(Effect.void)), (result) => result._tag === "Success")
    const until = Effect.fnUntraced(function* (priority: Priority) {
      let calls = 0
      while (yield* spent(priority)) calls += 1
      return calls
    })
    assert.strictEqual(yield* until("housekeeping"), 70)
    assert.strictEqual(yield* until("media"), 10)
    assert.strictEqual(yield* until("poll"), 10)
    assert.strictEqual(yield* until("command"), 10)
    assert.strictEqual(SubscriptionRef.getUnsafe(state).callsLeft, 0)
    assert.isTrue(yield* spent("followUp"))
    const error = yield* Effect.flip(spend("command")(Effect.void))
    assert.strictEqual(error.reason._tag, "BudgetSpent")
    yield* TestClock.adjust(error.retryAfter)
    assert.isTrue(yield* spent("command"))
  }).pipe(Effect.provide(budget(100))),
)

it.effect("Budget sends a waiting command before waiting housekeeping", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    const open = yield* Deferred.make<void>()
    const order: Array<string> = []
    const note = (name: string) =>
      Effect.sync(() => {
        order.push(name)
      })
    const holders = yield* Effect.forEach([1, 2, 3, 4], () =>
      Effect.forkChild(spend("poll")(Deferred.await(open))),
    )
    yield* Effect.yieldNow
    const waiting = yield* Effect.forEach(["housekeeping", "media", "command", "poll"] as const, (priority) =>
      Effect.forkChild(spend(priority)(note(priority))),
    )
    const given = yield* Effect.forkChild(spend("command")(note("interrupted")))
    yield* Effect.yieldNow
    yield* Fiber.interrupt(given)
    yield* Deferred.succeed(open, undefined)
    yield* Effect.forEach(holders, Fiber.join)
    yield* Effect.forEach(waiting, Fiber.join)
    assert.deepStrictEqual(order, ["command", "poll", "media", "housekeeping"])
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget counts concurrent requests that are rejected together as one back-off step", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    const open = yield* Deferred.make<void>()
    const throttledTogether = Effect.andThen(Deferred.await(open), throttled)
    const fibers = yield* Effect.forEach([1, 2, 3, 4], () =>
      Effect.forkChild(Effect.flip(spend("poll")(throttledTogether))),
    )
    yield* Effect.yieldNow
    yield* Deferred.succeed(open, undefined)
    yield* Effect.forEach(fibers, Fiber.join)
    const error = yield* Effect.flip(spend("poll")(Effect.void))
    assert.isAtMost(Duration.toMinutes(error.retryAfter), 1.1)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget keeps the back-off when a request succeeds that was sent before it", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    const open = yield* Deferred.make<void>()
    const early = yield* Effect.forkChild(spend("poll")(Deferred.await(open)))
    yield* Effect.yieldNow
    yield* Effect.flip(spend("poll")(throttled))
    yield* Deferred.succeed(open, undefined)
    yield* Fiber.join(early)
    assert.strictEqual((yield* Effect.flip(spend("poll")(Effect.void))).reason._tag, "Throttled")
    assert.isNotNull(SubscriptionRef.getUnsafe(state).throttledUntil)
  }).pipe(Effect.provide(budget(600))),
)

const serverError = (seconds: number) =>
  Effect.fail(
    blinkError("read", new ServerError({ status: 503, retryAfter: Duration.seconds(seconds) }), "yes"),
  )

it.effect("Budget sends nothing for as long as a 5xx with Retry-After asks", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    yield* Effect.flip(spend("media")(serverError(0)))
    yield* spend("command")(Effect.void)
    yield* Effect.flip(spend("poll")(serverError(120)))
    const error = yield* Effect.flip(spend("command")(Effect.void))
    assert.strictEqual(error.reason._tag, "ServerError")
    assert.isAtLeast(Duration.toSeconds(error.retryAfter), 120)
    yield* TestClock.adjust(error.retryAfter)
    yield* spend("command")(Effect.void)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget neither refills nor extends a back-off when the clock is set back", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    yield* TestClock.setTime(Duration.toMillis("1 day"))
    yield* spend("poll")(Effect.void)
    yield* Effect.flip(spend("poll")(throttled))
    yield* TestClock.setTime(0)
    const error = yield* Effect.flip(spend("command")(Effect.void))
    assert.isAtMost(Duration.toMinutes(error.retryAfter), 1.1)
    yield* TestClock.adjust(error.retryAfter)
    yield* spend("command")(Effect.void)
    assert.isAbove(SubscriptionRef.getUnsafe(state).callsLeft, 590)
  }).pipe(Effect.provide(budget(600))),
)

/** Fails each of `calls` with a 502 at each of `seconds` from now. */
const failCalls = Effect.fnUntraced(function* (
  calls: ReadonlyArray<string>,
  seconds: ReadonlyArray<number>,
  priority: Priority = "poll",
) {
  const { spend } = yield* Budget
  let passed = 0
  for (const second of seconds) {
    yield* TestClock.adjust(Duration.seconds(second - passed))
    passed = second
    for (const call of calls) {
      const reason = new ServerError({ status: 502, retryAfter: Duration.zero })
      yield* Effect.flip(spend(priority)(Effect.fail(blinkError(call, reason, "yes"))))
    }
  }
})

it.effect("Budget opens the circuit for 1, 2, then 5 minutes when every read fails, and publishes it", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    yield* failCalls(["homescreen", "mediaChanged"], [0, 1, 3])
    assert.isNull(SubscriptionRef.getUnsafe(state).throttledUntil)
    yield* failCalls(["homescreen", "mediaChanged"], [6])
    const waits: Array<number> = []
    for (let n = 0; n < 4; n++) {
      const early = yield* Effect.flip(spend("poll")(Effect.void))
      assert.strictEqual(early.reason._tag, "ServerError")
      assert.isNotNull(SubscriptionRef.getUnsafe(state).throttledUntil)
      waits.push(Duration.toMinutes(early.retryAfter))
      yield* TestClock.adjust(early.retryAfter)
      yield* failCalls(["homescreen", "mediaChanged"], [0])
    }
    for (const [index, expected] of [1, 2, 5, 5].entries()) {
      assert.isAtLeast(waits[index]!, expected)
      assert.isAtMost(waits[index]!, expected * 1.1)
    }
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget keeps the circuit closed when a single endpoint fails", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    yield* failCalls(["cameraConfig"], [0, 10, 20, 30, 40])
    yield* spend("housekeeping")(Effect.void)
    assert.isNull(SubscriptionRef.getUnsafe(state).throttledUntil)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget keeps the circuit closed when several endpoints fail, unless a poll is among them", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    yield* failCalls(["download", "cameraConfig"], [0, 10, 20], "media")
    yield* spend("media")(Effect.void)
    yield* failCalls(["download", "cameraConfig"], [0, 10, 20], "media")
    yield* failCalls(["homescreen"], [1, 2])
    assert.strictEqual((yield* Effect.flip(spend("media")(Effect.void))).reason._tag, "ServerError")
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget keeps the circuit closed when several endpoints fail while another succeeds", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    for (let n = 0; n < 5; n++) {
      yield* failCalls(["cameraConfig", "cameraUsage"], [10], "housekeeping")
      yield* spend("poll")(Effect.void)
    }
    assert.isNull(SubscriptionRef.getUnsafe(state).throttledUntil)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget sends commands while the circuit is open, and a successful one closes it", () =>
  Effect.gen(function* () {
    const { spend, state } = yield* Budget
    yield* failCalls(["homescreen", "mediaChanged"], [0, 10])
    yield* Effect.flip(spend("media")(Effect.void))
    yield* failCalls(["arm"], [1, 2], "command")
    const { throttledUntil } = SubscriptionRef.getUnsafe(state)
    assert.isNotNull(throttledUntil)
    yield* Effect.flip(spend("media")(Effect.void))
    yield* spend("command")(Effect.void)
    assert.isNull(SubscriptionRef.getUnsafe(state).throttledUntil)
    yield* spend("media")(Effect.void)
    // The failures of a closed circuit are not counted.
    yield* failCalls(["homescreen", "mediaChanged"], [1])
    yield* spend("media")(Effect.void)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget counts concurrent server errors once, and those of earlier requests not at all", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    yield* failCalls(["homescreen", "mediaChanged"], [0])
    const open = yield* Deferred.make<void>()
    const slow = yield* Effect.forEach(["homescreen", "mediaChanged", "usage"], (call) =>
      Effect.forkChild(
        Effect.flip(
          spend("poll")(
            Effect.andThen(
              Deferred.await(open),
              Effect.fail(
                blinkError(call, new ServerError({ status: 503, retryAfter: Duration.zero }), "yes"),
              ),
            ),
          ),
        ),
      ),
    )
    yield* TestClock.adjust("10 seconds")
    yield* Deferred.succeed(open, undefined)
    yield* Effect.forEach(slow, Fiber.join)
    const error = yield* Effect.flip(spend("poll")(Effect.void))
    assert.isAtMost(Duration.toMinutes(error.retryAfter), 1.1)
  }).pipe(Effect.provide(budget(600))),
)

it.effect("Budget keeps the back-off after a 429 when an earlier request succeeds during an outage", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    const open = yield* Deferred.make<void>()
    const early = yield* Effect.forkChild(spend("poll")(Deferred.await(open)))
    yield* failCalls(["homescreen", "mediaChanged"], [0])
    yield* TestClock.adjust("10 seconds")
    const late = yield* Effect.forkChild(Effect.flip(spend("poll")(throttled)))
    yield* Fiber.join(late)
    yield* Deferred.succeed(open, undefined)
    yield* Fiber.join(early)
    assert.strictEqual((yield* Effect.flip(spend("command")(Effect.void))).reason._tag, "Throttled")
  }).pipe(Effect.provide(budget(600))),
)
