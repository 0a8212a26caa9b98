import { updatedAt } from "../world/media.ts"
import type { MediaItem } from "../world/World.ts"
import { clipPath, clipThumbnailPath } from "./mediaPath.ts"
import { timestamp } from "./time.ts"

/** One item of the paged list that the app uses since 2026. It has no `deleted`. */
export const mediaItemV4 = (item: MediaItem, now: number) => ({
  id: item.id,
  created_at: timestamp(item.createdAt),
  updated_at: timestamp(updatedAt(item, now)),
  device: item.camera.type,
  device_id: item.camera.id,
  device_name: item.camera.name,
  network_id: item.camera.network.id,
  network_name: item.camera.network.name,
  type: "video",
  source: item.source,
  event_type: item.source === "button_press" ? "doorbell" : "motion",
  watched: item.watchedAt !== null,
  is_favorite: item.favorite,
  clip_length: item.seconds,
  clip_length_ms: item.seconds * 1000,
  clip_start_time: timestamp(item.createdAt),
  thumbnail: clipThumbnailPath(item),
  media: clipPath(item),
  no_media_reason: null,
  cv_detection: item.source === "cv_motion" ? ["person"] : [],
  ai_vd: null,
  profiles: [],
  unusual_activity: null,
  similarity_group_id: null,
  primary_id: null,
  secondary_id: null,
})
