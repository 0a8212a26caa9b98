import { type SourceHealth, timestampFromMillis } from "@blink-streams/model"
import { Clock, Duration, Effect, Option, Queue, Random, Semaphore, Stream, SubscriptionRef } from "effect"
import type { BlinkError } from "./BlinkError.ts"
import { isCounted, pollFailure } from "./internal/rateLimit/pollFailure.ts"
import { maxJitter } from "./internal/rateLimit/retryPolicy.ts"

export interface PollLoopOptions<A, E extends Error, E2, R> {
  /** One poll. */
  readonly read: Effect.Effect<A, E, R>
  /** Time from a success to the next read. Evaluated before each wait, so it may change. */
  readonly interval: Effect.Effect<Duration.Duration>
  /** Runs after each failure, before the wait until `nextPollAt`. When it fails, so does the loop. */
  readonly onFailure: (failure: Omit<SourceHealth, "lastOkAt">, error: E) => Effect.Effect<void, E2>
}

/** A poll loop of one source. */
export interface PollLoop<A, E, R> {
  /** Waits until a read is due, and reads again after failures. Returns the first success. */
  readonly next: Effect.Effect<A, E, R>
  /** Reads now, once. Completes with or without success; `next` then waits from there. */
  readonly readNow: Effect.Effect<void, E, R>
  /** Moves the next read forward when the interval has become shorter. Has no effect on a back-off. */
  readonly reschedule: Effect.Effect<void>
}

/** Adds up to 10 %. Never less than the given duration. */
const withJitter = (duration: Duration.Duration) =>
  Effect.map(Random.next, (random) => Duration.times(duration, 1 + random * maxJitter))

/**
 * Makes the poll loop of one source. The first read is due at once, the next one after each `interval`. After a failure
 * it is due after the interval, doubled with each failure in a row up to 5 minutes (1 minute when the cloud cannot be
 * reached), never earlier than `retryAfter`, and up to 10 % later. An error that a user must resolve is retried after a
 * minute while there is no session, otherwise after an hour; so is a path that was missing 5 times in a row.
 */
export const makePollLoop = Effect.fnUntraced(function* <A, E extends Error, E2, R>(
  options: PollLoopOptions<A, E, E2, R>,
) {
  const lock = yield* Semaphore.make(1)
  const wake = yield* Queue.sliding<null>(1)
  let failures = 0
  /** Time of the last success, `null` after a failure. */
  let lastOkAt: number | null = null
  let dueAt = Number.NEGATIVE_INFINITY
  let delay = 0

  const schedule = (wait: Duration.Duration, from: number) => {
    delay = Math.ceil(Duration.toMillis(wait))
    dueAt = from + delay
  }

  const onSuccess = Effect.gen(function* () {
    failures = 0
    lastOkAt = yield* Clock.currentTimeMillis
    schedule(yield* options.interval, lastOkAt)
  })

  const onFailure = Effect.fnUntraced(function* (error: E) {
    lastOkAt = null
    if (isCounted(error)) failures += 1
    const failure = pollFailure(error, failures, yield* options.interval)
    schedule(yield* withJitter(failure.delay), yield* Clock.currentTimeMillis)
    const { state, reason } = failure
    yield* options.onFailure({ state, reason, nextPollAt: timestampFromMillis(dueAt) }, error)
  })

  const read: Effect.Effect<Option.Option<A>, E2, R> = lock.withPermits(1)(
    options.read.pipe(
      Effect.tap(onSuccess),
      Effect.asSome,
      Effect.catch((error) => Effect.as(onFailure(error), Option.none<A>())),
      Effect.ensuring(Queue.offer(wake, null)),
    ),
  )

  const waitUntilDue = Effect.gen(function* () {
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      // A clock that was set back must not extend the delay.
      dueAt = Math.min(dueAt, now + delay)
      if (dueAt <= now) return
      yield* Effect.raceFirst(Effect.sleep(Duration.millis(dueAt - now)), Queue.take(wake))
    }
  })

  const loop: PollLoop<A, E2, R> = {
    next: Effect.gen(function* () {
      if (lastOkAt !== null) schedule(yield* options.interval, lastOkAt)
      for (;;) {
        yield* waitUntilDue
        const result = yield* read
        if (Option.isSome(result)) return result.value
      }
    }),
    readNow: Effect.asVoid(read),
    reschedule: Effect.gen(function* () {
      if (lastOkAt === null) return
      const interval = yield* options.interval
      if (lastOkAt + Duration.toMillis(interval) >= dueAt) return
      schedule(interval, lastOkAt)
      yield* Queue.offer(wake, null)
    }),
  }
  return loop
})

/** State before the first poll. */
export const initialHealth: SourceHealth = {
  state: "starting",
  lastOkAt: null,
  nextPollAt: null,
  reason: null,
}

export interface PollOptions extends Pick<
  PollLoopOptions<unknown, BlinkError, BlinkError, never>,
  "interval"
> {
  /** Updated after every read. */
  readonly health?: SubscriptionRef.SubscriptionRef<SourceHealth>
  /**
   * Waits after an error that is not retryable, for example until the session is active again, and polls at once. Without
   * it, such an error ends the stream.
   */
  readonly waitForUser?: (error: BlinkError) => Effect.Effect<void>
}

/**
 * Polls on demand: reads at once, then after each `interval`. Retryable errors are retried as by `makePollLoop`; `health`
 * is stale meanwhile. After any other error it waits for `waitForUser`, or the stream fails.
 *
 * @example
 * ```ts
 * const snapshots = Stream.unwrap(
 *   BlinkApi.use((api) =>
 *     Effect.succeed(poll(api.snapshot, { interval: Effect.succeed(Duration.minutes(1)) })),
 *   ),
 * )
 * ```
 */
export const poll = <A, R>(
  read: Effect.Effect<A, BlinkError, R>,
  options: PollOptions,
): Stream.Stream<A, BlinkError, R> => {
  const { interval, health, waitForUser } = options
  const updateHealth = (update: (before: SourceHealth) => SourceHealth) =>
    health === undefined ? Effect.void : SubscriptionRef.update(health, update)

  const onSuccess = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const nextPollAt = timestampFromMillis(now + Duration.toMillis(yield* interval))
    const lastOkAt = timestampFromMillis(now)
    yield* updateHealth(() => ({ state: "ok", lastOkAt, nextPollAt, reason: null }))
  })

  const polled = Stream.unwrap(
    Effect.map(
      makePollLoop({
        read: Effect.tap(read, onSuccess),
        interval,
        onFailure: (failure, error: BlinkError) =>
          Effect.andThen(
            updateHealth((before) => ({ ...before, ...failure })),
            error.retryable ? Effect.void : Effect.fail(error),
          ),
      }),
      ({ next }) => Stream.fromEffectRepeat(next),
    ),
  )
  return waitForUser === undefined
    ? polled
    : polled.pipe(Stream.catch((error) => Stream.unwrap(Effect.as(waitForUser(error), poll(read, options)))))
}
