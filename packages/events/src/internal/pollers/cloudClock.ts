import { type Timestamp, timestampToMillis } from "@blink-streams/model"

/** How far the cloud's clock is ahead of ours, by its latest answer that told one. */
export const makeCloudClock = () => {
  let offsetMs: number | null = null
  return {
    update: (cloudTime: Timestamp | null, localTime: Timestamp) => {
      if (cloudTime !== null) offsetMs = timestampToMillis(cloudTime) - timestampToMillis(localTime)
    },
    /** Our time as theirs; `null` while no answer has told one. */
    toCloudTime: (localTime: Timestamp): number | null =>
      offsetMs === null ? null : timestampToMillis(localTime) + offsetMs,
  }
}
export type CloudClock = ReturnType<typeof makeCloudClock>
