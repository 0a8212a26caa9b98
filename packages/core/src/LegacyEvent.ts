import type { Camera, ClipId, Timestamp } from "@blink-streams/model"

/** Row of the legacy API's event list. */
export interface LegacyEvent {
  readonly id: number
  /** `arm`: arming or disarming. `other` adds nothing to a snapshot, such as a heartbeat. */
  readonly kind: "motion" | "arm" | "other"
  /** `null` when it is missing or cannot be parsed. */
  readonly at: Timestamp | null
  /** `null` for rows about no camera. */
  readonly camera: Pick<Camera, "kind" | "id"> | null
  readonly cameraName: string | null
  /** Clip of a motion; `null` until its upload. */
  readonly clipId: ClipId | null
  /** Path for `BlinkApi.bytes`. */
  readonly clip: string | null
  readonly durationSeconds: number | null
}
