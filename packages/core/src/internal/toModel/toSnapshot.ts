import { Predicate } from "effect"
import type { Camera, CameraKind, Network, Snapshot, SyncModule } from "@blink-streams/model"
import { memoizeLast, memoizeMembers } from "../decode/memo.ts"
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

const toNetwork = (network: Homescreen["networks"][number]): Network => ({
  id: network.id,
  name: network.name ?? `Network ${network.id}`,
  timeZone: network.time_zone ?? null,
  arm: toArm(network.armed),
})

const toSyncModule = (module: NonNullable<Homescreen["sync_modules"]>[number]): SyncModule => ({
  id: module.id,
  networkId: module.network_id,
  name: module.name ?? `Sync module ${module.id}`,
  online: toOnline(module.status),
  firmware: firmware(module.fw_version),
  wifiBars: module.wifi_strength ?? null,
  localStorage: module.local_storage_status ?? null,
})

const noDevices: ReadonlyArray<never> = []

const converterFor = (account: number, unit: TemperatureUnit | null) => {
  const networks = memoizeMembers(toNetwork)
  const syncModules = memoizeMembers(toSyncModule)
  const camerasOf = (kind: CameraKind) =>
    memoizeMembers((device: DeviceOnWire) => toCamera(kind, device, account, unit))
  const [cameras, minis, doorbells] = [camerasOf("camera"), camerasOf("mini"), camerasOf("doorbell")]
  const join = memoizeLast((...lists: ReadonlyArray<ReadonlyArray<Camera>>) => lists.flat())
  return (wire: Homescreen): SnapshotData => ({
    networks: networks(wire.networks),
    syncModules: syncModules(wire.sync_modules ?? noDevices),
    cameras: join(
      cameras(wire.cameras ?? noDevices),
      minis(wire.owls ?? noDevices),
      doorbells(wire.doorbells ?? noDevices),
    ),
  })
}

/**
 * Converts homescreens to the model. The array of a device decides its kind. What is equal in the model is the
 * same object as in the last snapshot, lists included.
 */
export const makeSnapshotConverter = () => {
  const forContext = memoizeLast(converterFor)
  return (wire: Homescreen, account: number, unit: TemperatureUnit | null): SnapshotData =>
    forContext(account, unit)(wire)
}
