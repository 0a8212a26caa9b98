import {
  BlinkConfig,
  type BlinkError,
  blinkError,
  Budget,
  ServerError,
  poll,
  type PollHealth,
  SessionExpired,
  Throttled,
  Unreachable,
} from "../src/index.ts"
import { initialHealth } from "../src/poll.ts"
import { assert, it } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, Fiber, Layer, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"

const every = (seconds: number) => Effect.succeed(Duration.seconds(seconds))
const serverError = new ServerError({ status: 502, retryAfter: Duration.zero })

/** Fails with each of `errors` in turn, then returns the time in seconds. */
const readErrors = (...errors: ReadonlyArray<BlinkError>) => {
  const left = [...errors]
  return Effect.suspend(() => {
    const error = left.shift()
    return error === undefined ? Effect.map(Clock.currentTimeMillis, (ms) => ms / 1000) : Effect.fail(error)
  })
}

const read = (...reasons: ReadonlyArray<BlinkError["reason"]>) =>
  readErrors(...reasons.map((reason) => blinkError("read", reason, "yes")))

/** Waits are up to 10 % longer than required, never shorter. */
const assertTimes = (actual: ReadonlyArray<number>, expected: ReadonlyArray<number>) => {
  assert.strictEqual(actual.length, expected.length)
  for (const [index, seconds] of expected.entries()) {
    assert.isAtLeast(actual[index]!, seconds)
    assert.isAtMost(actual[index]!, seconds * 1.1 + 0.001)
  }
}

const collect = (stream: Stream.Stream<number, BlinkError>, count: number) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(stream.pipe(Stream.take(count), Stream.runCollect))
    while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 second")
    return [...(yield* Fiber.join(fiber))]
  })

it.effect("poll reads at once, then after each interval", () =>
  Effect.gen(function* () {
    assertTimes(yield* collect(poll(read(), { interval: every(60) }), 3), [0, 60, 120])
  }),
)

it.effect("poll retries after 1, 2 and 5 seconds, then after 1 and 2 minutes", () =>
  Effect.gen(function* () {
    const errors = [serverError, serverError, serverError, serverError, serverError]
    assertTimes(yield* collect(poll(read(...errors), { interval: every(60) }), 1), [1 + 2 + 5 + 60 + 120])
  }),
)

it.effect("poll waits as long as the cloud asks", () =>
  Effect.gen(function* () {
    const reading = read(new Throttled({ retryAfter: Duration.minutes(5) }))
    assertTimes(yield* collect(poll(reading, { interval: every(60) }), 2), [300, 360])
  }),
)

it.effect("poll retries every minute while the network is down", () =>
  Effect.gen(function* () {
    const errors = Array.from({ length: 8 }, () => new Unreachable({ cause: "down" }))
    assertTimes(yield* collect(poll(read(...errors), { interval: every(30) }), 1), [1 + 2 + 5 + 5 * 60])
  }),
)

it.effect("poll does not count a local back-off as a failure", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    const throttled = blinkError("other", new Throttled({ retryAfter: Duration.minutes(1) }), "yes")
    yield* Effect.flip(spend("command")(Effect.fail(throttled)))
    const localBackoff = yield* Effect.flip(spend("poll")(Effect.void))
    const waited = Duration.toSeconds(localBackoff.retryAfter)
    // The local back-off comes after three failures; the next failure is the fourth.
    const errors = [
      ...[serverError, serverError, serverError].map((reason) => blinkError("read", reason, "yes")),
      localBackoff,
    ]
    const reading = readErrors(...errors, blinkError("read", serverError, "yes"))
    assertTimes(yield* collect(poll(reading, { interval: every(60) }), 1), [1 + 2 + 5 + waited + 60])
  }).pipe(Effect.provide(Layer.provide(Budget.layer, BlinkConfig.layer({})))),
)

it.effect("poll applies a changed interval", () =>
  Effect.gen(function* () {
    const interval = yield* SubscriptionRef.make(Duration.seconds(60))
    const slow = poll(read(), { interval: SubscriptionRef.get(interval) }).pipe(
      Stream.tap(() => SubscriptionRef.set(interval, Duration.seconds(10))),
    )
    assertTimes(yield* collect(slow, 3), [0, 10, 20])
  }),
)

it.effect("poll fails with an error that a user must resolve", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(
      Stream.runDrain(poll(read(new SessionExpired({})), { interval: every(60) })),
    )
    assert.strictEqual(error.reason._tag, "SessionExpired")
  }),
)

it.effect("poll waits for the user and continues when waitForUser is given", () =>
  Effect.gen(function* () {
    const signedIn = yield* Deferred.make<void>()
    const health = yield* SubscriptionRef.make<PollHealth>(initialHealth)
    const snapshots = poll(read(new SessionExpired({})), {
      interval: every(60),
      health,
      waitForUser: () => Deferred.await(signedIn),
    })
    const fiber = yield* Effect.forkChild(snapshots.pipe(Stream.take(1), Stream.runCollect))
    yield* TestClock.adjust("1 hour")
    assert.strictEqual(SubscriptionRef.getUnsafe(health).state, "needs_user")
    yield* Deferred.succeed(signedIn, undefined)
    assertTimes([...(yield* Fiber.join(fiber))], [3600])
    assert.strictEqual(SubscriptionRef.getUnsafe(health).state, "ok")
  }),
)

it.effect("poll reports stale, throttled and the time of the next read in health", () =>
  Effect.gen(function* () {
    const health = yield* SubscriptionRef.make<PollHealth>(initialHealth)
    const reading = read(serverError, new Throttled({ retryAfter: Duration.minutes(1) }))
    const fiber = yield* Effect.forkChild(
      poll(reading, { interval: every(60), health }).pipe(Stream.take(1), Stream.runDrain),
    )
    yield* TestClock.adjust("1 millis")
    const stale = SubscriptionRef.getUnsafe(health)
    assert.strictEqual(stale.state, "stale")
    assert.isAtLeast(stale.nextPollAt!, 1000)
    yield* TestClock.adjust("2 seconds")
    assert.strictEqual(SubscriptionRef.getUnsafe(health).state, "throttled")
    yield* TestClock.adjust("2 minutes")
    yield* Fiber.join(fiber)
    const well = SubscriptionRef.getUnsafe(health)
    assert.strictEqual(well.state, "ok")
    assert.isAtLeast(well.lastOkAt!, 60_000)
  }),
)
