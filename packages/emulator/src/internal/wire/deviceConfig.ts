import { seededHex, type Seed } from "../world/seed.ts"
import type { Camera } from "../world/World.ts"
import { newestThumbnail, listedThumbnail } from "./mediaPath.ts"
import { listedTemperature } from "./homescreen.ts"
import { dBm, macAddress, rawTemperature, sharedSettings, statusReport, voltage } from "./statusReport.ts"
import { timestamp, timestampOrNull } from "./time.ts"

const everyZone: ReadonlyArray<number> = Array.from({ length: 25 }, () => 4095)

export const signals = (camera: Camera) => ({
  lfr: camera.lfrBars,
  wifi: camera.wifiBars,
  updated_at: timestamp(camera.updatedAt),
  temp: listedTemperature(camera),
  battery: camera.batteryBars,
})

const usesUsbStorage = ({ network, type }: Camera): boolean => network.syncModule !== null && type !== "xt2"

/** Settings that are newer than the legacy API document. */
const laterSettings = (camera: Camera, seed: Seed) => ({
  usage_alert_count: 0,
  last_usage_alert: null,
  mfg_main_type: camera.type.slice(0, 3).toUpperCase(),
  mfg_main_range: 2_409_033_705,
  mfg_mez_type: "QTR",
  mfg_mez_range: 2_411_337_798,
  type: camera.type,
  country_id: "US",
  first_boot: timestamp(camera.createdAt),
  ring_device_id: null,
  local_connection_certificate_id: null,
  account_id: camera.network.account.id,
  network_id: camera.network.id,
  sync_module_id: camera.network.syncModule?.id ?? null,
  account: camera.network.account.id,
  network: camera.network.id,
  camera_seq: 1,
  last_connect: {
    ...statusReport(camera, seed),
    fw_git_hash: `release:${seededHex(seed, `firmware/${camera.firmware}`, 8)}`,
    lifetime_count: 0,
    lifetime_duration: 0,
    pir_rejections: 0,
  },
  armed: camera.network.armed,
  motion_alert: true,
  record_audio: true,
  buzzer_on: true,
  early_termination: true,
  clip_bitrate: 620,
  liveview_bitrate: 0,
  motion_regions_compatible: true,
  early_pir_compatible: false,
  early_notification_compatible: true,
  night_vision_exposure_compatible: true,
  privacy_zones_compatible: true,
  video_quality_support: ["saver", "standard", "best"],
  video_quality: "best",
  early_notification: false,
  night_vision_exposure: 1,
  clip_max_length: 60,
  early_termination_supported: true,
  clip_warning_threshold: 15,
  flip_video_compatible: true,
  flip_video: false,
  video_recording_enable: true,
  video_recording_optional: false,
  local_storage_enabled: usesUsbStorage(camera),
  local_storage_compatible: usesUsbStorage(camera),
  snapshot_compatible: true,
  snapshot_enabled: false,
  snapshot_period_minutes: 60,
  snapshot_period_minutes_options: [60],
  last_snapshot_event: null,
})

/** Settings of a battery camera: an array with one element, and its signals. */
export const cameraConfig = (camera: Camera, seed: Seed, now: number) => {
  const thumbnail = newestThumbnail(camera)
  const snoozed = camera.snoozedUntil !== null && camera.snoozedUntil > now
  return {
    camera: [
      {
        id: camera.id,
        created_at: timestamp(camera.createdAt),
        updated_at: timestamp(camera.updatedAt),
        deleted_at: null,
        serial: camera.serial,
        camera_key: "",
        fw_version: camera.firmware,
        mac_address: macAddress(seed, `camera/${camera.id}`),
        ip_address: null,
        thumbnail: thumbnail === undefined ? null : listedThumbnail(camera, thumbnail),
        unit_number: camera.unitNumber,
        wifi_strength: dBm(camera.wifiBars, camera.online),
        lfr_strength: dBm(camera.lfrBars, camera.online),
        temperature: rawTemperature(camera),
        battery_voltage: voltage(camera),
        ...sharedSettings(camera),
        ...laterSettings(camera, seed),
        snooze_till: timestampOrNull(snoozed ? camera.snoozedUntil : null),
        ...camera.settings,
      },
    ],
    signals: { ...signals(camera), battery_state: camera.battery },
  }
}

/** Settings that minis and doorbells share. Their names differ from those of battery cameras. */
const flatSettings = (camera: Camera) => ({
  name: camera.name,
  updated_at: timestamp(camera.updatedAt),
  fw_version: camera.firmware,
  enabled: camera.enabled,
  video_quality: "best",
  clip_length_max: 60,
  clip_length: 10,
  retrigger_time: 10,
  motion_sensitivity: 5,
  motion_regions: 33_554_431,
  early_notification: false,
  early_notification_compatible: true,
  early_termination_supported: true,
  night_vision_control: "normal",
  illuminator_enable_v2: "auto",
  illuminator_duration: 1,
  illuminator_intensity: 4,
  record_audio_enable: true,
  volume_control: 7,
  wifi: camera.online ? camera.wifiBars : 0,
  video_recording_enable: true,
  flip_video: false,
  local_storage_enabled: usesUsbStorage(camera),
  local_storage_compatible: true,
})

/** `illuminator_enable` is text here and a number for battery cameras. */
export const owlConfig = (camera: Camera) => ({
  ...flatSettings(camera),
  led_enabled: true,
  led_state: camera.lightOn ? "on" : "off",
  status: camera.online ? "online" : "offline",
  advanced_motion_regions: everyZone,
  early_termination: false,
  illuminator_enable: "auto",
  video_recording_optional: true,
  flip_video_compatible: true,
  ...camera.settings,
})

export const doorbellConfig = (camera: Camera) => ({
  ...flatSettings(camera),
  status: camera.online ? "done" : "offline",
  doorbell_mode: "lfr",
  battery_state: camera.battery,
  temp: camera.temperature,
  temp_alarm_enable: camera.temperatureAlert,
  temp_min: 39,
  temp_max: 90,
  wifi_rssi: dBm(camera.wifiBars, camera.online),
  lfr: camera.online ? camera.lfrBars : 0,
  lfr_rssi: dBm(camera.lfrBars, camera.online),
  led_mode: "always",
  led_state: "on",
  valid_led_modes: ["off", "always", "night_only"],
  alert_tone_volume: 7,
  clip_warning_threshold: 15,
  motion_regions_compatible: true,
  early_termination: true,
  video_recording_optional: false,
  flip_video_compatible: false,
  privacy_zones_compatible: true,
  snapshot_enabled: false,
  snapshot_period_minutes: 60,
  snapshot_period_minutes_options: [60],
  last_connect: {
    ac_power: false,
    battery_voltage: voltage(camera),
    wifi_strength: dBm(camera.wifiBars, camera.online),
    lfr_strength: dBm(camera.lfrBars, camera.online),
    temperature: rawTemperature(camera),
  },
  ...camera.settings,
})

export const motionRegions = (camera: Camera) => ({
  motion_regions: Number(camera.settings["motion_regions"] ?? 33_554_431),
  advanced_motion_regions: camera.settings["advanced_motion_regions"] ?? everyZone,
})
