import { type Camera, type Clip, ClipId, parseTimestamp } from "@blink-streams/model"
import { Effect } from "effect"
import { blinkError } from "../../BlinkError.ts"
import { NotFound } from "../../Reason.ts"
import { manifestCameraName, type UsbManifest, type UsbStorage } from "../../UsbStorage.ts"
import type { Manifest } from "../wire/media.ts"

/**
 * Converts the rows of a manifest into clips. A row whose time cannot be parsed is left out; a name that matches two
 * cameras of the network matches none.
 */
export const toLocalClips = (
  { network }: UsbStorage,
  rows: Manifest["clips"],
  cameras: ReadonlyArray<Camera>,
): ReadonlyArray<Clip> =>
  rows.flatMap((row): ReadonlyArray<Clip> => {
    const createdAt = parseTimestamp(row.created_at)
    if (createdAt === null) return []
    const name = row.camera_name ?? ""
    const matches = cameras.filter(
      (camera) =>
        camera.networkId === network && manifestCameraName(camera.name) === manifestCameraName(name),
    )
    const [camera] = matches.length === 1 ? matches : []
    return [
      {
        id: ClipId.make(`local:${row.id}`),
        storage: "local",
        networkId: network,
        camera: camera === undefined ? null : { kind: camera.kind, id: camera.id },
        cameraName: camera?.name ?? name,
        // A manifest has no field for it.
        source: null,
        createdAt,
        updatedAt: createdAt,
        durationSeconds: null,
        partial: false,
        watched: false,
        deleted: false,
        thumbnail: null,
        media: null,
      },
    ]
  })

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
