import {
  BlinkConfig,
  type BlinkError,
  blinkError,
  Budget,
  ServerError,
  poll,
  type PollHealth,
  SessionExpired,
  initialHealth,
  Throttled,
  Unreachable,
} from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, Fiber, Layer, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"

const every = (seconds: number) => Effect.succeed(Duration.seconds(seconds))
const serverError = new ServerError({ status: 502, retryAfter: Duration.zero })

/** Fails with each of `errors` in turn, then gives the second at which it was read. */
const readErrors = (...errors: ReadonlyArray<BlinkError>) => {
  const left = [...errors]
  return Effect.suspend(() => {
    const error = left.shift()
    return error === undefined ? Effect.map(Clock.currentTimeMillis, (ms) => ms / 1000) : Effect.fail(error)
  })
}

const read = (...reasons: ReadonlyArray<BlinkError["reason"]>) =>
  readErrors(...reasons.map((reason) => blinkError("read", reason)))

/** Waits are up to a tenth longer than the rule says, never shorter. */
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

it.effect("reads at once, then after each interval", () =>
  Effect.gen(function* () {
    assertTimes(yield* collect(poll(read(), { interval: every(60) }), 3), [0, 60, 120])
  }),
)

it.effect("tries again after 1, 2 and 5 seconds, then after 1 and 2 minutes", () =>
  Effect.gen(function* () {
    const errors = [serverError, serverError, serverError, serverError, serverError]
    assertTimes(yield* collect(poll(read(...errors), { interval: every(60) }), 1), [1 + 2 + 5 + 60 + 120])
  }),
)

it.effect("waits as long as the cloud asks", () =>
  Effect.gen(function* () {
    const reading = read(new Throttled({ retryAfter: Duration.minutes(5) }))
    assertTimes(yield* collect(poll(reading, { interval: every(60) }), 2), [300, 360])
  }),
)

it.effect("a network that is down for long is tried every minute: nobody hears it", () =>
  Effect.gen(function* () {
    const errors = Array.from({ length: 8 }, () => new Unreachable({ cause: "down" }))
    assertTimes(yield* collect(poll(read(...errors), { interval: every(30) }), 1), [1 + 2 + 5 + 5 * 60])
  }),
)

it.effect("a read that was held back, and not even sent, is no failure of its own", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    const throttled = blinkError("other", new Throttled({ retryAfter: Duration.minutes(1) }))
    yield* Effect.flip(spend("command")(Effect.fail(throttled)))
    const localBackoff = yield* Effect.flip(spend("poll")(Effect.void))
    const waited = Duration.toSeconds(localBackoff.retryAfter)
    // Held back after three stumbles, it is at the fourth when it fails the next time.
    const errors = [
      ...[serverError, serverError, serverError].map((reason) => blinkError("read", reason)),
      localBackoff,
    ]
    const reading = readErrors(...errors, blinkError("read", serverError))
    assertTimes(yield* collect(poll(reading, { interval: every(60) }), 1), [1 + 2 + 5 + waited + 60])
  }).pipe(Effect.provide(Layer.provide(Budget.layer, BlinkConfig.layer({})))),
)

it.effect("the interval may change while it runs", () =>
  Effect.gen(function* () {
    const interval = yield* SubscriptionRef.make(Duration.seconds(60))
    const slow = poll(read(), { interval: SubscriptionRef.get(interval) }).pipe(
      Stream.tap(() => SubscriptionRef.set(interval, Duration.seconds(10))),
    )
    assertTimes(yield* collect(slow, 3), [0, 10, 20])
  }),
)

it.effect("ends with an error that only a person can lift", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(
      Stream.runDrain(poll(read(new SessionExpired({})), { interval: every(60) })),
    )
    assert.strictEqual(error.reason._tag, "SessionExpired")
  }),
)

it.effect("or waits until that person has helped", () =>
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
    assert.strictEqual(SubscriptionRef.getUnsafe(health).state, "waiting")
    yield* Deferred.succeed(signedIn, undefined)
    assertTimes([...(yield* Fiber.join(fiber))], [3600])
    assert.strictEqual(SubscriptionRef.getUnsafe(health).state, "ok")
  }),
)

it.effect("says when it is stale, when throttled, and when it will ask again", () =>
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
