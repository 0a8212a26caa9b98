import type { Camera, Network } from "../world/World.ts"
import { legacyThumbnailPath, newestThumbnail } from "./mediaPath.ts"
import { lastHeartbeat, listedTemperature } from "./homescreen.ts"
import { timestamp } from "./time.ts"

const thumbnail = (camera: Camera): string | null => {
  const newest = newestThumbnail(camera)
  return newest === undefined ? null : legacyThumbnailPath(camera, newest)
}

const device = (camera: Camera) => ({
  device_type: "camera",
  device_id: camera.id,
  updated_at: timestamp(camera.updatedAt),
  name: camera.name,
  thumbnail: thumbnail(camera),
  active: camera.network.armed && camera.enabled ? "armed" : "disarmed",
  notifications: 0,
  warning: 0,
  error_msg: "",
  status: camera.online ? "done" : "offline",
  enabled: camera.enabled,
  armed: camera.network.armed,
  errors: 0,
  wifi_strength: camera.online ? camera.wifiBars : 0,
  lfr_strength: camera.online ? camera.lfrBars : 0,
  temp: listedTemperature(camera),
  battery: camera.batteryBars,
  battery_state: camera.battery,
  usage_rate: false,
})

/** Homescreen of one network, as until 2018. Every camera has the type `camera`. */
export const legacyHomescreen = (network: Network, now: number) => {
  const syncModule = network.syncModule
  return {
    account: { notifications: 0 },
    network: {
      name: network.name,
      wifi_strength: syncModule?.wifiBars ?? 5,
      status: syncModule?.online === false ? "offline" : "ok",
      armed: network.armed,
      notifications: 0,
      warning: 0,
      enable_temp_alerts: true,
      error_msg: "",
    },
    devices: [
      ...network.cameras.map(device),
      ...(syncModule === null
        ? []
        : [
            {
              device_type: "sync_module",
              device_id: syncModule.id,
              updated_at: timestamp(lastHeartbeat(syncModule, now)),
              notifications: 0,
              warning: 0,
              error_msg: "",
              status: syncModule.online ? "online" : "offline",
              errors: 0,
              last_hb: timestamp(lastHeartbeat(syncModule, now)),
            },
          ]),
    ],
  }
}
