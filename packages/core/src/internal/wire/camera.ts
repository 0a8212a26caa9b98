import { Schema } from "effect"
import {
  CameraId,
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

/**
 * Last status report of a device. Radio in dBm (-255: unknown), raw temperature in °F, voltage in 1/100 V.
 */
const report = {
  ...fieldsOf(
    Int,
    "camera_id",
    "error_codes",
    "light_sensor_ch0",
    "light_sensor_ch1",
    "time_first_video",
    "time_108_boot",
    "time_wlan_connect",
    "time_dhcp_lease",
    "time_dns_resolve",
    "lfr_108_wakeups",
    "total_108_wakeups",
    "lfr_tb_wakeups",
    "total_tb_wakeups",
    "wifi_connect_failure_count",
    "dhcp_failure_count",
    "socket_failure_count",
    "dev_1",
    "dev_2",
    "unit_number",
    "sync_module_id",
    "network_id",
    "account_id",
    "lifetime_count",
    "lifetime_duration",
    "pir_rejections",
  ),
  ...fieldsOf(Text, "created_at", "updated_at", "mac", "ipv", "ip_address", "serial", "fw_git_hash"),
  ...fieldsOf(Num, "wifi_strength", "lfr_strength", "battery_voltage", "temperature"),
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(
    Flag,
    "battery_alert_status",
    "temp_alert_status",
    "ac_power",
    "light_sensor_data_valid",
    "light_sensor_data_new",
  ),
  ...fieldsOf(Anything, "dev_3"),
}

export const CameraStatus = Schema.Struct({
  camera_status: Schema.Struct({ ...report, ...fieldsOf(Int, "id"), ...fieldsOf(Text, "thumbnail") }),
})

const settings = {
  ...fieldsOf(
    Text,
    "camera_key",
    "mac_address",
    "name",
    "liveview_enabled",
    "alert_repeat",
    "video_50_60hz",
    "max_resolution",
    "status",
    "last_offline_alert",
    "temp_alert_state",
    "battery_state",
    "battery_check_time",
    "thumbnail",
  ),
  ...fieldsOf(
    Flag,
    "siren_enable",
    "onboarded",
    "enabled",
    "alert_tone_enable",
    "temp_alarm_enable",
    "battery_alarm_enable",
    "invert_image",
    "flip_image",
    "record_audio_enable",
    "auto_test",
    "a1",
  ),
  ...fieldsOf(
    Anything,
    "siren_volume",
    "temp_hysteresis",
    "last_battery_alert",
    "last_temp_alert",
    "last_wifi_alert",
    "last_lfr_alert",
  ),
  ...fieldsOf(Num, "motion_sensitivity", "temp_adjust", "temp_min", "temp_max"),
  ...fieldsOf(
    Int,
    "alert_tone_volume",
    "alert_interval",
    "video_length",
    "temp_interval",
    "illuminator_duration",
    "illuminator_intensity",
    "battery_voltage_interval",
    "battery_voltage_threshold",
    "battery_voltage_hysteresis",
    "battery_alert_count",
    "lfr_sync_interval",
    "clip_rate",
    "liveview_rate",
    "wifi_timeout",
    "retry_count",
    "temp_alert_count",
    "wifi_alert_count",
    "lfr_alert_count",
    "offline_alert_count",
    "motion_regions",
  ),
  ...fieldsOf(Anything, "illuminator_enable"),
}

/** Legacy list of the cameras of one network, with report and settings. */
export const LegacyCameras = Schema.Struct({
  devicestatus: arrayOf(
    Schema.Struct({ ...report, ...settings, id: CameraId, network_id: NetworkId, deleted_at: nullish(Text) }),
  ),
})

/** Radio bars 0-5, battery bars 0-3, calibrated temperature in the account's unit. */
const Signals = Schema.Struct({
  ...fieldsOf(Int, "lfr", "wifi", "vo9", "battery"),
  ...fieldsOf(Num, "temp"),
  ...fieldsOf(Text, "updated_at", "battery_state"),
})
export const CameraSignals = Signals

/** Settings of a battery camera: an array with one item beside the signals, or one flat object. */
const CameraSettings = Schema.Struct({
  ...report,
  ...settings,
  last_connect: nullish(Schema.Struct({ ...report })),
  ...fieldsOf(
    Int,
    "usage_alert_count",
    "mfg_main_range",
    "mfg_mez_range",
    "account",
    "network",
    "camera_seq",
    "clip_bitrate",
    "liveview_bitrate",
    "night_vision_exposure",
    "clip_max_length",
    "clip_warning_threshold",
    "snapshot_period_minutes",
    "id",
  ),
  ...fieldsOf(
    Anything,
    "last_usage_alert",
    "ring_device_id",
    "local_connection_certificate_id",
    "last_snapshot_event",
    "snooze_till",
  ),
  ...fieldsOf(
    Text,
    "mfg_main_type",
    "mfg_mez_type",
    "type",
    "country_id",
    "first_boot",
    "video_quality",
    "deleted_at",
  ),
  ...fieldsOf(
    Flag,
    "armed",
    "motion_alert",
    "record_audio",
    "buzzer_on",
    "early_termination",
    "motion_regions_compatible",
    "early_pir_compatible",
    "early_notification_compatible",
    "night_vision_exposure_compatible",
    "privacy_zones_compatible",
    "early_notification",
    "early_termination_supported",
    "flip_video_compatible",
    "flip_video",
    "video_recording_enable",
    "video_recording_optional",
    "local_storage_enabled",
    "local_storage_compatible",
    "snapshot_compatible",
    "snapshot_enabled",
  ),
  ...fieldsOf(arrayOf(Text), "video_quality_support"),
  ...fieldsOf(arrayOf(Int), "snapshot_period_minutes_options"),
})
export const CameraConfig = Schema.Union([
  Schema.Struct({ camera: arrayOf(CameraSettings), signals: nullish(Signals) }),
  CameraSettings,
])

export const OwlConfig = Schema.Struct({
  ...fieldsOf(
    Text,
    "name",
    "updated_at",
    "led_state",
    "status",
    "video_quality",
    "night_vision_control",
    "illuminator_enable_v2",
  ),
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(
    Flag,
    "enabled",
    "led_enabled",
    "early_termination",
    "early_notification",
    "early_notification_compatible",
    "early_termination_supported",
    "record_audio_enable",
    "video_recording_enable",
    "video_recording_optional",
    "flip_video",
    "flip_video_compatible",
    "local_storage_enabled",
    "local_storage_compatible",
  ),
  ...fieldsOf(
    Int,
    "clip_length_max",
    "clip_length",
    "retrigger_time",
    "motion_regions",
    "illuminator_duration",
    "illuminator_intensity",
    "volume_control",
    "wifi",
  ),
  ...fieldsOf(Num, "motion_sensitivity"),
  ...fieldsOf(arrayOf(Int), "advanced_motion_regions"),
  ...fieldsOf(Anything, "illuminator_enable"),
})
export const DoorbellConfig = Schema.Struct({
  last_connect: nullish(
    Schema.Struct({
      ...fieldsOf(Flag, "ac_power"),
      ...fieldsOf(Num, "battery_voltage", "wifi_strength", "lfr_strength", "temperature"),
    }),
  ),
  ...fieldsOf(
    Text,
    "name",
    "updated_at",
    "status",
    "doorbell_mode",
    "battery_state",
    "led_mode",
    "led_state",
    "video_quality",
    "night_vision_control",
    "illuminator_enable_v2",
  ),
  ...fieldsOf(TextOrNumber, "fw_version"),
  ...fieldsOf(
    Flag,
    "enabled",
    "temp_alarm_enable",
    "motion_regions_compatible",
    "early_termination",
    "early_termination_supported",
    "early_notification",
    "early_notification_compatible",
    "record_audio_enable",
    "video_recording_enable",
    "video_recording_optional",
    "flip_video",
    "flip_video_compatible",
    "privacy_zones_compatible",
    "local_storage_enabled",
    "local_storage_compatible",
    "snapshot_enabled",
  ),
  ...fieldsOf(Num, "temp", "temp_min", "temp_max", "motion_sensitivity"),
  ...fieldsOf(
    Int,
    "wifi",
    "wifi_rssi",
    "lfr",
    "lfr_rssi",
    "volume_control",
    "alert_tone_volume",
    "clip_length",
    "clip_length_max",
    "clip_warning_threshold",
    "retrigger_time",
    "motion_regions",
    "illuminator_duration",
    "illuminator_intensity",
    "snapshot_period_minutes",
  ),
  ...fieldsOf(arrayOf(Text), "valid_led_modes"),
  ...fieldsOf(arrayOf(Int), "snapshot_period_minutes_options"),
})

/** Grid of 5×5 cells as bits, with 12 more bits per cell. */
export const MotionRegions = Schema.Struct({
  ...fieldsOf(Int, "motion_regions", "id", "network_id", "code"),
  ...fieldsOf(arrayOf(Int), "advanced_motion_regions"),
  ...fieldsOf(Text, "message"),
})

/** Relay of a live view. `server` is a capability: anyone who knows it can watch. */
export const LiveViewResponse = Schema.Struct({
  command_id: Int,
  /** Lenient, because a session with an invalid `server` must still be ended. */
  server: nullish(Text),
  options: nullish(Schema.Struct({ ...fieldsOf(Flag, "poor_connection") })),
  ...fieldsOf(Anything, "parent_command_id", "media_id", "video_id"),
  ...fieldsOf(Flag, "join_available", "submit_logs", "new_command", "is_mclv", "first_joiner"),
  ...fieldsOf(Text, "join_state", "liveview_token", "type"),
  ...fieldsOf(
    Int,
    "duration",
    "extended_duration",
    "continue_interval",
    "continue_warning",
    "polling_interval",
    "network_id",
  ),
})
export type LiveViewResponse = typeof LiveViewResponse.Type

/** Seconds of use within `range_days`. Minis and doorbells are not included. */
export const CameraUsage = Schema.Struct({
  reference: nullish(Schema.Struct({ ...fieldsOf(Num, "usage") })),
  networks: nullish(
    arrayOf(
      Schema.Struct({
        cameras: nullish(
          arrayOf(
            Schema.Struct({
              ...fieldsOf(Int, "id", "lv_seconds", "clip_seconds"),
              ...fieldsOf(Text, "name"),
              ...fieldsOf(Num, "usage"),
            }),
          ),
        ),
        ...fieldsOf(Int, "network_id"),
        ...fieldsOf(Text, "name"),
      }),
    ),
  ),
  ...fieldsOf(Int, "range_days"),
})
