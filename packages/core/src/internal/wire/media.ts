import { Schema } from "effect"
import { openEnum } from "../decode/openEnum.ts"
import { NetworkId, fieldsOf, Anything, Flag, Int, arrayOf, nullish, Text, TextOrNumber } from "./fields.ts"

const MediaRow = Schema.Struct({
  id: Int,
  created_at: Text,
  updated_at: Text,
  network_id: NetworkId,
  source: nullish(openEnum("pir", "cv_motion", "button_press", "snapshot", "liveview")),
  thumbnail: nullish(TextOrNumber),
  additional_devices: nullish(arrayOf(Anything)),
  ...fieldsOf(Flag, "deleted", "partial", "watched"),
  ...fieldsOf(Text, "device", "device_name", "network_name", "type", "media", "time_zone"),
  ...fieldsOf(Int, "device_id"),
  ...fieldsOf(Anything, "metadata"),
})
export type MediaRow = typeof MediaRow.Type

/** Rows whose `updated_at` is later than `since`, including rows that were watched, deleted or purged. */
export const MediaChanged = Schema.Struct({
  media: arrayOf(MediaRow),
  ...fieldsOf(Int, "limit", "purge_id", "refresh_count"),
})

const VideoRow = Schema.Struct({
  id: Int,
  created_at: Text,
  updated_at: Text,
  thumbnail: nullish(TextOrNumber),
  network_id: NetworkId,
  ...fieldsOf(
    Text,
    "camera_name",
    "description",
    "viewed",
    "storage_location",
    "address",
    "network_name",
    "time_zone",
  ),
  ...fieldsOf(Int, "length", "size", "upload_time", "encryption", "account_id", "camera_id", "event_id"),
  ...fieldsOf(Flag, "locked", "ready", "partial"),
  ...fieldsOf(Anything, "encryption_key"),
})
export type VideoRow = typeof VideoRow.Type
/** Plain array with ten clips per page; page 0 has the newest. */
export const Videos = arrayOf(VideoRow)
export const VideoCount = Schema.Struct({ count: Int })

/** Clip list of newer apps: no `deleted`, and a cursor instead of pages. */
export const MediaV4 = Schema.Struct({
  media: nullish(
    arrayOf(
      Schema.Struct({
        profiles: nullish(arrayOf(Anything)),
        ...fieldsOf(Int, "id", "device_id", "network_id", "clip_length", "clip_length_ms"),
        ...fieldsOf(
          Text,
          "created_at",
          "updated_at",
          "device",
          "device_name",
          "network_name",
          "type",
          "source",
          "event_type",
          "clip_start_time",
          "thumbnail",
          "media",
        ),
        ...fieldsOf(Flag, "watched", "is_favorite"),
        ...fieldsOf(
          Anything,
          "no_media_reason",
          "ai_vd",
          "unusual_activity",
          "similarity_group_id",
          "primary_id",
          "secondary_id",
        ),
        ...fieldsOf(arrayOf(Text), "cv_detection"),
      }),
    ),
  ),
  ...fieldsOf(Anything, "manifest_id"),
  ...fieldsOf(Int, "page_size", "pagination_key", "moment_gap_time"),
})
export const UnwatchedMedia = Schema.Struct({ ...fieldsOf(Int, "unwatched_clips") })
export const MediaSettings = Schema.Struct({
  ...fieldsOf(Int, "ttl_period"),
  ...fieldsOf(arrayOf(Int), "ttl_period_options"),
  ...fieldsOf(Flag, "capped_capacity_storage"),
})

/** Manifest of USB storage. Ids and sizes (KiB) are strings; spaces are removed from names. */
export const Manifest = Schema.Struct({
  manifest_id: Text,
  version: nullish(Text),
  clips: arrayOf(
    Schema.Struct({ id: Text, size: nullish(Text), camera_name: nullish(Text), created_at: Text }),
  ),
})
export type Manifest = typeof Manifest.Type
export const LocalStorageStatus = Schema.Struct({
  ...fieldsOf(Int, "sync_module_id", "network_id", "usb_storage_used", "storage_warning"),
  ...fieldsOf(
    Flag,
    "enabled",
    "usb_storage_full",
    "can_format_usb",
    "sm_backup_enabled",
    "sm_backup_in_progress",
  ),
  ...fieldsOf(Text, "usb_state", "last_backup_completed", "last_backup_result"),
})
