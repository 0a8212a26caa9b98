import { type Camera, type Clip, ClipId, timestampFromMillis } from "@blink-streams/model"
import { Effect } from "effect"
import { blinkError } from "../../BlinkError.ts"
import { NotFound } from "../../Reason.ts"
import type { UsbManifest, UsbStorage } from "../../UsbStorage.ts"
import type { Manifest } from "../wire/media.ts"

/** Camera name as in a manifest: letters and digits only. */
const normalizeName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase()

/** Converts a row of a manifest; empty when its time cannot be parsed. */
export const toLocalClip = (
  storage: UsbStorage,
  row: Manifest["clips"][number],
  cameras: ReadonlyArray<Camera>,
): ReadonlyArray<Clip> => {
  const millis = Date.parse(row.created_at)
  if (Number.isNaN(millis)) return []
  const at = timestampFromMillis(millis)
  const matches = cameras.filter(
    (camera) =>
      camera.networkId === storage.network &&
      normalizeName(camera.name) === normalizeName(row.camera_name ?? ""),
  )
  // Two camera names may be equal after normalization; then neither is assigned.
  const [camera] = matches.length === 1 ? matches : []
  return [
    {
      id: ClipId.make(`local:${row.id}`),
      storage: "local",
      networkId: storage.network,
      camera: camera === undefined ? null : { kind: camera.kind, id: camera.id },
      cameraName: camera?.name ?? row.camera_name ?? "",
      source: "unknown",
      createdAt: at,
      updatedAt: at,
      durationSeconds: null,
      partial: false,
      watched: false,
      deleted: false,
      thumbnail: null,
      media: null,
    },
  ]
}

/** Id of a local clip as the sync module knows it. */
export const wireClipId = (clip: ClipId): string => clip.replace(/^local:/, "")

/** Fails with `NotFound` unless the manifest contains the clip. */
export const requireListed = (manifest: UsbManifest, clip: ClipId) =>
  manifest.clips.some(({ id }) => id === clip)
    ? Effect.void
    : Effect.fail(
        blinkError(
          "local clip",
          new NotFound({ code: null, detail: "the manifest does not contain this clip" }),
          "no",
        ),
      )
