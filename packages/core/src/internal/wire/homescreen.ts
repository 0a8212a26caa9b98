import { Schema } from "effect"
import { openEnum } from "../decode/openEnum.ts"
import {
  CameraId,
  NetworkId,
  SyncModuleId,
  fieldsOf,
  Anything,
  Flag,
  Int,
  arrayOf,
  nullish,
  Num,
  Text,
  TextOrNumber,
} from "./fields.ts"

const NetworkOnWire = Schema.Struct({
  id: NetworkId,
  ...fieldsOf(Text, "created_at", "updated_at", "name", "time_zone"),
  ...fieldsOf(Flag, "dst", "armed", "lv_save"),
  ...fieldsOf(Anything, "ring_location_id"),
})

const SyncModuleOnWire = Schema.Struct({
  id: SyncModuleId,
  status: nullish(openEnum("online", "offline")),
  network_id: NetworkId,
  ...fieldsOf(
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
  ...fieldsOf(
    Flag,
    "onboarded",
    "enable_temp_alerts",
    "local_storage_enabled",
    "local_storage_compatible",
    "vo9_compatible",
  ),
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(Num, "wifi_strength"),
  ...fieldsOf(Anything, "subscription_id"),
})

/** Item of `cameras`: battery camera of a sync module. */
const CameraOnWire = Schema.Struct({
  id: CameraId,
  thumbnail: nullish(TextOrNumber),
  status: nullish(openEnum("done", "online", "offline")),
  battery: nullish(openEnum("ok", "low")),
  network_id: NetworkId,
  issues: nullish(arrayOf(Anything)),
  signals: nullish(Schema.Struct({ ...fieldsOf(Int, "lfr", "wifi", "battery"), ...fieldsOf(Num, "temp") })),
  ...fieldsOf(
    Text,
    "created_at",
    "updated_at",
    "name",
    "serial",
    "type",
    "revision",
    "color",
    "network_type",
  ),
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(
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
  ...fieldsOf(Int, "snooze_time_remaining", "thumbnail_timestamp", "subscription_id"),
  ...fieldsOf(Anything, "ring_device_id", "ring_device_type"),
})

/** Item of `owls`: Mini or another mains-powered camera. */
const OwlOnWire = Schema.Struct({
  id: CameraId,
  thumbnail: nullish(TextOrNumber),
  status: nullish(openEnum("done", "online", "offline")),
  network_id: NetworkId,
  ...fieldsOf(Text, "created_at", "updated_at", "type", "serial", "name", "revision", "color"),
  ...fieldsOf(
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
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(
    Anything,
    "snooze_time_remaining",
    "subscription_id",
    "primary_id",
    "secondary_id",
    "ring_device_id",
    "ring_device_type",
    "signals",
  ),
  ...fieldsOf(Int, "thumbnail_timestamp"),
})

/** Item of `doorbells`. */
const DoorbellOnWire = Schema.Struct({
  id: CameraId,
  mode: nullish(Text),
  thumbnail: nullish(TextOrNumber),
  status: nullish(openEnum("done", "online", "offline")),
  battery: nullish(openEnum("ok", "low")),
  network_id: NetworkId,
  issues: nullish(arrayOf(Anything)),
  signals: nullish(Schema.Struct({ ...fieldsOf(Int, "lfr", "wifi") })),
  ...fieldsOf(Text, "created_at", "updated_at", "name", "type", "serial", "revision", "color"),
  ...fieldsOf(
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
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(Anything, "snooze_time_remaining", "ring_device_id", "ring_device_type"),
  ...fieldsOf(Int, "thumbnail_timestamp"),
})

/**
 * Homescreen: everything on the account. `networks` is required. The array of a camera decides its kind,
 * because type names change.
 */
export const Homescreen = Schema.Struct({
  networks: arrayOf(NetworkOnWire),
  sync_modules: nullish(arrayOf(SyncModuleOnWire)),
  cameras: nullish(arrayOf(CameraOnWire)),
  owls: nullish(arrayOf(OwlOnWire)),
  doorbells: nullish(arrayOf(DoorbellOnWire)),
  account: nullish(
    Schema.Struct({
      ...fieldsOf(Int, "id"),
      ...fieldsOf(Flag, "email_verified", "email_verification_required", "amazon_account_linked"),
    }),
  ),
  sirens: nullish(arrayOf(Anything)),
  chimes: nullish(arrayOf(Anything)),
  video_stats: nullish(
    Schema.Struct({
      ...fieldsOf(Num, "storage"),
      ...fieldsOf(Int, "auto_delete_days"),
      ...fieldsOf(arrayOf(Int), "auto_delete_day_options"),
    }),
  ),
  doorbell_buttons: nullish(arrayOf(Anything)),
  app_updates: nullish(
    Schema.Struct({
      ...fieldsOf(Text, "message"),
      ...fieldsOf(Int, "code"),
      ...fieldsOf(Flag, "update_available", "update_required"),
    }),
  ),
  device_limits: nullish(
    Schema.Struct({
      ...fieldsOf(
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
  whats_new: nullish(Schema.Struct({ ...fieldsOf(Int, "updated_at"), ...fieldsOf(Text, "url") })),
  subscriptions: nullish(Schema.Struct({ ...fieldsOf(Text, "updated_at") })),
  entitlements: nullish(Schema.Struct({ ...fieldsOf(Text, "updated_at") })),
  tiv_lock_status: nullish(Schema.Struct({ ...fieldsOf(Flag, "locked") })),
  accessories: nullish(Anything),
  access: nullish(Schema.Struct({ ...fieldsOf(Text, "updated_at") })),
  location: nullish(Schema.Struct({ ...fieldsOf(Text, "updated_at") })),
  ring_devices: nullish(arrayOf(Anything)),
  ...fieldsOf(Flag, "tiv_lock_enable", "changed"),
})
export type Homescreen = typeof Homescreen.Type
export type DeviceOnWire = typeof CameraOnWire.Type | typeof OwlOnWire.Type | typeof DoorbellOnWire.Type
