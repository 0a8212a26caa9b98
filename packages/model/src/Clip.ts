import { Schema } from "effect"
import { CameraId, CameraKind, ClipId, NetworkId } from "./Ids.ts"
import { Timestamp } from "./Timestamp.ts"

/**
 * Reason for the recording, as the cloud names it. `pir` and `cv_motion` are motion, `button_press` is the doorbell;
 * `liveview` and `snapshot` come from a user or a schedule, never from motion. Values not listed here pass unchanged.
 */
export const ClipSource = Schema.String
export type ClipSource = typeof ClipSource.Type

/** A recording, from the cloud's media list or from the manifest of the USB storage. */
export const Clip = Schema.Struct({
  id: ClipId,
  storage: Schema.Literals(["cloud", "local"]),
  networkId: NetworkId,
  /** `null` when the camera cannot be identified: local manifests contain names, not ids. */
  camera: Schema.NullOr(Schema.Struct({ kind: CameraKind, id: CameraId })),
  cameraName: Schema.String,
  /**
   * `null` when the list does not report it: a manifest of USB storage never does. A camera stores a clip there for
   * motion as a rule, so readers take such a clip as motion.
   */
  source: Schema.NullOr(ClipSource),
  /** Start of the recording by the device's clock. */
  createdAt: Timestamp,
  /** Time of the last change in the list: upload finished, watched, deleted, purged. */
  updatedAt: Timestamp,
  /** `null` when the list does not contain it. */
  durationSeconds: Schema.NullOr(Schema.Finite),
  partial: Schema.Boolean,
  watched: Schema.Boolean,
  deleted: Schema.Boolean,
  thumbnail: Schema.NullOr(Schema.String),
  media: Schema.NullOr(Schema.String),
})
export type Clip = typeof Clip.Type
