import { Duration, Effect, Schedule } from "effect"
import type { BlinkError } from "../../BlinkError.ts"

// The retry policy, as a table of waits: every back-off, retry delay, time-out and limit of requests to the cloud. Each
// has its reason and its source: a section of `blink-protocol.md`, `measured` (at the cloud, by us or by a published
// client) or `chosen`.

// Polls (`pollFailure`). The back-off starts at the poll interval and doubles: a failing cloud never gets more requests
// than a healthy one, and a single failure costs one interval.

/** Longest back-off of a poll. Rejections (429, 406) last longer by the steps of `rejectionSteps`. Chosen. */
export const maxPollBackoff = Duration.minutes(5)

/** The same while nothing reaches the cloud: such attempts cost it nothing. Chosen. */
export const maxUnreachableBackoff = Duration.minutes(1)

/** Poll interval without a session: it sends nothing, and finds a sign-in by another program. Chosen. */
export const signedOutInterval = Duration.minutes(1)

/** Poll interval after an error that only a user or the vendor resolves. Chosen. */
export const unresolvedInterval = Duration.hours(1)

/** Failures in a row before a path counts as missing: a proxy may report a single 404. Chosen. */
export const confirmedFailures = 5

/** Largest share that is added to a back-off, so that many installations do not return at once. 3.9. */
export const maxJitter = 0.1

// The budget of an account.

/** Requests an hour. Far below the rate at which accounts were rejected. 3.9. */
export const callsPerHour = 600

/** Requests at the same time. Chosen. */
export const maxConcurrentCalls = 4

/** Time for which the same read shares one response. Chosen. */
export const sharedReadLifetime = Duration.seconds(5)

/** Steps after repeated rejections (429, 406, 403 as HTML), during which nothing is sent. 3.9. */
export const rejectionSteps = [1, 2, 5, 15, 60].map(Duration.minutes)

/** Waits after responses without `Retry-After`: 429, and a block by the CDN. 4.1. */
export const throttleWait = Duration.minutes(5)
export const edgeWait = Duration.minutes(15)

/** Open phases of the circuit breaker. Limited to 5 minutes, so that recovery is noticed soon. Chosen. */
export const openDurations = [1, 2, 5].map((minutes) => Duration.toMillis(Duration.minutes(minutes)))

/** Minimum duration of failures before the circuit opens: most failures of the gateways are over by then. Measured. */
export const minimumFailureSpan = Duration.toMillis("8 seconds")

/** Time-outs of a request, and of one for a file. 4.1. */
export const jsonTimeout = Duration.seconds(10)
export const mediaTimeout = Duration.seconds(90)

// Sign-in and session.

/** Wait after a rejected sign-in: the account is locked for 60 minutes, and for two days if it continues. 3.9. */
export const signInThrottleWait = Duration.minutes(60)

/** Limits of sign-ins without a user. 3.9. */
export const signInInterval = Duration.toMillis("10 minutes")
export const signInsPerDay = 5

/** Time before its end at which a token is renewed, for clocks that differ. Chosen. */
export const renewBefore = Duration.minutes(2)

/** Wait after a failed token renewal: every request would try again otherwise. Chosen. */
export const renewRetryDelay = Duration.toMillis("30 seconds")

/** Time for which a fetched tier is not fetched again: an account rarely moves. Chosen. */
export const tierRefreshInterval = Duration.toMillis("10 minutes")

/** Time for which the account's temperature unit is not requested again after a failure. Chosen. */
export const unitRetryInterval = Duration.toMillis("1 hour")

/** Age of a snapshot up to which its camera names serve to read other lists: they change rarely. Chosen. */
export const maxCamerasAge = Duration.toMillis("5 minutes")

// Commands.

/** Delay before the next poll of a command's status, as the vendor's app does. 3.2. */
export const commandPollInterval = (elapsedMs: number): Duration.Duration => {
  if (elapsedMs === 0) return Duration.millis(800)
  return Duration.seconds(elapsedMs < 15_000 ? 1 : 2)
}

/** Time after which a command has no outcome; a clip is recorded first. 3.2. */
export const commandTimeout = Duration.seconds(60)
export const clipCommandTimeout = Duration.seconds(120)

/** Delays between the snapshots that verify a command. The first ones may still show the old state. Measured. */
export const verifyDelays = [0, 1, 2, 4, 8].map(Duration.seconds)

/** The same for a thumbnail, which appears later than its command completes. Measured. */
export const thumbnailVerifyDelays = [1, 1, 2, 3, 5, 8].map(Duration.seconds)

// Live view.

/** Time after a live view in which the sync module rejects the next one. 2.6. */
export const liveViewRestartDelay = Duration.seconds(3)

/** Time to connect to the relay. Battery cameras with poor radio send their first frame much later. Chosen. */
export const relayConnectTimeout = Duration.seconds(30)

/** Intervals of the frames that a client sends: a relay drops those that are silent for about 15 s. 2.6. */
export const relayKeepAliveInterval = Duration.seconds(10)
export const relayLatencyInterval = Duration.seconds(1)

// Retries of single calls. All others fail at once.

/** Wait of a `Busy` error without `Retry-After`. Chosen: the first step of `busyRetry`. */
export const busyWait = Duration.seconds(3)

const busyDelays = [busyWait, ...[8, 15, 25].map(Duration.seconds)]

/** Retries while a sync module is busy, which means that it has not accepted the command or job. 3.2. */
export const busyRetry = Schedule.recurs(busyDelays.length).pipe(
  Schedule.setInputType<BlinkError>(),
  Schedule.modifyDelay(({ input, attempt }) =>
    Effect.succeed(Duration.max(busyDelays[attempt - 1] ?? busyWait, input.retryAfter)),
  ),
  Schedule.while(({ input }) => input.category === "busy"),
)

/** Retries until a manifest or an upload is ready. A manifest of many clips takes up to a minute. 2.8, 3.2. */
export const notReadyRetry = Schedule.spaced("2 seconds").pipe(
  Schedule.setInputType<BlinkError>(),
  Schedule.upTo({ times: 30 }),
  Schedule.while(({ input }) => input.reason._tag === "NotReady"),
)

/** Retries of a picture, which is empty while it is uploaded. Measured. */
export const pictureRetry = Schedule.spaced("3 seconds").pipe(
  Schedule.setInputType<BlinkError>(),
  Schedule.upTo({ times: 2 }),
  Schedule.while(({ input }) => input.reason._tag === "NotReady"),
)

/** Retries of one page of a long list: otherwise a single lost page would delay the whole list by a poll. Chosen. */
export const pageRetry = Schedule.spaced("2 seconds").pipe(
  Schedule.setInputType<BlinkError>(),
  Schedule.upTo({ times: 2 }),
  Schedule.while(({ input }) => input.category === "transient" && Duration.isZero(input.retryAfter)),
)

/** Retries of the tier after a sign-in or renewal, whose tokens would be useless without it. Chosen. */
export const tierRetry = Schedule.exponential("1 second").pipe(
  Schedule.setInputType<BlinkError>(),
  Schedule.upTo({ times: 2 }),
  Schedule.while(({ input }) => input.category === "transient"),
)

/** Retries of the end of a live view: one that does not end blocks the sync module for 5 minutes. 5.7. */
export const finishRetry = Schedule.recurs(2).pipe(
  Schedule.setInputType<BlinkError>(),
  Schedule.while(({ input }) => input.category === "transient"),
)
