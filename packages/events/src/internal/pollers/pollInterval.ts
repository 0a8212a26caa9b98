import type { AccountState } from "@blink-streams/model"
import { Duration } from "effect"

/** Poll interval, at least, of every host but this machine (`blink-protocol.md` 3.9). */
export const minimumIntervals = { homescreen: Duration.seconds(30), media: Duration.seconds(15) }

/** Poll interval of the homescreen, and of the legacy event list, unless the options name another. */
export const defaultStateInterval = Duration.minutes(1)

/** Interval of the poll of USB storage, which keeps a sync module busy for seconds. */
export const localStorageInterval = Duration.minutes(2)

const activeWindow = Duration.toMillis("5 minutes")

/** True when some camera would record motion. An unknown state counts as yes. */
const isDetecting = ({ asOf, networks, cameras }: AccountState): boolean =>
  asOf === null ||
  networks.some(
    ({ id, arm }) =>
      arm.state !== "disarmed" &&
      cameras.some(({ networkId, detection }) => networkId === id && detection !== "off"),
  )

/** A doorbell button works whether its network is armed or not. */
const hasDoorbell = ({ cameras }: AccountState): boolean => cameras.some(({ kind }) => kind === "doorbell")

/**
 * Interval of the clip poll: the minimum while events occur, long when nothing can be recorded. `activeAt` is the time
 * of the last event, in milliseconds since the Unix epoch.
 */
export const mediaPollInterval = (state: AccountState, activeAt: number, now: number): Duration.Duration => {
  const active = now - activeAt < activeWindow
  if (isDetecting(state)) return active ? minimumIntervals.media : Duration.seconds(20)
  if (active) return Duration.seconds(30)
  return hasDoorbell(state) ? Duration.minutes(1) : Duration.minutes(2)
}

/** Stretches an interval when few requests of the hour are left, so that commands still get through. */
export const withinBudget = (
  interval: Duration.Duration,
  { callsLeft }: AccountState["budget"],
): Duration.Duration =>
  callsLeft < 30 ? Duration.times(interval, 4) : callsLeft < 100 ? Duration.times(interval, 2) : interval
