import { type CameraState, cameraKey } from "@blink-streams/model"
import { findItem } from "./findItem.ts"

/** Finds a camera by name, id, or kind and id as in `"mini:88001"`. Throws a `TypeError` unless exactly one matches. */
export const findCamera = (cameras: ReadonlyArray<CameraState>, nameOrId: string | number): CameraState =>
  findItem(cameras, nameOrId, {
    noun: "camera",
    nameOf: ({ name }) => name,
    idsOf: (camera) => [cameraKey(camera), camera.id],
  })
