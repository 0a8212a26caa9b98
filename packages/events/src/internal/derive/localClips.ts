import { type Camera, type Clip, ClipId, type NetworkId, parseTimestamp } from "@blink-streams/model"
import { normalizeName } from "./normalizeName.ts"

/** A row of a USB storage manifest, with the fields that are read. */
export interface ManifestRow {
  readonly id: string
  readonly camera_name?: string | null
  readonly created_at: string
}

/**
 * Converts the manifest of one sync module into clips. A name that matches two cameras of the network matches none. A
 * row whose time cannot be parsed is left out.
 */
export const toLocalClips = (
  rows: ReadonlyArray<ManifestRow>,
  network: NetworkId,
  cameras: ReadonlyArray<Camera>,
): ReadonlyArray<Clip> =>
  rows.flatMap((row) => {
    const createdAt = parseTimestamp(row.created_at)
    if (createdAt === null) return []
    const name = row.camera_name ?? ""
    const matches = cameras.filter(
      (camera) => camera.networkId === network && normalizeName(camera.name) === normalizeName(name),
    )
    const [camera] = matches.length === 1 ? matches : []
    return [
      {
        id: ClipId.make(`local:${row.id}`),
        storage: "local" as const,
        networkId: network,
        camera: camera === undefined ? null : { kind: camera.kind, id: camera.id },
        cameraName: camera?.name ?? name,
        source: "",
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
