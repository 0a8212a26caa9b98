import { Predicate } from "effect"
import type { Camera, CameraKind, Network, Snapshot, SyncModule } from "@blink-streams/model"
import type { DeviceOnWire, Homescreen } from "../wire/homescreen.ts"
import { toTemperature, type TemperatureUnit } from "./temperature.ts"
import { toThumbnail } from "./thumbnailPath.ts"

/** Snapshot without its time. Stays the same while the response does. */
export type SnapshotData = Pick<Snapshot, "networks" | "syncModules" | "cameras">

/** Online state. `done` means online for a camera. */
export const toOnline = (status: string | null | undefined): Camera["online"] => {
  if (status === "done" || status === "online") return "online"
  return status === "offline" ? "offline" : "unknown"
}

export const toDetection = (enabled: boolean | null | undefined): Camera["detection"] => {
  if (enabled === true) return "on"
  return enabled === false ? "off" : "unknown"
}

export const toArm = (armed: boolean | null | undefined): Network["arm"] => {
  if (armed === true) return "armed"
  return armed === false ? "disarmed" : "unknown"
}

export const toBattery = (level: string | null | undefined): Camera["battery"] =>
  level === "ok" || level === "low" ? level : "unknown"

const firmware = (version: string | number | null | undefined): string | null =>
  version === null || version === undefined ? null : String(version)

const defaultNames: Readonly<Record<CameraKind, string>> = {
  camera: "Camera",
  mini: "Mini",
  doorbell: "Doorbell",
}

const toCamera = (
  kind: CameraKind,
  device: DeviceOnWire,
  account: number,
  unit: TemperatureUnit | null,
): Camera => {
  const signals = "signals" in device ? signalsOf(device.signals) : {}
  const model = device.type ?? kind
  return {
    kind,
    id: device.id,
    networkId: device.network_id,
    name: device.name ?? `${defaultNames[kind]} ${device.id}`,
    model,
    online: toOnline(device.status),
    detection: toDetection(device.enabled),
    battery: kind === "mini" ? "mains" : toBattery("battery" in device ? device.battery : null),
    batteryBars: signals.battery ?? null,
    wifiBars: signals.wifi ?? null,
    hubBars: signals.lfr ?? null,
    temperature: toTemperature(signals.temp, unit),
    firmware: firmware(device.fw_version),
    snoozed: device.snooze ?? null,
    thumbnail: toThumbnail(device.thumbnail, { account, network: device.network_id, model, id: device.id }),
  }
}

interface Signals {
  readonly lfr?: number | null
  readonly wifi?: number | null
  readonly temp?: number | null
  readonly battery?: number | null
}

/** Minis have been seen without signals and with unknown ones. */
const signalsOf = (signals: unknown): Signals => (Predicate.isReadonlyObject(signals) ? signals : {})

/** Devices of one list and the converted cameras. */
interface Family {
  readonly devices: ReadonlyArray<DeviceOnWire>
  readonly cameras: ReadonlyArray<Camera>
}

const noFamily: Family = { devices: [], cameras: [] }

/**
 * Converts homescreens to the model. The array of a device decides its kind. A device object that is
 * unchanged since the last homescreen gives the same camera object.
 */
export const makeSnapshotConverter = () => {
  const families: Record<CameraKind, Family> = { camera: noFamily, mini: noFamily, doorbell: noFamily }
  let previousContext: { readonly account: number; readonly unit: TemperatureUnit | null } | null = null

  return (wire: Homescreen, account: number, unit: TemperatureUnit | null): SnapshotData => {
    const isComparable = previousContext?.account === account && previousContext.unit === unit
    previousContext = { account, unit }
    const camerasOf = (kind: CameraKind, devices: ReadonlyArray<DeviceOnWire>): ReadonlyArray<Camera> => {
      const old = isComparable ? families[kind] : noFamily
      const cameras = devices.map((device, index) =>
        old.devices[index] === device ? old.cameras[index]! : toCamera(kind, device, account, unit),
      )
      families[kind] = { devices, cameras }
      return cameras
    }
    return {
      networks: wire.networks.map((network): Network => ({
        id: network.id,
        name: network.name ?? `Network ${network.id}`,
        timeZone: network.time_zone ?? null,
        arm: toArm(network.armed),
      })),
      syncModules: (wire.sync_modules ?? []).map((module): SyncModule => ({
        id: module.id,
        networkId: module.network_id,
        name: module.name ?? `Sync module ${module.id}`,
        online: toOnline(module.status),
        firmware: firmware(module.fw_version),
        wifiBars: module.wifi_strength ?? null,
        localStorage: module.local_storage_status ?? null,
      })),
      cameras: [
        ...camerasOf("camera", wire.cameras ?? []),
        ...camerasOf("mini", wire.owls ?? []),
        ...camerasOf("doorbell", wire.doorbells ?? []),
      ],
    }
  }
}
