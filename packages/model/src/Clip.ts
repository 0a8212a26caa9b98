import { Schema } from "effect"
import { CameraId, CameraKind, ClipId, NetworkId } from "./Ids.ts"
import { Timestamp } from "./Timestamp.ts"

/**
 * Why the camera recorded: `pir` and `cv_motion` are motion, `button_press` the doorbell; `liveview` and
 * `snapshot` are a person or a schedule, never motion. Any other word of the cloud passes as it is.
 */
export const ClipSource = Schema.String
export type ClipSource = typeof ClipSource.Type

/** A recording, as a media list of the cloud or a manifest of a USB stick shows it. */
export const Clip = Schema.Struct({
  id: ClipId,
  storage: Schema.Literals(["cloud", "local"]),
  networkId: NetworkId,
  /** `null` when the list names a camera that we can't tell (local manifests have names only). */
  camera: Schema.NullOr(Schema.Struct({ kind: CameraKind, id: CameraId })),
  cameraName: Schema.String,
  source: ClipSource,
  /** Start of the recording by the device's clock. */
  createdAt: Timestamp,
  /** Last change of the row: upload finished, watched, deleted, purged. */
  updatedAt: Timestamp,
  /** `null` when the list does not say. */
  durationSeconds: Schema.NullOr(Schema.Finite),
  partial: Schema.Boolean,
  watched: Schema.Boolean,
  deleted: Schema.Boolean,
  thumbnail: Schema.NullOr(Schema.String),
  media: Schema.NullOr(Schema.String),
})
export type Clip = typeof Clip.Type
