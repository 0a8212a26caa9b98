import { type Timestamp, timestampToMillis } from "@blink-streams/model"
import { Context, Layer } from "effect"

/** Offset of the cloud's clock from the local one, by the latest response that has a time. */
export class CloudClock extends Context.Service<
  CloudClock,
  {
    readonly update: (cloudTime: Timestamp | null, localTime: Timestamp) => void
    /** Converts local time to the cloud's, in milliseconds since the Unix epoch; `null` while the offset is unknown. */
    readonly toCloudTime: (localTime: Timestamp) => number | null
  }
>()("@blink-streams/events/CloudClock") {
  static readonly layer: Layer.Layer<CloudClock> = Layer.sync(CloudClock, () => {
    let offsetMs: number | null = null
    return {
      update: (cloudTime, localTime) => {
        if (cloudTime !== null) offsetMs = timestampToMillis(cloudTime) - timestampToMillis(localTime)
      },
      toCloudTime: (localTime) => (offsetMs === null ? null : timestampToMillis(localTime) + offsetMs),
    }
  })
}
