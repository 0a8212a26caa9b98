import { Schema } from "effect"
import { openEnum } from "../decode/openEnum.ts"
import {
  NetworkId,
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

/** Network in full. `network_key` is its radio key, a secret. */
const NetworkRow = Schema.Struct({
  id: NetworkId,
  ...fieldsOf(
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
  ...fieldsOf(
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
  ...fieldsOf(
    Int,
    "ping_interval",
    "lfr_channel",
    "storage_used",
    "storage_total",
    "video_count",
    "video_history_count",
    "account_id",
  ),
  ...fieldsOf(Anything, "encryption_key", "feature_plan_id", "location_id", "deleted_at"),
})

export const Networks = Schema.Struct({
  networks: arrayOf(NetworkRow),
  summary: nullish(
    Schema.Record(Schema.String, Schema.Struct({ name: nullish(Text), onboarded: nullish(Flag) })),
  ),
})
export const OneNetwork = Schema.Struct({ network: NetworkRow })

const SyncModuleRow = Schema.Struct({
  /** Absent in the oldest responses. */
  id: nullish(Int),
  network_id: nullish(NetworkId),
  ...fieldsOf(
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
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(
    Anything,
    "mac_address",
    "lfr_frequency",
    "last_wifi_alert",
    "backfill_in_progress",
    "ring_device_id",
    "feature_plan_id",
  ),
  ...fieldsOf(Flag, "onboarded", "local_storage_enabled"),
  ...fieldsOf(
    Int,
    "wifi_alert_count",
    "offline_alert_count",
    "table_update_sequence",
    "account_id",
    "vo9_channel",
  ),
  ...fieldsOf(Num, "wifi_strength"),
})

/** One object under a plural name; it has been a list as well. */
export const SyncModules = Schema.Struct({
  syncmodule: nullish(Schema.Union([SyncModuleRow, arrayOf(SyncModuleRow)])),
})

const Siren = Schema.Struct({
  id: Int,
  ...fieldsOf(Int, "network_id"),
  ...fieldsOf(Text, "name", "serial", "type", "status", "created_at", "updated_at"),
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(Flag, "enabled"),
})
export const Sirens = Schema.Union([
  arrayOf(Siren),
  Schema.Struct({ sirens: nullish(arrayOf(Siren)), ...fieldsOf(Int, "network_id", "account_id") }),
])

const ProgramRow = Schema.Struct({
  id: Int,
  schedule: nullish(
    arrayOf(
      Schema.Struct({
        devices: nullish(arrayOf(Anything)),
        ...fieldsOf(arrayOf(Text), "dow"),
        ...fieldsOf(Text, "time", "action"),
      }),
    ),
  ),
  ...fieldsOf(Int, "network_id"),
  ...fieldsOf(Text, "status", "name", "format"),
})
export type ProgramRow = typeof ProgramRow.Type
export const Programs = arrayOf(ProgramRow)
export const ProgramUpdate = Schema.Struct({
  program: nullish(
    Schema.Struct({
      ...fieldsOf(Int, "id", "network_id", "user_id", "account_id"),
      ...fieldsOf(Text, "created_at", "updated_at", "name", "data", "status"),
    }),
  ),
  actions: nullish(
    arrayOf(
      Schema.Struct({
        ...fieldsOf(Int, "id", "program_id", "network_id", "user_id", "account_id"),
        ...fieldsOf(Text, "created_at", "updated_at", "time", "dow", "action", "devices", "status"),
        ...fieldsOf(Anything, "alt_when", "last_execution"),
      }),
    ),
  ),
})

/** Legacy homescreen: one network, without its id. */
export const LegacyHomescreen = Schema.Struct({
  account: nullish(Schema.Struct({ ...fieldsOf(Int, "notifications") })),
  network: nullish(
    Schema.Struct({
      ...fieldsOf(Text, "name", "status", "error_msg"),
      ...fieldsOf(Num, "wifi_strength"),
      ...fieldsOf(Flag, "armed", "enable_temp_alerts"),
      ...fieldsOf(Int, "notifications", "warning"),
    }),
  ),
  devices: nullish(
    arrayOf(
      Schema.Struct({
        ...fieldsOf(
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
        ...fieldsOf(Int, "device_id", "notifications", "warning", "errors", "battery"),
        ...fieldsOf(Flag, "enabled", "armed", "usage_rate"),
        ...fieldsOf(Num, "wifi_strength", "lfr_strength", "temp"),
      }),
    ),
  ),
})

/** Rows of the legacy event list; most are `heartbeat`. */
const LegacyEventRow = Schema.Struct({
  id: Int,
  // Some are inferred from other parts of the API and were never observed.
  type: nullish(
    openEnum(
      "motion",
      "armed",
      "disarmed",
      "arm",
      "disarm",
      "heartbeat",
      "first_boot",
      "scheduled",
      "offline",
      "battery",
      "temperature",
      "lfr",
      "wifi",
      "usage",
    ),
  ),
  ...fieldsOf(Text, "created_at", "updated_at", "camera_name", "video_url"),
  ...fieldsOf(Flag, "notified"),
  ...fieldsOf(
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
  ...fieldsOf(Anything, "status", "siren_id", "siren"),
})
export type LegacyEventRow = typeof LegacyEventRow.Type
export const LegacyEvents = Schema.Struct({ event: nullish(arrayOf(LegacyEventRow)) })
