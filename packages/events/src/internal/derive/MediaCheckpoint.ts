import { type Clip, Timestamp, timestampFromMillis, timestampToMillis } from "@blink-streams/model"
import { Schema } from "effect"

/** Where the media poll goes on. */
export const MediaCheckpoint = Schema.Struct({
  /** Newest `updatedAt` that was certainly seen; `null` while the list was empty. */
  highWater: Schema.NullOr(Timestamp),
  /** When this account was first looked at, by the cloud's clock where it told one. */
  baselineAt: Timestamp,
  /** A clip from before this that we do not know was there all along; `null` when the first look listed them all. */
  baselineFrom: Schema.NullOr(Timestamp),
  /** When a wider stretch was last asked for, to find what the high-water mark passed over. */
  lastFullScanAt: Timestamp,
})
export type MediaCheckpoint = typeof MediaCheckpoint.Type

/** The pages of one look, put together. */
export interface MediaScan {
  readonly startedAt: Timestamp
  /** The cloud's clock when the first page was answered; `null` when it did not say. */
  readonly serverTime: Timestamp | null
  readonly clips: ReadonlyArray<Clip>
  /** False when there was more than one look may read. */
  readonly complete: boolean
  /** Whether this look asked for the wider stretch. */
  readonly fullScan: boolean
}

const earlier = (a: Timestamp, b: Timestamp): Timestamp => (a < b ? a : b)
const later = (a: Timestamp, b: Timestamp): Timestamp => (a < b ? b : a)
const minus = (timestamp: Timestamp, millis: number): Timestamp =>
  timestampFromMillis(timestampToMillis(timestamp) - millis)

/** The cloud compares `since` with `updatedAt`, and rows turn up a little after the time they carry (3.5: 60-120 s). */
const overlap = 120_000
const day = 24 * 3_600_000

/** How much later than that a row is waited for, while no newer one has moved the mark. The daily sweep waits longer. */
const lateArrivalWindow = 15 * 60_000

/**
 * From when on to ask; `null` asks for everything. `wholeAt` is the cloud's time of the last look that read everything:
 * without it, thousands of clips that were changed in one go would be listed again at each look until a newer one came.
 */
export const scanSince = (
  checkpoint: MediaCheckpoint | null,
  fullScan: boolean,
  lastCompleteAt: Timestamp | null,
): Timestamp | null => {
  if (checkpoint === null || checkpoint.highWater === null) return null
  const since = minus(checkpoint.highWater, overlap)
  // A sweep reaches back to a day before the last one, so that each row is asked for again when a day has passed.
  if (fullScan) return earlier(minus(checkpoint.lastFullScanAt, day), since)
  return lastCompleteAt === null ? since : later(since, minus(lastCompleteAt, lateArrivalWindow))
}

/** Whether the daily sweep is due, or this machine's clock was so wrong at the last one that nobody can say. */
export const isFullScanDue = ({ lastFullScanAt }: MediaCheckpoint, now: Timestamp): boolean =>
  minus(now, day) >= lastFullScanAt || minus(lastFullScanAt, day) > now

/**
 * The checkpoint after a look.
 *
 * The high-water mark never passes the cloud's time at the start of the look: a row that was written while we read
 * later pages may have slipped past us, and a device with a wrong clock must not close the window for the others.
 */
export const advanceCheckpoint = (before: MediaCheckpoint | null, scan: MediaScan): MediaCheckpoint => {
  const newest = scan.clips.reduce<Timestamp | null>(
    (high, { updatedAt }) => (high === null ? updatedAt : later(high, updatedAt)),
    null,
  )
  const seen = newest !== null && scan.serverTime !== null ? earlier(newest, scan.serverTime) : newest
  const oldest = scan.clips.reduce<Timestamp>((low, { createdAt }) => earlier(low, createdAt), scan.startedAt)
  if (before === null)
    return {
      highWater: seen,
      baselineAt: scan.serverTime ?? scan.startedAt,
      baselineFrom: scan.complete ? null : oldest,
      lastFullScanAt: scan.startedAt,
    }
  const highWater =
    before.highWater === null || seen === null ? (seen ?? before.highWater) : later(before.highWater, seen)
  return { ...before, highWater, lastFullScanAt: scan.fullScan ? scan.startedAt : before.lastFullScanAt }
}
