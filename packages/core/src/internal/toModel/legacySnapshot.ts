import {
  type Camera,
  type CameraId,
  type Network,
  NetworkId,
  type SyncModule,
  SyncModuleId,
} from "@blink-streams/model"
import { memoizeLast, memoizeMembers } from "../decode/memo.ts"
import type { LegacyCameras } from "../wire/camera.ts"
import type { Networks, SyncModules } from "../wire/network.ts"
import { toTemperature } from "./temperature.ts"
import { toThumbnail } from "./thumbnailPath.ts"
import { type SnapshotData, toArm, toBattery, toDetection, toOnline } from "./toSnapshot.ts"

type CameraRow = (typeof LegacyCameras.Type)["devicestatus"][number]

/** The legacy list contains battery cameras only. Its radio values are dBm, not bars. */
const toCamera = (row: CameraRow, account: number): Camera => {
  const id: CameraId = row.id
  return {
    kind: "camera",
    id,
    networkId: row.network_id,
    name: row.name ?? `Camera ${id}`,
    model: "camera",
    online: toOnline(row.status),
    detection: toDetection(row.enabled),
    battery: toBattery(row.battery_state),
    batteryBars: null,
    wifiBars: null,
    hubBars: null,
    // Raw sensor value, always in Fahrenheit; adding `temp_adjust` calibrates it.
    temperature: toTemperature(
      row.temperature === null || row.temperature === undefined
        ? null
        : row.temperature + (row.temp_adjust ?? 0),
      "fahrenheit",
    ),
    firmware: row.fw_version === null || row.fw_version === undefined ? null : String(row.fw_version),
    snoozed: null,
    thumbnail: toThumbnail(row.thumbnail, { account, network: row.network_id, model: "camera", id }),
  }
}

const toSyncModules = (
  network: NetworkId,
  { syncmodule }: typeof SyncModules.Type,
): ReadonlyArray<SyncModule> => {
  const rows =
    syncmodule === null || syncmodule === undefined
      ? []
      : Array.isArray(syncmodule)
        ? syncmodule
        : [syncmodule]
  return rows.flatMap(({ id, ...row }) =>
    id === null || id === undefined
      ? []
      : [
          {
            id: SyncModuleId.make(id),
            networkId: NetworkId.make(row.network_id ?? network),
            name: row.name ?? `Sync module ${id}`,
            online: toOnline(row.status),
            firmware: row.fw_version === null || row.fw_version === undefined ? null : String(row.fw_version),
            wifiBars: row.wifi_strength ?? null,
            localStorage: null,
          },
        ],
  )
}

/** Legacy responses of one network. */
export interface LegacyNetwork {
  readonly cameras: typeof LegacyCameras.Type
  readonly syncModules: typeof SyncModules.Type
}

const toNetwork = (network: (typeof Networks.Type)["networks"][number]): Network => ({
  id: network.id,
  name: network.name ?? `Network ${network.id}`,
  timeZone: network.time_zone ?? null,
  arm: toArm(network.armed),
})

const converterFor = (account: number) => {
  const networks = memoizeMembers(toNetwork)
  const syncModules = memoizeMembers((module: SyncModule) => module)
  const cameras = memoizeMembers((row: CameraRow) => toCamera(row, account))
  return (wire: typeof Networks.Type, details: ReadonlyArray<LegacyNetwork>): SnapshotData => ({
    networks: networks(wire.networks),
    syncModules: syncModules(
      wire.networks.flatMap(({ id }, index) => toSyncModules(id, details[index]?.syncModules ?? {})),
    ),
    cameras: cameras(
      details.flatMap(({ cameras: list }) => list.devicestatus.filter((row) => !row.deleted_at)),
    ),
  })
}

/**
 * Converts the legacy lists to the model. `details` has one entry per network, in the same order. What is equal
 * in the model is the same object as in the last snapshot, lists included.
 */
export const makeLegacyConverter = () => {
  const forAccount = memoizeLast(converterFor)
  return (wire: typeof Networks.Type, details: ReadonlyArray<LegacyNetwork>, account: number): SnapshotData =>
    forAccount(account)(wire, details)
}
