import { Clock, Duration, Effect, Random, Stream, SubscriptionRef } from "effect"
import type { BlinkError } from "./BlinkError.ts"
import { isLocalBackoff } from "./internal/rateLimit/localBackoff.ts"
import { backoffSteps, shortBackoff, unreachableInterval } from "./internal/rateLimit/retryPolicy.ts"

/** State of a poller. Times are milliseconds since the epoch. */
export interface PollHealth {
  /** `needs_user`: a user must act, for example sign in. */
  readonly state: "starting" | "ok" | "stale" | "throttled" | "needs_user"
  readonly lastOkAt: number | null
  readonly nextPollAt: number | null
  readonly error: BlinkError | null
}

/** State before the first poll. */
export const initialHealth: PollHealth = { state: "starting", lastOkAt: null, nextPollAt: null, error: null }

export interface PollOptions {
  /** Time from a response to the next read. Evaluated before each wait, so it may change. */
  readonly interval: Effect.Effect<Duration.Duration>
  /** Updated after every read. */
  readonly health?: SubscriptionRef.SubscriptionRef<PollHealth>
  /**
   * Waits after an error that a user must resolve, for example until the session is active again. Without it,
   * such an error ends the stream.
   */
  readonly waitForUser?: (error: BlinkError) => Effect.Effect<void>
}

const retryDelay = (failures: number, error: BlinkError, interval: Duration.Duration): Duration.Duration => {
  if (isLocalBackoff(error)) return Duration.max(error.retryAfter, Duration.seconds(1))
  const step =
    shortBackoff[failures - 1] ??
    backoffSteps[Math.min(failures - 1 - shortBackoff.length, backoffSteps.length - 1)]!
  // Nothing reached the cloud, so once a minute is often enough.
  const unreachableDelay =
    error.reason._tag === "Unreachable" ? Duration.max(interval, unreachableInterval) : step
  return Duration.max(Duration.min(step, unreachableDelay), error.retryAfter)
}

/**
 * Adds up to 10 %, so that many installations do not poll at the same time. Never less than the given
 * duration.
 */
const withJitter = (duration: Duration.Duration) =>
  Effect.map(Random.next, (random) => Duration.times(duration, 1 + random / 10))

/**
 * Reads at once, then after each `interval`. Retryable errors are retried after 1, 2 and 5 seconds, then 1,
 * 2, 5, 15 and 60 minutes, never earlier than `retryAfter`; `health` is stale meanwhile. After any other
 * error it waits for `waitForUser`, or the stream fails.
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
  { interval, health, waitForUser }: PollOptions,
): Stream.Stream<A, BlinkError, R> => {
  const updateHealth = (update: (before: PollHealth) => PollHealth) =>
    health === undefined ? Effect.void : SubscriptionRef.update(health, update)

  const sleep = Effect.fnUntraced(function* (
    wait: Duration.Duration,
    update: (nextPollAt: number) => (before: PollHealth) => PollHealth,
  ) {
    const delay = yield* withJitter(wait)
    yield* updateHealth(update((yield* Clock.currentTimeMillis) + Duration.toMillis(delay)))
    yield* Effect.sleep(delay)
  })

  /** Reads until a read succeeds. */
  const readUntilSuccess = Effect.fnUntraced(function* () {
    let failures = 0
    for (;;) {
      const result = yield* Effect.result(read)
      if (result._tag === "Success") return result.success
      const error = result.failure
      if (error.retryable) {
        // A local back-off is not counted as a failure, so that the end of an outage is noticed soon.
        if (!isLocalBackoff(error)) failures += 1
        const state = error.category === "blocked" ? "throttled" : "stale"
        const wait = retryDelay(failures, error, yield* interval)
        yield* sleep(wait, (nextPollAt) => (before) => ({ ...before, state, nextPollAt, error }))
      } else {
        yield* updateHealth((before) => ({ ...before, state: "needs_user", nextPollAt: null, error }))
        if (waitForUser === undefined) return yield* error
        yield* waitForUser(error)
        failures = 0
      }
    }
  })

  const nextValue = Effect.fnUntraced(function* (isFirst: boolean) {
    if (!isFirst) yield* sleep(yield* interval, (nextPollAt) => (before) => ({ ...before, nextPollAt }))
    const value = yield* readUntilSuccess()
    const now = yield* Clock.currentTimeMillis
    yield* updateHealth(() => ({ state: "ok", lastOkAt: now, nextPollAt: null, error: null }))
    return [value, false] as const
  })

  return Stream.unfold(true, nextValue)
}
