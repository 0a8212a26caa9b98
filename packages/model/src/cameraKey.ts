import type { CameraId, CameraKind } from "./Ids.ts"

/**
 * Formats kind and id of a camera as one key, `kind:id`, for maps. It has its own module so that web pages can
 * import it without the schemas.
 */
export const cameraKey = (camera: { readonly kind: CameraKind; readonly id: CameraId }): string =>
  `${camera.kind}:${camera.id}`
