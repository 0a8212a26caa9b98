import { Duration } from "effect"

// Retry policy: all waits and retry limits of this package. Up to 10 % of jitter is added where installations could act together.

/** Poll retries after the first failures: most failures of the cloud's gateways last for seconds. */
export const shortBackoff = [1, 2, 5].map(Duration.seconds)

/** Steps of lasting back-off: for polls, and after rejections (429, 406, 403 as HTML). */
export const backoffSteps = [1, 2, 5, 15, 60].map(Duration.minutes)

/** Longest wait of a poll while nothing reaches the cloud, because such attempts cost the cloud nothing. */
export const unreachableInterval = Duration.minutes(1)

/** Open phases of the circuit breaker. Limited to 5 minutes, so that recovery is noticed soon. */
export const openDurations = [1, 2, 5].map((minutes) => Duration.toMillis(Duration.minutes(minutes)))

/** Minimum duration of failures before the circuit opens: the sum of `shortBackoff`. */
export const minimumFailureSpan = Duration.toMillis("8 seconds")

/** Waits after responses without `Retry-After`: 429, a block by the CDN, and a busy sync module. */
export const throttleWait = Duration.minutes(5)
export const edgeWait = Duration.minutes(15)
export const busyWait = Duration.seconds(3)

/** Wait after a rejected sign-in, which locks the account for longer. */
export const signInThrottleWait = Duration.minutes(60)

/** Limits of sign-ins without a user. */
export const signInInterval = Duration.toMillis("10 minutes")
export const signInsPerDay = 5

/** Wait after a failed token renewal. */
export const renewRetryDelay = Duration.toMillis("30 seconds")

/** Time for which a fetched tier is not fetched again. */
export const tierRefreshInterval = Duration.toMillis("10 minutes")

/** Delays before a busy sync module is retried. It is usually free after a few seconds. */
export const busyRetryDelays = [3, 8, 15, 25].map(Duration.seconds)

/** Delays between the snapshots that verify a command. The first ones may still show the old state. */
export const verifyDelays = [0, 1, 2, 4, 8].map(Duration.seconds)

/** Delays between the snapshots that verify a thumbnail, which appears later than its command completes. */
export const thumbnailVerifyDelays = [1, 1, 2, 3, 5, 8].map(Duration.seconds)
