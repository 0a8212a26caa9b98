import type { AccountState } from "@blink-streams/model"
import { Duration } from "effect"

/** No host but our own machine is asked more often than this (`blink-protocol.md` 3.9). */
export const minimumIntervals = { homescreen: Duration.seconds(30), media: Duration.seconds(15) }

const activeWindow = Duration.toMillis("5 minutes")

/** Whether motion would be recorded somewhere. What is not known counts as yes. */
const isDetecting = ({ asOf, networks, cameras }: AccountState): boolean =>
  asOf === null ||
  networks.some(
    ({ id, arm }) =>
      arm.state !== "disarmed" &&
      cameras.some(({ networkId, detection }) => networkId === id && detection !== "off"),
  )

/** A button works whether armed or not. */
const hasDoorbell = ({ cameras }: AccountState): boolean => cameras.some(({ kind }) => kind === "doorbell")

/**
 * How long until clips are asked for again: at the floor while something is going on, slowly when nothing can be
 * recorded. `activeAt` is when something last happened, in milliseconds of the epoch.
 */
export const mediaPollInterval = (state: AccountState, activeAt: number, now: number): Duration.Duration => {
  const active = now - activeAt < activeWindow
  if (isDetecting(state)) return active ? minimumIntervals.media : Duration.seconds(20)
  if (active) return Duration.seconds(30)
  return hasDoorbell(state) ? Duration.minutes(1) : Duration.minutes(2)
}

/** Stretches an interval when the hour's requests run low, so that commands still get through. */
export const withinBudget = (
  interval: Duration.Duration,
  { callsLeft }: AccountState["budget"],
): Duration.Duration =>
  callsLeft < 30 ? Duration.times(interval, 4) : callsLeft < 100 ? Duration.times(interval, 2) : interval
