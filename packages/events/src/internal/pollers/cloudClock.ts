import { type Timestamp, timestampToMillis } from "@blink-streams/model"

/** Offset of the cloud's clock from the local one, by the latest response that has a time. */
export const makeCloudClock = () => {
  let offsetMs: number | null = null
  return {
    update: (cloudTime: Timestamp | null, localTime: Timestamp) => {
      if (cloudTime !== null) offsetMs = timestampToMillis(cloudTime) - timestampToMillis(localTime)
    },
    /** Converts local time to the cloud's, in milliseconds since the Unix epoch; `null` while the offset is unknown. */
    toCloudTime: (localTime: Timestamp): number | null =>
      offsetMs === null ? null : timestampToMillis(localTime) + offsetMs,
  }
}
export type CloudClock = ReturnType<typeof makeCloudClock>
