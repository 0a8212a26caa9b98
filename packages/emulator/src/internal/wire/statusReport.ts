import { seededHex, seededInt, type Seed } from "../world/seed.ts"
import type { Camera } from "../world/World.ts"
import { newestThumbnail, legacyThumbnailPath } from "./mediaPath.ts"
import { timestamp, timestampOrNull } from "./time.ts"

/** Converts bars, which lists use, to dBm, which reports use. -255 means unknown. */
export const dBm = (bars: number, online: boolean): number => (online ? -90 + bars * 8 : -255)

/** Hundredths of a volt per cell: 165 when new, about 133 when the battery is low. */
export const voltage = (camera: Camera): number =>
  camera.battery === "low" ? 133 : 154 + camera.batteryBars * 3

/** `temp_adjust`: degrees to add to the raw sensor value to get the temperature of the lists. */
const temperatureAdjustment = -2
export const rawTemperature = (camera: Camera): number => camera.temperature - temperatureAdjustment

export const macAddress = (seed: Seed, label: string): string =>
  `02:00:5e:${(seededHex(seed, `${label}/mac`, 6).match(/../g) ?? []).join(":")}`

/** Last status report of a device, part of three responses. */
export const statusReport = (camera: Camera, seed: Seed) => {
  const label = `camera/${camera.id}`
  const count = (name: string, high: number) => seededInt(seed, `${label}/${name}`, 0, high)
  return {
    camera_id: camera.id,
    created_at: timestamp(camera.createdAt),
    updated_at: timestamp(camera.updatedAt),
    wifi_strength: dBm(camera.wifiBars, camera.online),
    lfr_strength: dBm(camera.lfrBars, camera.online),
    battery_voltage: voltage(camera),
    temperature: rawTemperature(camera),
    fw_version: camera.firmware,
    mac: macAddress(seed, label),
    ipv: "ipv4",
    ip_address: `192.168.4.${20 + (camera.id % 200)}`,
    error_codes: 0,
    battery_alert_status: camera.battery === "low",
    temp_alert_status: camera.temperatureAlert,
    ac_power: false,
    light_sensor_ch0: count("ch0", 400),
    light_sensor_ch1: count("ch1", 60_000),
    light_sensor_data_valid: true,
    light_sensor_data_new: true,
    time_first_video: count("video", 200_000),
    time_108_boot: 90_000 + count("boot", 2000),
    time_wlan_connect: 1_000_000 + count("wlan", 200_000),
    time_dhcp_lease: 1_000_000 + count("dhcp", 200_000),
    time_dns_resolve: count("dns", 2000),
    lfr_108_wakeups: 0,
    total_108_wakeups: count("wakeups", 100),
    lfr_tb_wakeups: count("tb", 100),
    total_tb_wakeups: count("total", 30_000),
    wifi_connect_failure_count: 0,
    dhcp_failure_count: 0,
    socket_failure_count: 0,
    dev_1: count("dev1", 9_000_000),
    dev_2: count("dev2", 30_000),
    dev_3: count("dev3", 700_000),
    unit_number: camera.unitNumber,
    serial: camera.serial,
    sync_module_id: camera.network.syncModule?.id ?? null,
    network_id: camera.network.id,
    account_id: camera.network.account.id,
  }
}

/** Settings of a battery camera that all responses share. */
export const sharedSettings = (camera: Camera) => ({
  name: camera.name,
  liveview_enabled: "off",
  siren_enable: false,
  siren_volume: null,
  onboarded: true,
  motion_sensitivity: 5,
  enabled: camera.enabled,
  alert_tone_enable: true,
  alert_tone_volume: 0,
  alert_repeat: "off",
  alert_interval: 10,
  video_length: 10,
  temp_alarm_enable: camera.temperatureAlert,
  temp_interval: 1,
  temp_adjust: temperatureAdjustment,
  temp_min: 39,
  temp_max: 90,
  temp_hysteresis: null,
  illuminator_enable: 2,
  illuminator_duration: 1,
  illuminator_intensity: 4,
  battery_alarm_enable: false,
  battery_voltage_interval: 0,
  battery_voltage_threshold: 512,
  battery_voltage_hysteresis: 512,
  last_battery_alert: null,
  battery_alert_count: 0,
  lfr_sync_interval: 8,
  video_50_60hz: "freq_60hz",
  invert_image: false,
  flip_image: false,
  record_audio_enable: true,
  clip_rate: 620,
  liveview_rate: 0,
  max_resolution: camera.type === "sedona" || camera.type === "catalina" ? "r1080" : "r720",
  auto_test: false,
  wifi_timeout: 30,
  retry_count: 0,
  status: camera.online ? "done" : "offline",
  a1: false,
  last_temp_alert: null,
  temp_alert_count: 0,
  last_wifi_alert: null,
  wifi_alert_count: 0,
  last_lfr_alert: null,
  lfr_alert_count: 0,
  last_offline_alert: timestampOrNull(camera.online ? null : camera.updatedAt),
  offline_alert_count: camera.online ? 0 : 1,
  temp_alert_state: "in_range",
  battery_state: camera.battery,
  battery_check_time: timestamp(camera.updatedAt),
  motion_regions: 33_554_431,
})

const legacyThumbnail = (camera: Camera): string | null => {
  const newest = newestThumbnail(camera)
  return newest === undefined ? null : legacyThumbnailPath(camera, newest)
}

/** One row of the legacy camera list: the last report and the settings in one object. */
export const deviceStatus = (camera: Camera, seed: Seed) => ({
  ...statusReport(camera, seed),
  dev_3: camera.serial,
  id: camera.id,
  deleted_at: null,
  camera_key: "",
  mac_address: null,
  thumbnail: legacyThumbnail(camera),
  ...sharedSettings(camera),
  ...camera.settings,
})

/** The report alone. `id` is that of the report, not of the camera. */
export const cameraStatus = (camera: Camera, seed: Seed) => ({
  camera_status: {
    ...statusReport(camera, seed),
    dev_3: camera.serial,
    fw_git_hash: `release:${seededHex(seed, `firmware/${camera.firmware}`, 8)}`,
    lifetime_count: 0,
    lifetime_duration: 0,
    pir_rejections: 0,
    id: 1,
    thumbnail: legacyThumbnail(camera),
  },
})
