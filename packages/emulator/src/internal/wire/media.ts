import { updatedAt } from "../world/media.ts"
import type { MediaItem } from "../world/World.ts"
import { clipPath, clipThumbnailPath, legacyClipPath } from "./mediaPath.ts"
import { timestamp, timestampOrNull } from "./time.ts"

/** One item of `media/changed`, with the present names of camera and network. */
export const mediaItem = (item: MediaItem, now: number) => ({
  id: item.id,
  created_at: timestamp(item.createdAt),
  updated_at: timestamp(updatedAt(item, now)),
  deleted: item.deletedAt !== null,
  device: item.camera.type,
  device_id: item.camera.id,
  device_name: item.camera.name,
  network_id: item.camera.network.id,
  network_name: item.camera.network.name,
  type: "video",
  source: item.source,
  partial: now < item.completeAt,
  watched: item.watchedAt !== null,
  thumbnail: clipThumbnailPath(item),
  media: clipPath(item),
  metadata: null,
  additional_devices: [],
  time_zone: item.camera.network.timeZone,
})

/** One item of the legacy video list. */
export const legacyVideo = (item: MediaItem, now: number) => ({
  id: item.id,
  created_at: timestamp(item.createdAt),
  updated_at: timestamp(updatedAt(item, now)),
  camera_name: item.camera.name,
  description: "",
  length: item.seconds,
  size: clipBytes(item.seconds),
  upload_time: 7,
  viewed: timestampOrNull(item.watchedAt),
  locked: false,
  ready: now >= item.completeAt,
  encryption: 0,
  encryption_key: null,
  storage_location: "prod",
  thumbnail: legacyClipPath(item),
  address: `${legacyClipPath(item)}.mp4`,
  account_id: item.camera.network.account.id,
  network_id: item.camera.network.id,
  camera_id: item.camera.id,
  event_id: item.eventId,
  partial: now < item.completeAt,
  network_name: item.camera.network.name,
  time_zone: item.camera.network.timeZone,
})

/** Size of a clip in bytes. It depends on the length only; files are padded to it. */
export const clipBytes = (seconds: number): number => 104_448 + 8192 * Math.ceil(seconds)
