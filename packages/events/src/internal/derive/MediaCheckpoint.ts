import { type Clip, Timestamp, timestampFromMillis, timestampToMillis } from "@blink-streams/model"
import { Schema } from "effect"

/** Position of the media poller in the list of clips. */
export const MediaCheckpoint = Schema.Struct({
  /** Newest `updatedAt` that was certainly seen; `null` while the list was empty. */
  highWater: Schema.NullOr(Timestamp),
  /** Start of the first scan, by the cloud's clock where it is known. */
  baselineAt: Timestamp,
  /** False until the first scan is written. A restart begins it again, and keeps `baselineAt`. */
  baselineComplete: Schema.Boolean,
  /** Unknown clips from before this belong to the baseline; `null` when the first poll listed all of them. */
  baselineFrom: Schema.NullOr(Timestamp),
  /** Time of the last full scan, which finds the clips that the high-water mark has passed. */
  lastFullScanAt: Timestamp,
})
export type MediaCheckpoint = typeof MediaCheckpoint.Type

/** Time of the first page of a scan. */
export interface ScanStart {
  readonly startedAt: Timestamp
  /** The cloud's clock; `null` when the response has none. */
  readonly serverTime: Timestamp | null
}

/** The merged pages of one poll. */
export interface MediaScan extends ScanStart {
  readonly clips: ReadonlyArray<Clip>
  /** False when the list has more clips than one poll may read. */
  readonly complete: boolean
  /** True when this poll requested the longer period. */
  readonly fullScan: boolean
}

const earlier = (a: Timestamp, b: Timestamp): Timestamp => (a < b ? a : b)
const later = (a: Timestamp, b: Timestamp): Timestamp => (a < b ? b : a)
const minus = (timestamp: Timestamp, millis: number): Timestamp =>
  timestampFromMillis(timestampToMillis(timestamp) - millis)

/** The cloud compares `since` with `updatedAt`, and a clip is listed 60 to 120 s later (`blink-protocol.md` 3.5). */
const overlap = 120_000
const day = 24 * 3_600_000

/** Further delay in which a late clip is found while no newer one has moved the mark. The full scan covers more. */
const lateArrivalWindow = 15 * 60_000

/**
 * Returns the `since` of the next request; `null` requests everything. `lastCompleteAt` is the cloud's time of the last
 * complete scan. Without it, thousands of clips that were changed at once would be listed again at each poll until a
 * newer one exists.
 */
export const scanSince = (
  checkpoint: MediaCheckpoint | null,
  fullScan: boolean,
  lastCompleteAt: Timestamp | null,
): Timestamp | null => {
  if (checkpoint === null || checkpoint.highWater === null) return null
  const since = minus(checkpoint.highWater, overlap)
  // A full scan reaches back to a day before the last one, so that each clip is listed again after a day.
  if (fullScan) return earlier(minus(checkpoint.lastFullScanAt, day), since)
  return lastCompleteAt === null ? since : later(since, minus(lastCompleteAt, lateArrivalWindow))
}

/**
 * True when the daily full scan is due, or when the clock has jumped so far that the time since the last is unknown.
 */
export const isFullScanDue = ({ lastFullScanAt }: MediaCheckpoint, now: Timestamp): boolean =>
  minus(now, day) >= lastFullScanAt || minus(lastFullScanAt, day) > now

/** Returns the checkpoint at the start of the first scan. */
export const startCheckpoint = ({ startedAt, serverTime }: ScanStart): MediaCheckpoint => ({
  highWater: null,
  baselineAt: serverTime ?? startedAt,
  baselineComplete: false,
  baselineFrom: null,
  lastFullScanAt: startedAt,
})

/**
 * Returns the checkpoint after a scan.
 *
 * The high-water mark never passes the cloud's time at the start of the scan: a clip that is written while later pages
 * are read may be missed, and a device with a wrong clock must not hide the clips of the others.
 */
export const advanceCheckpoint = (before: MediaCheckpoint, scan: MediaScan): MediaCheckpoint => {
  const newest = scan.clips.reduce<Timestamp | null>(
    (high, { updatedAt }) => (high === null ? updatedAt : later(high, updatedAt)),
    null,
  )
  const seen = newest !== null && scan.serverTime !== null ? earlier(newest, scan.serverTime) : newest
  const oldest = scan.clips.reduce<Timestamp>((low, { createdAt }) => earlier(low, createdAt), scan.startedAt)
  if (!before.baselineComplete)
    return {
      highWater: seen,
      baselineAt: before.baselineAt,
      baselineComplete: true,
      baselineFrom: scan.complete ? null : oldest,
      lastFullScanAt: scan.startedAt,
    }
  const highWater =
    before.highWater === null || seen === null ? (seen ?? before.highWater) : later(before.highWater, seen)
  return { ...before, highWater, lastFullScanAt: scan.fullScan ? scan.startedAt : before.lastFullScanAt }
}
