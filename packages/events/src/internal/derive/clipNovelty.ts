import { type Clip, type Timestamp, timestampFromMillis, timestampToMillis } from "@blink-streams/model"
import { Duration } from "effect"
import type { MediaCheckpoint } from "./MediaCheckpoint.ts"

/** The time before the first poll of a source. */
type Baseline = Pick<MediaCheckpoint, "baselineAt" | "baselineFrom">

/** A poll that lists clips. */
export interface PollContext {
  readonly observedAt: Timestamp
  readonly baseline: Baseline
  /** On the first poll, the time from which its clips are history. `null` on a later poll. */
  readonly historyFrom: Timestamp | null
}

/**
 * Novelty of a clip that is listed for the first time. History produces backfilled events, a suppressed clip is
 * remembered without events.
 */
export type Novelty = "new" | "history" | "suppressed"

const hour = 3_600_000
const earlierBy = (timestamp: Timestamp, millis: number): Timestamp =>
  timestampFromMillis(timestampToMillis(timestamp) - millis)

/** Clocks of cameras, of the cloud and of this machine differ by less than this. */
const clockTolerance = hour
/**
 * Metadata of older clips may be deleted (`Retention.metadata`). USB storage may still list them, the cloud does not.
 */
const localClipRetention = 365 * 24 * hour

/** Returns the time from which the clips of the first poll are history. A longer `history` begins with 1970. */
export const historyStart = (baselineAt: Timestamp, history: Duration.Duration): Timestamp =>
  timestampFromMillis(Math.max(0, timestampToMillis(baselineAt) - Duration.toMillis(history)))

/**
 * True for a clip from before the first poll that this poll did not list, that is first listed as deleted, or that is
 * on USB storage which was inserted later.
 */
const isBeforeBaseline = (
  { createdAt, deleted, storage }: Clip,
  { baseline, observedAt }: PollContext,
): boolean =>
  (baseline.baselineFrom !== null && createdAt < baseline.baselineFrom) ||
  ((deleted || storage === "local") && createdAt < earlierBy(baseline.baselineAt, clockTolerance)) ||
  (storage === "local" && createdAt < earlierBy(observedAt, localClipRetention))

/**
 * Novelty on the first poll. A clip that was both recorded and listed after the start of the poll is new: pages are read
 * for minutes, and a restart begins again. The clock of a camera alone does not decide, because it may be ahead.
 */
const noveltyOnFirstPoll = (
  { createdAt, updatedAt, deleted, storage }: Clip,
  { baselineAt }: Baseline,
  historyFrom: Timestamp,
): Novelty => {
  const at = createdAt < updatedAt ? createdAt : updatedAt
  // On USB storage, such a clip is left to its copy in the cloud.
  if (at > baselineAt) return storage === "cloud" ? "new" : "suppressed"
  return deleted || at <= historyFrom ? "suppressed" : "history"
}

export const noveltyOf = (clip: Clip, poll: PollContext): Novelty => {
  if (poll.historyFrom !== null) return noveltyOnFirstPoll(clip, poll.baseline, poll.historyFrom)
  return isBeforeBaseline(clip, poll) ? "suppressed" : "new"
}
