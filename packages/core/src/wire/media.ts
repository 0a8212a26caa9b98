import { Schema } from "effect"
import { words } from "../internal/words.ts"
import { NetworkId } from "@blink-streams/model/Ids"
import { all, Anything, Flag, Int, list, maybe, Text, TextOrNumber } from "./fields.ts"

const MediaRow = Schema.Struct({
  id: Int,
  created_at: Text,
  updated_at: Text,
  network_id: NetworkId,
  source: maybe(words("pir", "cv_motion", "button_press", "snapshot", "liveview")),
  thumbnail: maybe(TextOrNumber),
  additional_devices: maybe(list(Anything)),
  ...all(Flag, "deleted", "partial", "watched"),
  ...all(Text, "device", "device_name", "network_name", "type", "media", "time_zone"),
  ...all(Int, "device_id"),
  ...all(Anything, "metadata"),
})
export type MediaRow = typeof MediaRow.Type

/** Rows whose `updated_at` is later than `since`: also those that were watched, deleted or purged since. */
export const MediaChanged = Schema.Struct({
  media: list(MediaRow),
  ...all(Int, "limit", "purge_id", "refresh_count"),
})

const VideoRow = Schema.Struct({
  id: Int,
  created_at: Text,
  updated_at: Text,
  thumbnail: maybe(TextOrNumber),
  network_id: NetworkId,
  ...all(
    Text,
    "camera_name",
    "description",
    "viewed",
    "storage_location",
    "address",
    "network_name",
    "time_zone",
  ),
  ...all(Int, "length", "size", "upload_time", "encryption", "account_id", "camera_id", "event_id"),
  ...all(Flag, "locked", "ready", "partial"),
  ...all(Anything, "encryption_key"),
})
export type VideoRow = typeof VideoRow.Type
/** A bare array: ten to a page, the newest on page 0. */
export const Videos = list(VideoRow)
export const VideoCount = Schema.Struct({ count: Int })

/** The app's newer list: no `deleted`, and a cursor instead of pages. */
export const MediaV4 = Schema.Struct({
  media: maybe(
    list(
      Schema.Struct({
        profiles: maybe(list(Anything)),
        ...all(Int, "id", "device_id", "network_id", "clip_length", "clip_length_ms"),
        ...all(
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
        ...all(Flag, "watched", "is_favorite"),
        ...all(
          Anything,
          "no_media_reason",
          "ai_vd",
          "unusual_activity",
          "similarity_group_id",
          "primary_id",
          "secondary_id",
        ),
        ...all(list(Text), "cv_detection"),
      }),
    ),
  ),
  ...all(Anything, "manifest_id"),
  ...all(Int, "page_size", "pagination_key", "moment_gap_time"),
})
export const UnwatchedMedia = Schema.Struct({ ...all(Int, "unwatched_clips") })
export const MediaSettings = Schema.Struct({
  ...all(Int, "ttl_period"),
  ...all(list(Int), "ttl_period_options"),
  ...all(Flag, "capped_capacity_storage"),
})

/** The hub's list of what is on its USB stick. Ids and sizes (KiB) are strings; names have lost their blanks. */
export const Manifest = Schema.Struct({
  manifest_id: Text,
  version: maybe(Text),
  clips: list(Schema.Struct({ id: Text, size: maybe(Text), camera_name: maybe(Text), created_at: Text })),
})
export type Manifest = typeof Manifest.Type
export const LocalStorageStatus = Schema.Struct({
  ...all(Int, "sync_module_id", "network_id", "usb_storage_used", "storage_warning"),
  ...all(Flag, "enabled", "usb_storage_full", "can_format_usb", "sm_backup_enabled", "sm_backup_in_progress"),
  ...all(Text, "usb_state", "last_backup_completed", "last_backup_result"),
})
