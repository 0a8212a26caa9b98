import {
  type Camera,
  CameraId,
  type CameraKind,
  type Clip,
  ClipId,
  parseTimestamp,
} from "@blink-streams/model"
import type { MediaRow, VideoRow } from "../wire/media.ts"
import { thumbnailPath } from "./thumbnailPath.ts"

/** Kinds by the device types that the clip list uses. */
const kindByDeviceType: Readonly<Record<string, CameraKind>> = {
  camera: "camera",
  white: "camera",
  xt: "camera",
  xt2: "camera",
  catalina: "camera",
  sedona: "camera",
  owl: "mini",
  hawk: "mini",
  superior: "mini",
  lotus: "doorbell",
  tulip: "doorbell",
  orchid: "doorbell",
  doorbell: "doorbell",
}

/**
 * Kind of the camera of a row. Ids are unique within a kind only, so a camera of the homescreen with the same
 * id and model decides, then an unambiguous id, then the known device types.
 */
const kindOf = (id: number, device: string | null, cameras: ReadonlyArray<Camera>): CameraKind | null => {
  const same = cameras.filter((camera) => camera.id === id)
  const exact = same.find((camera) => camera.model === device)
  if (exact !== undefined) return exact.kind
  const known = kindByDeviceType[device ?? ""]
  if (known !== undefined && known !== "camera") return known
  return same.length === 1 ? same[0]!.kind : (known ?? null)
}

const cameraOf = (
  id: number | null | undefined,
  device: string | null,
  cameras: ReadonlyArray<Camera>,
): Clip["camera"] => {
  if (id === null || id === undefined) return null
  const kind = kindOf(id, device, cameras)
  return kind === null ? null : { kind, id: CameraId.make(id) }
}

/** Converts a row of today's list; `null` when its times cannot be parsed. */
export const toClip = (row: MediaRow, cameras: ReadonlyArray<Camera>): Clip | null => {
  const createdAt = parseTimestamp(row.created_at)
  const updatedAt = parseTimestamp(row.updated_at)
  if (createdAt === null || updatedAt === null) return null
  return {
    id: ClipId.make(String(row.id)),
    storage: "cloud",
    networkId: row.network_id,
    camera: cameraOf(row.device_id, row.device ?? null, cameras),
    cameraName: row.device_name ?? "",
    source: row.source ?? null,
    createdAt,
    updatedAt,
    durationSeconds: null,
    partial: row.partial ?? false,
    watched: row.watched ?? false,
    deleted: row.deleted ?? false,
    thumbnail: thumbnailPath(row.thumbnail, null),
    media: row.media ?? null,
  }
}

/** Converts a row of the legacy list. It has no source: a clip with a motion event is taken as motion. */
export const legacyToClip = (row: VideoRow, cameras: ReadonlyArray<Camera>): Clip | null => {
  const createdAt = parseTimestamp(row.created_at)
  const updatedAt = parseTimestamp(row.updated_at)
  if (createdAt === null || updatedAt === null) return null
  return {
    id: ClipId.make(String(row.id)),
    storage: "cloud",
    networkId: row.network_id,
    camera: cameraOf(row.camera_id, "camera", cameras),
    cameraName: row.camera_name ?? "",
    source: row.event_id === null || row.event_id === undefined ? "manual" : "pir",
    createdAt,
    updatedAt,
    durationSeconds: row.length ?? null,
    partial: row.partial === true || row.ready === false,
    watched: row.viewed !== null && row.viewed !== undefined,
    deleted: false,
    thumbnail: thumbnailPath(row.thumbnail, null),
    media: row.address ?? null,
  }
}
