const time = "2026-05-02T19:11:04+00:00"

const signals = (n: number) => ({ lfr: n % 6, wifi: (n + 2) % 6, temp: 61 + (n % 12), battery: n % 4 })

const homeNetwork = 5200001

const device = (n: number, network_id: number) => ({
  created_at: "2025-02-11T08:30:00+00:00",
  updated_at: time,
  name: `Camera ${n}`,
  serial: `TEST${String(n).padStart(12, "0")}`,
  fw_version: "12.80",
  enabled: n % 3 !== 0,
  network_id,
  local_storage_enabled: true,
  local_storage_compatible: true,
  snooze: false,
  snooze_time_remaining: null,
  revision: "00",
  color: "white",
})

const picture = (network: number, type: string, id: number) =>
  `/api/v3/media/accounts/4200001/networks/${network}/${type}/${id}/thumbnail/thumbnail.jpg?ts=1777749064&ext=`

const batteryCamera = (n: number) => ({
  ...device(n, homeNetwork),
  id: 8700000 + n,
  type: "sedona",
  thumbnail: picture(homeNetwork, "sedona", 8700000 + n),
  status: "done",
  battery: n % 5 === 0 ? "low" : "ok",
  usage_rate: false,
  issues: [],
  signals: signals(n),
})

const mini = (n: number) => ({
  ...device(n, 5200002),
  // The same ids as battery cameras: ids are unique within a kind only.
  id: 8700000 + n,
  type: "owl",
  onboarded: true,
  thumbnail: picture(5200002, "owl", 8700000 + n),
  status: "online",
})

const doorbell = (n: number) => ({
  ...device(n, homeNetwork),
  id: 8900000 + n,
  type: "lotus",
  onboarded: true,
  mode: "lfr",
  thumbnail: null,
  status: "offline",
  battery: "ok",
  issues: [],
  signals: { lfr: 3, wifi: 4 },
  config_out_of_sync: false,
  changing_mode: false,
})

const range = (length: number) => Array.from({ length }, (_, n) => n)

/**
 * Homescreen of today's API with `count` battery cameras, half as many Minis and a tenth as many doorbells.
 */
export const homescreen = (count: number) => {
  return {
    account: {
      id: 4200001,
      email_verified: true,
      email_verification_required: true,
      amazon_account_linked: false,
    },
    networks: [
      {
        id: homeNetwork,
        created_at: time,
        updated_at: time,
        name: "Garden Lane",
        time_zone: "Europe/Vienna",
        dst: true,
        armed: true,
        lv_save: false,
      },
      {
        id: 5200002,
        created_at: time,
        updated_at: time,
        name: "Workshop",
        time_zone: "Europe/Vienna",
        dst: true,
        armed: false,
        lv_save: false,
      },
    ],
    sync_modules: [
      {
        id: 6300001,
        created_at: time,
        updated_at: time,
        onboarded: true,
        status: "online",
        name: "Lane Hub",
        serial: "TESTHUB000001",
        fw_version: "16.1.2",
        type: "sm2",
        subtype: "vinnie",
        last_hb: time,
        wifi_strength: 4,
        network_id: homeNetwork,
        enable_temp_alerts: true,
        local_storage_enabled: true,
        local_storage_compatible: true,
        local_storage_status: "active",
        revision: "00",
      },
    ],
    cameras: range(count).map((n) => batteryCamera(n)),
    owls: range(Math.floor(count / 2)).map((n) => mini(n)),
    doorbells: range(Math.floor(count / 10)).map((n) => doorbell(n)),
    sirens: [],
    chimes: [],
    video_stats: { storage: 12.5, auto_delete_days: 30, auto_delete_day_options: [3, 7, 14, 30, 60] },
    doorbell_buttons: [],
    app_updates: { message: "OK", code: 103, update_available: false, update_required: false },
    device_limits: {
      camera: 10,
      chime: 5,
      doorbell: 10,
      doorbell_button: 2,
      owl: 10,
      siren: 5,
      total_devices: 20,
    },
    whats_new: { updated_at: 20260301, url: "https://news.example.invalid/" },
    subscriptions: { updated_at: time },
    entitlements: { updated_at: time },
    tiv_lock_enable: true,
    tiv_lock_status: { locked: true },
    accessories: { storm: [], rosie: [] },
  }
}

/** One page of the clip list. */
export const mediaPage = (count: number) => ({
  limit: 500,
  purge_id: 77,
  refresh_count: 0,
  media: Array.from({ length: count }, (_, n) => ({
    id: 4500000000 + n,
    created_at: "2026-05-02T19:10:10+00:00",
    updated_at: "2026-05-02T19:10:52+00:00",
    deleted: n % 7 === 3,
    device: ["sedona", "owl", "lotus"][n % 3],
    device_id: [8700000, 8700000, 8900000][n % 3],
    device_name: "Camera 0",
    network_id: 5200001,
    network_name: "Garden Lane",
    type: "video",
    source: ["pir", "cv_motion", "button_press"][n % 3],
    partial: n % 11 === 5,
    watched: n % 2 === 0,
    thumbnail: `/api/v2/accounts/4200001/media/thumb/${4500000000 + n}`,
    media: `/api/v2/accounts/4200001/media/clip/${4500000000 + n}.mp4`,
    metadata: null,
    additional_devices: [],
    time_zone: "Europe/Vienna",
  })),
})
