import { type Timestamp, Timestamps } from "@blink-streams/model"

/** How far the cloud's clock is ahead of ours, by its latest answer that told one. */
export const makeCloudClock = () => {
  let aheadMs = 0
  return {
    note: (theirs: Timestamp | null, ours: Timestamp) => {
      if (theirs !== null) aheadMs = Timestamps.toMillis(theirs) - Timestamps.toMillis(ours)
    },
    /** Our time as theirs. */
    theirs: (ours: Timestamp): number => Timestamps.toMillis(ours) + aheadMs,
  }
}
export type CloudClock = ReturnType<typeof makeCloudClock>
