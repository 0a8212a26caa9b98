import { type Timestamp, Timestamps } from "@blink-streams/model"

/** How far the cloud's clock is ahead of ours, by its latest answer that told one. */
export const makeCloudClock = () => {
  let aheadMs: number | null = null
  return {
    note: (theirs: Timestamp | null, ours: Timestamp) => {
      if (theirs !== null) aheadMs = Timestamps.toMillis(theirs) - Timestamps.toMillis(ours)
    },
    /** Our time as theirs; `null` while no answer has told one. */
    theirs: (ours: Timestamp): number | null =>
      aheadMs === null ? null : Timestamps.toMillis(ours) + aheadMs,
  }
}
export type CloudClock = ReturnType<typeof makeCloudClock>
