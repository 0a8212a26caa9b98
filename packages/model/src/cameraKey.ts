import type { CameraId, CameraKind } from "./Ids.ts"

/**
 * One string for one camera, for maps and for places that have room for a single key. It stands alone so that a
 * web page can have it without the schemas.
 */
export const cameraKey = (camera: { readonly kind: CameraKind; readonly id: CameraId }): string =>
  `${camera.kind}:${camera.id}`
