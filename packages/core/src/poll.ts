import { Clock, Duration, Effect, Random, Stream, SubscriptionRef } from "effect"
import { type BlinkError, blinkError } from "./BlinkError.ts"
import { isLocalBackoff } from "./internal/rateLimit/localBackoff.ts"

/** How a polled read is doing. Times are milliseconds of the epoch. */
export interface PollHealth {
  /** `waiting`: only a person can help. */
  readonly state: "starting" | "ok" | "stale" | "throttled" | "waiting"
  readonly lastOkAt: number | null
  readonly nextPollAt: number | null
  readonly error: BlinkError | null
}

/** Before anything was read. */
export const initialHealth: PollHealth = { state: "starting", lastOkAt: null, nextPollAt: null, error: null }

export interface PollOptions {
  /** Time from an answer to the next read. Asked anew each time, so it may change while it runs. */
  readonly interval: Effect.Effect<Duration.Duration>
  /** Told after every read. */
  readonly health?: SubscriptionRef.SubscriptionRef<PollHealth>
  /**
   * Waits until reading makes sense again, after an error that only a person can lift: a stream of sessions that
   * came back, say. Without it such an error ends the stream.
   */
  readonly waitForUser?: (error: BlinkError) => Effect.Effect<void>
}

/** A short stumble is tried again soon; after that, the ladder that accounts survive. */
const shortBackoff = [1, 2, 5].map(Duration.seconds)
const backoffSteps = [1, 2, 5, 15, 60].map(Duration.minutes)

const retryDelay = (failures: number, error: BlinkError, interval: Duration.Duration): Duration.Duration => {
  if (isLocalBackoff(error)) return Duration.max(error.retryAfter, Duration.seconds(1))
  const nextValue =
    shortBackoff[failures - 1] ??
    backoffSteps[Math.min(failures - 1 - shortBackoff.length, backoffSteps.length - 1)]!
  // A request that reached nobody annoys nobody: once the network is back, a minute is late enough.
  const unreachableDelay =
    error.reason._tag === "Unreachable" ? Duration.max(interval, Duration.minutes(1)) : nextValue
  return Duration.max(Duration.min(nextValue, unreachableDelay), error.retryAfter)
}

/** Up to a tenth more, so that many installations do not ask in step. Less would undercut a floor. */
const withJitter = (duration: Duration.Duration) =>
  Effect.map(Random.next, (random) => Duration.times(duration, 1 + random / 10))

/**
 * Reads at once, then again and again. Passing errors are waited out: 1, 2, 5 seconds, then 1, 2, 5, 15, 60
 * minutes, never less than the cloud asks for; `health` is stale meanwhile. Any other error waits for a person,
 * or ends the stream.
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

  /** Reads until it works. */
  const readUntilSuccess = Effect.fnUntraced(function* () {
    let failures = 0
    for (;;) {
      const result = yield* Effect.result(read)
      if (result._tag === "Success") return result.success
      const error = result.failure
      if (error.retryable) {
        // The account's own wait is no step of this ladder, or the end of an outage would be noticed late.
        if (!isLocalBackoff(error)) failures += 1
        const state = error.category === "blocked" ? "throttled" : "stale"
        const wait = retryDelay(failures, error, yield* interval)
        yield* sleep(wait, (nextPollAt) => (before) => ({ ...before, state, nextPollAt, error }))
      } else {
        yield* updateHealth((before) => ({ ...before, state: "waiting", nextPollAt: null, error }))
        if (waitForUser === undefined) return yield* blinkError(error.operation, error.reason)
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
