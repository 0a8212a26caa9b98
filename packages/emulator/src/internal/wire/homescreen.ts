import type { Account, Camera, Network, SyncModule } from "../world/World.ts"
import { newestThumbnail, listedThumbnail } from "./mediaPath.ts"
import { timestamp } from "./time.ts"

type Version = 3 | 4

const thumbnailOf = (camera: Camera): string | number | null => {
  const thumbnail = newestThumbnail(camera)
  return thumbnail === undefined ? null : listedThumbnail(camera, thumbnail)
}

const snooze = (camera: Camera, now: number) => {
  const left = (camera.snoozedUntil ?? 0) - now
  return { snooze: left > 0, snooze_time_remaining: left > 0 ? Math.ceil(left / 60_000) : null }
}

const usesUsbStorage = ({ network, type }: Camera): boolean => network.syncModule !== null && type !== "xt2"

const onlyInV4 = (camera: Camera) => ({
  thumbnail_timestamp: Math.floor((newestThumbnail(camera)?.takenAt ?? 0) / 1000),
  two_way_audio: camera.kind !== "camera" || camera.type === "sedona",
  audio_aec: true,
  audio_privacy_enabled: false,
  ring_device_id: null,
  ring_device_type: null,
})

const sharedFields = (camera: Camera, now: number) => ({
  local_storage_enabled: usesUsbStorage(camera),
  local_storage_compatible: usesUsbStorage(camera),
  ...snooze(camera, now),
  revision: camera.color === null ? null : "00",
  color: camera.color,
})

/** Temperature in the `temp_units` of the account, as the lists show it. */
export const listedTemperature = (camera: Camera): number =>
  camera.network.account.temperatureUnits === "f"
    ? camera.temperature
    : Math.round(((camera.temperature - 32) * 5) / 9)

const batteryCamera = (camera: Camera, now: number, version: Version) => ({
  id: camera.id,
  created_at: timestamp(camera.createdAt),
  updated_at: timestamp(camera.updatedAt),
  name: camera.name,
  serial: camera.serial,
  fw_version: camera.firmware,
  type: camera.type,
  enabled: camera.enabled,
  thumbnail: thumbnailOf(camera),
  status: camera.online ? "done" : "offline",
  battery: camera.battery,
  usage_rate: camera.liveSeconds + camera.clipSeconds > 400,
  network_id: camera.network.id,
  issues: [],
  signals: {
    lfr: camera.online ? camera.lfrBars : 0,
    wifi: camera.online ? camera.wifiBars : 0,
    temp: listedTemperature(camera),
    battery: camera.batteryBars,
  },
  ...sharedFields(camera, now),
  ...(version === 4
    ? {
        ...onlyInV4(camera),
        vo9_compatible: camera.type === "sedona",
        network_type: "wifi",
        subscription_id: 0,
      }
    : {}),
})

const owl = (camera: Camera, now: number, version: Version) => ({
  id: camera.id,
  created_at: timestamp(camera.createdAt),
  updated_at: timestamp(camera.updatedAt),
  type: camera.type,
  onboarded: true,
  serial: camera.serial,
  fw_version: camera.firmware,
  name: camera.name,
  enabled: camera.enabled,
  thumbnail: thumbnailOf(camera),
  status: camera.online ? "online" : "offline",
  network_id: camera.network.id,
  ...sharedFields(camera, now),
  ...(version === 4
    ? { ...onlyInV4(camera), subscription_id: null, primary_id: null, secondary_id: null, signals: null }
    : {}),
})

const doorbell = (camera: Camera, now: number, version: Version) => ({
  id: camera.id,
  created_at: timestamp(camera.createdAt),
  updated_at: timestamp(camera.updatedAt),
  name: camera.name,
  type: camera.type,
  onboarded: true,
  serial: camera.serial,
  fw_version: camera.firmware,
  enabled: camera.enabled,
  mode: "lfr",
  thumbnail: thumbnailOf(camera),
  status: camera.online ? "done" : "offline",
  battery: camera.battery,
  network_id: camera.network.id,
  issues: [],
  signals: { lfr: camera.online ? camera.lfrBars : 0, wifi: camera.online ? camera.wifiBars : 0 },
  config_out_of_sync: false,
  changing_mode: false,
  ...sharedFields(camera, now),
  ...(version === 4 ? onlyInV4(camera) : {}),
})

/** Time of the last heartbeat. A sync module that is online sends one per minute. */
export const lastHeartbeat = (syncModule: SyncModule, now: number): number => {
  const until = syncModule.online ? now : syncModule.statusSince
  return until - ((until - syncModule.createdAt) % 60_000)
}

const syncModuleRow = (syncModule: SyncModule, now: number, version: Version) => ({
  id: syncModule.id,
  created_at: timestamp(syncModule.createdAt),
  updated_at: timestamp(Math.max(syncModule.statusSince, lastHeartbeat(syncModule, now))),
  onboarded: true,
  status: syncModule.online ? "online" : "offline",
  name: syncModule.name,
  serial: syncModule.serial,
  fw_version: syncModule.firmware,
  type: syncModule.type,
  subtype: syncModule.subtype,
  last_hb: timestamp(lastHeartbeat(syncModule, now)),
  wifi_strength: syncModule.wifiBars,
  network_id: syncModule.network.id,
  enable_temp_alerts: true,
  local_storage_enabled: syncModule.storage !== null,
  local_storage_compatible: syncModule.storage !== null,
  local_storage_status: syncModule.storage?.state === "active" ? "active" : "unavailable",
  revision: syncModule.storage === null ? null : "00",
  ...(version === 4 ? { vo9_compatible: syncModule.type === "sm2", subscription_id: null } : {}),
})

const networkRow = (network: Network, version: Version) => ({
  id: network.id,
  created_at: timestamp(network.createdAt),
  updated_at: timestamp(network.updatedAt),
  name: network.name,
  time_zone: network.timeZone,
  dst: network.dst,
  armed: network.armed,
  lv_save: network.liveviewSave,
  ...(version === 4 ? { ring_location_id: null } : {}),
})

/** The homescreen: all networks and devices of the account, in version 3 or 4. */
export const homescreen = (account: Account, now: number, version: Version) => {
  const cameras = account.networks.flatMap((network) => network.cameras)
  return {
    account: {
      id: account.id,
      email_verified: true,
      email_verification_required: true,
      amazon_account_linked: false,
    },
    networks: account.networks.map((network) => networkRow(network, version)),
    sync_modules: account.networks.flatMap((network) =>
      network.syncModule === null ? [] : [syncModuleRow(network.syncModule, now, version)],
    ),
    cameras: cameras
      .filter(({ kind }) => kind === "camera")
      .map((camera) => batteryCamera(camera, now, version)),
    sirens: [],
    chimes: [],
    video_stats: {
      storage: Math.min(100, Math.floor(account.media.length / 10)),
      auto_delete_days: account.retentionDays,
      auto_delete_day_options: retentionOptions,
    },
    doorbell_buttons: [],
    owls: cameras.filter(({ kind }) => kind === "owl").map((camera) => owl(camera, now, version)),
    doorbells: cameras
      .filter(({ kind }) => kind === "doorbell")
      .map((camera) => doorbell(camera, now, version)),
    app_updates: { message: "OK", code: 103, update_available: false, update_required: false },
    device_limits: {
      camera: 10,
      chime: 5,
      doorbell: 10,
      doorbell_button: 2,
      owl: 10,
      siren: 5,
      total_devices: 20,
      ...(version === 4 ? { total_cameras: 20 } : {}),
    },
    whats_new: { updated_at: 20_260_105, url: "https://updates.example.invalid/" },
    subscriptions: { updated_at: timestamp(account.createdAt) },
    entitlements: { updated_at: timestamp(account.createdAt) },
    tiv_lock_enable: true,
    tiv_lock_status: { locked: false },
    accessories: { storm: [], rosie: [] },
    ...(version === 4
      ? {
          changed: true,
          access: { updated_at: timestamp(account.createdAt) },
          location: { updated_at: timestamp(account.createdAt) },
          ring_devices: [],
        }
      : {}),
  }
}

export const retentionOptions: ReadonlyArray<number> = [3, 7, 14, 30, 60]
