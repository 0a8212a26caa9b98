import type { Account, Network, SyncModule } from "../world/World.ts"
import { lastHeartbeat } from "./homescreen.ts"
import { timestamp } from "./time.ts"

const networkRow = (network: Network) => ({
  id: network.id,
  created_at: timestamp(network.createdAt),
  updated_at: timestamp(network.updatedAt),
  name: network.name,
  network_key: network.key,
  description: "",
  network_origin: "normal",
  locale: "",
  time_zone: network.timeZone,
  dst: network.dst,
  ping_interval: 60,
  encryption_key: null,
  armed: network.armed,
  autoarm_geo_enable: false,
  autoarm_time_enable: network.programs.some(({ enabled }) => enabled),
  lv_mode: network.liveviewMode,
  lfr_channel: 0,
  video_destination: "server",
  storage_used: 0,
  storage_total: 0,
  video_count: 0,
  video_history_count: 4000,
  sm_backup_enabled: false,
  arm_string: network.armed ? "Armed" : "Disarmed",
  busy: false,
  camera_error: network.cameras.some(({ online }) => !online),
  sync_module_error: network.syncModule?.online === false,
  feature_plan_id: null,
  location_id: null,
  account_id: network.account.id,
})

/** `onboarded` is true when the network has a sync module. A network of minis has none. */
export const networks = (account: Account) => ({
  summary: Object.fromEntries(
    account.networks.map((network) => [
      String(network.id),
      { name: network.name, onboarded: network.syncModule !== null },
    ]),
  ),
  networks: account.networks.map(networkRow),
})

export const oneNetwork = (network: Network) => ({
  network: { ...networkRow(network), deleted_at: null, lv_save: network.liveviewSave },
})

const day = 86_400_000

/** The sync module under a singular key, although the path is plural. */
export const syncModules = (syncModule: SyncModule, now: number) => ({
  syncmodule: {
    id: syncModule.id,
    created_at: timestamp(syncModule.createdAt),
    updated_at: timestamp(Math.max(syncModule.statusSince, lastHeartbeat(syncModule, now))),
    last_activity: "1970-01-01",
    name: syncModule.name,
    fw_version: syncModule.firmware,
    mac_address: null,
    ip_address: "203.0.113.24",
    lfr_frequency: null,
    serial: syncModule.serial,
    status: syncModule.online ? "online" : "offline",
    onboarded: true,
    server: "i-0a1b2c3d4e5f60718",
    last_hb: timestamp(lastHeartbeat(syncModule, now)),
    os_version: "6.16.3",
    last_wifi_alert: null,
    wifi_alert_count: 0,
    last_offline_alert: syncModule.online ? null : timestamp(syncModule.statusSince),
    offline_alert_count: syncModule.online ? 0 : 1,
    table_update_sequence: Math.floor(syncModule.statusSince / 1000),
    local_storage_enabled: syncModule.storage !== null,
    last_backup_started: timestamp(now - (now % day)),
    last_backup_completed: timestamp(now - (now % day) + 4000),
    last_backfill_completed: timestamp(now - (now % day) - day),
    backfill_in_progress: null,
    ring_device_id: null,
    first_boot: timestamp(syncModule.createdAt),
    feature_plan_id: null,
    account_id: syncModule.network.account.id,
    network_id: syncModule.network.id,
    country_id: "US",
    vo9_channel: 0,
    wifi_strength: syncModule.wifiBars,
  },
})
