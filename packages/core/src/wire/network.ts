import { NetworkId } from "@blink-streams/model/Ids"
import { Schema } from "effect"
import { all, Anything, Flag, Int, list, maybe, Num, Text, TextOrNumber } from "./fields.ts"

/** A network in full. `network_key` is the key of its radio: a secret. */
const NetworkRow = Schema.Struct({
  id: NetworkId,
  ...all(
    Text,
    "created_at",
    "updated_at",
    "name",
    "network_key",
    "description",
    "network_origin",
    "locale",
    "time_zone",
    "lv_mode",
    "video_destination",
    "arm_string",
  ),
  ...all(
    Flag,
    "dst",
    "armed",
    "autoarm_geo_enable",
    "autoarm_time_enable",
    "sm_backup_enabled",
    "busy",
    "camera_error",
    "sync_module_error",
    "lv_save",
  ),
  ...all(
    Int,
    "ping_interval",
    "lfr_channel",
    "storage_used",
    "storage_total",
    "video_count",
    "video_history_count",
    "account_id",
  ),
  ...all(Anything, "encryption_key", "feature_plan_id", "location_id", "deleted_at"),
})

export const Networks = Schema.Struct({
  networks: list(NetworkRow),
  summary: maybe(Schema.Record(Schema.String, Schema.Struct({ name: maybe(Text), onboarded: maybe(Flag) }))),
})
export const OneNetwork = Schema.Struct({ network: NetworkRow })

const SyncModuleRow = Schema.Struct({
  /** The oldest answer of all has none. */
  id: maybe(Int),
  network_id: maybe(NetworkId),
  ...all(
    Text,
    "created_at",
    "updated_at",
    "last_activity",
    "name",
    "ip_address",
    "serial",
    "status",
    "server",
    "last_hb",
    "os_version",
    "last_offline_alert",
    "last_backup_started",
    "last_backup_completed",
    "last_backfill_completed",
    "first_boot",
    "country_id",
  ),
  ...all(TextOrNumber, "fw_version"),
  ...all(
    Anything,
    "mac_address",
    "lfr_frequency",
    "last_wifi_alert",
    "backfill_in_progress",
    "ring_device_id",
    "feature_plan_id",
  ),
  ...all(Flag, "onboarded", "local_storage_enabled"),
  ...all(
    Int,
    "wifi_alert_count",
    "offline_alert_count",
    "table_update_sequence",
    "account_id",
    "vo9_channel",
  ),
  ...all(Num, "wifi_strength"),
})

/** One object under a plural path; it has been a list, too. */
export const SyncModules = Schema.Struct({
  syncmodule: maybe(Schema.Union([SyncModuleRow, list(SyncModuleRow)])),
})

const Siren = Schema.Struct({
  id: Int,
  ...all(Int, "network_id"),
  ...all(Text, "name", "serial", "type", "status", "created_at", "updated_at"),
  ...all(TextOrNumber, "fw_version"),
  ...all(Flag, "enabled"),
})
export const Sirens = Schema.Union([
  list(Siren),
  Schema.Struct({ sirens: maybe(list(Siren)), ...all(Int, "network_id", "account_id") }),
])

export const Programs = list(
  Schema.Struct({
    id: Int,
    schedule: maybe(
      list(
        Schema.Struct({
          devices: maybe(list(Anything)),
          ...all(list(Text), "dow"),
          ...all(Text, "time", "action"),
        }),
      ),
    ),
    ...all(Int, "network_id"),
    ...all(Text, "status", "name", "format"),
  }),
)
export const ProgramUpdate = Schema.Struct({
  program: maybe(
    Schema.Struct({
      ...all(Int, "id", "network_id", "user_id", "account_id"),
      ...all(Text, "created_at", "updated_at", "name", "data", "status"),
    }),
  ),
  actions: maybe(
    list(
      Schema.Struct({
        ...all(Int, "id", "program_id", "network_id", "user_id", "account_id"),
        ...all(Text, "created_at", "updated_at", "time", "dow", "action", "devices", "status"),
        ...all(Anything, "alt_when", "last_execution"),
      }),
    ),
  ),
})

/** The seed's homescreen shows one network, without its id. */
export const LegacyHomescreen = Schema.Struct({
  account: maybe(Schema.Struct({ ...all(Int, "notifications") })),
  network: maybe(
    Schema.Struct({
      ...all(Text, "name", "status", "error_msg"),
      ...all(Num, "wifi_strength"),
      ...all(Flag, "armed", "enable_temp_alerts"),
      ...all(Int, "notifications", "warning"),
    }),
  ),
  devices: maybe(
    list(
      Schema.Struct({
        ...all(
          Text,
          "device_type",
          "updated_at",
          "name",
          "thumbnail",
          "active",
          "error_msg",
          "status",
          "battery_state",
          "last_hb",
        ),
        ...all(Int, "device_id", "notifications", "warning", "errors", "battery"),
        ...all(Flag, "enabled", "armed", "usage_rate"),
        ...all(Num, "wifi_strength", "lfr_strength", "temp"),
      }),
    ),
  ),
})

/** Rows of the old event list; `heartbeat` makes up most of them. */
export const LegacyEvents = Schema.Struct({
  event: maybe(
    list(
      Schema.Struct({
        id: Int,
        ...all(Text, "created_at", "updated_at", "type", "camera_name", "video_url"),
        ...all(Flag, "notified"),
        ...all(
          Int,
          "duration",
          "command_id",
          "camera_id",
          "sync_module_id",
          "network_id",
          "account_id",
          "syncmodule",
          "camera",
          "account",
          "video_id",
        ),
        ...all(Anything, "status", "siren_id", "siren"),
      }),
    ),
  ),
})
