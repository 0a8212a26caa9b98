import {
  BlinkConfig,
  type BlinkError,
  blinkError,
  Budget,
  ServerError,
  poll,
  makePollLoop,
  NotSupported,
  SessionExpired,
  Throttled,
  Unreachable,
} from "../src/index.ts"
import { initialHealth } from "../src/poll.ts"
import { type SourceHealth, timestampToMillis } from "@blink-streams/model"
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

it.effect("poll doubles its interval with each failure, up to five minutes", () =>
  Effect.gen(function* () {
    const errors = [serverError, serverError, serverError, serverError, serverError]
    const seconds = yield* collect(poll(read(...errors), { interval: every(60) }), 2)
    assertTimes(seconds, [60 + 120 + 240 + 300 + 300, 60 + 120 + 240 + 300 + 300 + 60])
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
    assertTimes(yield* collect(poll(read(...errors), { interval: every(30) }), 1), [30 + 7 * 60])
  }),
)

it.effect("poll does not count a local back-off as a failure", () =>
  Effect.gen(function* () {
    const { spend } = yield* Budget
    const throttled = blinkError("other", new Throttled({ retryAfter: Duration.minutes(1) }), "yes")
    yield* Effect.flip(spend("command")(Effect.fail(throttled)))
    const localBackoff = yield* Effect.flip(spend("poll")(Effect.void))
    const waited = Duration.toSeconds(localBackoff.retryAfter)
    // The local back-off comes after two failures; the next failure is the third.
    const errors = [
      ...[serverError, serverError].map((reason) => blinkError("read", reason, "yes")),
      localBackoff,
    ]
    const reading = readErrors(...errors, blinkError("read", serverError, "yes"))
    assertTimes(yield* collect(poll(reading, { interval: every(60) }), 1), [60 + 120 + waited + 240])
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
    const health = yield* SubscriptionRef.make<SourceHealth>(initialHealth)
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
    const health = yield* SubscriptionRef.make<SourceHealth>(initialHealth)
    const reading = read(serverError, new Throttled({ retryAfter: Duration.minutes(1) }))
    const fiber = yield* Effect.forkChild(
      poll(reading, { interval: every(60), health }).pipe(Stream.take(1), Stream.runDrain),
    )
    yield* TestClock.adjust("1 millis")
    const stale = SubscriptionRef.getUnsafe(health)
    assert.strictEqual(stale.state, "stale")
    assert.isAtLeast(timestampToMillis(stale.nextPollAt!), 60_000)
    yield* TestClock.adjust("70 seconds")
    assert.strictEqual(SubscriptionRef.getUnsafe(health).state, "throttled")
    yield* TestClock.adjust("3 minutes")
    yield* Fiber.join(fiber)
    const well = SubscriptionRef.getUnsafe(health)
    assert.strictEqual(well.state, "ok")
    assert.isAtLeast(timestampToMillis(well.lastOkAt!), 180_000)
  }),
)

/** A loop over `read` that records the reads, for tests of its timing. */
const makeRecordedLoop = Effect.fnUntraced(function* (
  readNumber: (count: number) => Effect.Effect<number, BlinkError>,
  interval: Effect.Effect<Duration.Duration>,
) {
  const reads: Array<number> = []
  const now = Effect.map(Clock.currentTimeMillis, (ms) => ms / 1000)
  const loop = yield* makePollLoop({
    read: Effect.flatMap(now, (seconds) => readNumber(reads.push(seconds))),
    interval,
    onFailure: () => Effect.void,
  })
  yield* Effect.forkChild(Effect.forever(loop.next))
  yield* TestClock.adjust("0 seconds")
  return { loop, reads }
})

it.effect("makePollLoop reads now on request, and waits the interval from there", () =>
  Effect.gen(function* () {
    const { loop, reads } = yield* makeRecordedLoop(() => read(), every(60))
    yield* TestClock.adjust("30 seconds")
    yield* loop.readNow
    yield* TestClock.adjust("59 seconds")
    assert.deepStrictEqual(reads, [0, 30])
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(reads, [0, 30, 90])
  }),
)

it.effect(
  "makePollLoop moves the next read forward when the interval became shorter, but not a back-off",
  () =>
    Effect.gen(function* () {
      const interval = yield* SubscriptionRef.make(Duration.seconds(60))
      const { loop, reads } = yield* makeRecordedLoop(
        (count) => (count < 3 ? read() : read(serverError)),
        SubscriptionRef.get(interval),
      )
      yield* TestClock.adjust("20 seconds")
      yield* SubscriptionRef.set(interval, Duration.seconds(15))
      yield* loop.reschedule
      yield* TestClock.adjust("0 seconds")
      assert.deepStrictEqual(reads, [0, 20])
      yield* TestClock.adjust("15 seconds")
      assert.deepStrictEqual(reads, [0, 20, 35])
      yield* SubscriptionRef.set(interval, Duration.seconds(1))
      yield* loop.reschedule
      yield* TestClock.adjust("14 seconds")
      assert.deepStrictEqual(reads, [0, 20, 35])
    }),
)

it.effect("makePollLoop retries a missing path after the interval four times, then once an hour", () =>
  Effect.gen(function* () {
    const missing = blinkError("read", new NotSupported({ detail: "gone" }), "yes")
    const { reads } = yield* makeRecordedLoop(() => Effect.fail(missing), every(60))
    yield* TestClock.adjust("2 hours")
    assertTimes(reads.slice(0, 5), [0, 60, 180, 420, 720])
    assert.strictEqual(reads.length, 6)
  }),
)
