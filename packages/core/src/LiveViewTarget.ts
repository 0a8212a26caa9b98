import type { CameraId, CameraKind, NetworkId } from "@blink-streams/model"

/** Camera of a live view. */
export interface LiveViewTarget {
  readonly network: NetworkId
  readonly kind: CameraKind
  readonly camera: CameraId
}
