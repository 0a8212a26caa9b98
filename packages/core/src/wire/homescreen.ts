import { Schema } from "effect"
import { words } from "../internal/words.ts"
import { CameraId, NetworkId, SyncModuleId } from "@blink-streams/model/Ids"
import { all, Anything, Flag, Int, list, maybe, Num, Text, TextOrNumber } from "./fields.ts"

const NetworkOnWire = Schema.Struct({
  id: NetworkId,
  ...all(Text, "created_at", "updated_at", "name", "time_zone"),
  ...all(Flag, "dst", "armed", "lv_save"),
  ...all(Anything, "ring_location_id"),
})

const SyncModuleOnWire = Schema.Struct({
  id: SyncModuleId,
  status: maybe(words("online", "offline")),
  network_id: NetworkId,
  ...all(
    Text,
    "created_at",
    "updated_at",
    "name",
    "serial",
    "type",
    "subtype",
    "last_hb",
    "local_storage_status",
    "revision",
  ),
  ...all(
    Flag,
    "onboarded",
    "enable_temp_alerts",
    "local_storage_enabled",
    "local_storage_compatible",
    "vo9_compatible",
  ),
  ...all(TextOrNumber, "fw_version"),
  ...all(Num, "wifi_strength"),
  ...all(Anything, "subscription_id"),
})

/** The array `cameras`: battery cameras beside a sync module. */
const CameraOnWire = Schema.Struct({
  id: CameraId,
  thumbnail: maybe(TextOrNumber),
  status: maybe(words("done", "online", "offline")),
  battery: maybe(words("ok", "low")),
  network_id: NetworkId,
  issues: maybe(list(Anything)),
  signals: maybe(Schema.Struct({ ...all(Int, "lfr", "wifi", "battery"), ...all(Num, "temp") })),
  ...all(Text, "created_at", "updated_at", "name", "serial", "type", "revision", "color", "network_type"),
  ...all(TextOrNumber, "fw_version"),
  ...all(
    Flag,
    "enabled",
    "usage_rate",
    "local_storage_enabled",
    "local_storage_compatible",
    "snooze",
    "two_way_audio",
    "audio_aec",
    "audio_privacy_enabled",
    "vo9_compatible",
  ),
  ...all(Int, "snooze_time_remaining", "thumbnail_timestamp", "subscription_id"),
  ...all(Anything, "ring_device_id", "ring_device_type"),
})

/** The array `owls`: Minis and other cameras on mains. */
const OwlOnWire = Schema.Struct({
  id: CameraId,
  thumbnail: maybe(TextOrNumber),
  status: maybe(words("done", "online", "offline")),
  network_id: NetworkId,
  ...all(Text, "created_at", "updated_at", "type", "serial", "name", "revision", "color"),
  ...all(
    Flag,
    "onboarded",
    "enabled",
    "local_storage_enabled",
    "local_storage_compatible",
    "snooze",
    "two_way_audio",
    "audio_aec",
    "audio_privacy_enabled",
  ),
  ...all(TextOrNumber, "fw_version"),
  ...all(
    Anything,
    "snooze_time_remaining",
    "subscription_id",
    "primary_id",
    "secondary_id",
    "ring_device_id",
    "ring_device_type",
    "signals",
  ),
  ...all(Int, "thumbnail_timestamp"),
})

/** The array `doorbells`. */
const DoorbellOnWire = Schema.Struct({
  id: CameraId,
  mode: maybe(Text),
  thumbnail: maybe(TextOrNumber),
  status: maybe(words("done", "online", "offline")),
  battery: maybe(words("ok", "low")),
  network_id: NetworkId,
  issues: maybe(list(Anything)),
  signals: maybe(Schema.Struct({ ...all(Int, "lfr", "wifi") })),
  ...all(Text, "created_at", "updated_at", "name", "type", "serial", "revision", "color"),
  ...all(
    Flag,
    "onboarded",
    "enabled",
    "config_out_of_sync",
    "changing_mode",
    "local_storage_enabled",
    "local_storage_compatible",
    "snooze",
    "two_way_audio",
    "audio_aec",
    "audio_privacy_enabled",
  ),
  ...all(TextOrNumber, "fw_version"),
  ...all(Anything, "snooze_time_remaining", "ring_device_id", "ring_device_type"),
  ...all(Int, "thumbnail_timestamp"),
})

/**
 * Everything on the account in one document. An answer without `networks` is none. The kind of a camera is the
 * array it stands in: type words come and go.
 */
export const Homescreen = Schema.Struct({
  networks: list(NetworkOnWire),
  sync_modules: maybe(list(SyncModuleOnWire)),
  cameras: maybe(list(CameraOnWire)),
  owls: maybe(list(OwlOnWire)),
  doorbells: maybe(list(DoorbellOnWire)),
  account: maybe(
    Schema.Struct({
      ...all(Int, "id"),
      ...all(Flag, "email_verified", "email_verification_required", "amazon_account_linked"),
    }),
  ),
  sirens: maybe(list(Anything)),
  chimes: maybe(list(Anything)),
  video_stats: maybe(
    Schema.Struct({
      ...all(Num, "storage"),
      ...all(Int, "auto_delete_days"),
      ...all(list(Int), "auto_delete_day_options"),
    }),
  ),
  doorbell_buttons: maybe(list(Anything)),
  app_updates: maybe(
    Schema.Struct({
      ...all(Text, "message"),
      ...all(Int, "code"),
      ...all(Flag, "update_available", "update_required"),
    }),
  ),
  device_limits: maybe(
    Schema.Struct({
      ...all(
        Int,
        "camera",
        "chime",
        "doorbell",
        "doorbell_button",
        "owl",
        "siren",
        "total_devices",
        "total_cameras",
      ),
    }),
  ),
  whats_new: maybe(Schema.Struct({ ...all(Int, "updated_at"), ...all(Text, "url") })),
  subscriptions: maybe(Schema.Struct({ ...all(Text, "updated_at") })),
  entitlements: maybe(Schema.Struct({ ...all(Text, "updated_at") })),
  tiv_lock_status: maybe(Schema.Struct({ ...all(Flag, "locked") })),
  accessories: maybe(Anything),
  access: maybe(Schema.Struct({ ...all(Text, "updated_at") })),
  location: maybe(Schema.Struct({ ...all(Text, "updated_at") })),
  ring_devices: maybe(list(Anything)),
  ...all(Flag, "tiv_lock_enable", "changed"),
})
export type Homescreen = typeof Homescreen.Type
export type DeviceOnWire = typeof CameraOnWire.Type | typeof OwlOnWire.Type | typeof DoorbellOnWire.Type
