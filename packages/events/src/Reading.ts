import type {
  AccountState,
  ArmState,
  BatteryState,
  OnlineState,
  SourceHealth,
  Subject,
  Timestamp,
} from "@blink-streams/model"

/** One value of one subject, as far as known. `asOf` is the look that told it; `stale` once looks fail. */
export interface Reading<Value> {
  readonly subject: Subject
  readonly value: Value
  readonly asOf: Timestamp | null
  readonly stale: boolean
}

export const armReadings = ({ account, stale, networks }: AccountState): ReadonlyArray<Reading<ArmState>> =>
  networks.map(({ id, name, arm }) => ({
    subject: { account, network: id, name },
    value: arm.state,
    asOf: arm.asOf,
    stale,
  }))

const cameraReadings =
  <Value>(valueOf: (camera: AccountState["cameras"][number]) => Value) =>
  ({ account, asOf, stale, cameras }: AccountState): ReadonlyArray<Reading<Value>> =>
    cameras.map((camera) => ({
      subject: {
        account,
        network: camera.networkId,
        camera: camera.id,
        kind: camera.kind,
        name: camera.name,
      },
      value: valueOf(camera),
      asOf,
      stale,
    }))

export const batteryReadings = cameraReadings<BatteryState>(({ battery }) => battery)

const cameraOnline = cameraReadings<OnlineState>(({ online }) => online)

/** Of sync modules and cameras. */
export const onlineReadings = (state: AccountState): ReadonlyArray<Reading<OnlineState>> => [
  ...state.syncModules.map(({ id, networkId, name, online }) => ({
    subject: { account: state.account, network: networkId, syncModule: id, name },
    value: online,
    asOf: state.asOf,
    stale: state.stale,
  })),
  ...cameraOnline(state),
]

/** How looking goes, source by source. */
export interface HealthReading {
  readonly stale: boolean
  readonly asOf: Timestamp | null
  readonly sources: Readonly<Record<string, SourceHealth>>
}

export const healthReading = ({ stale, asOf, sources }: AccountState): HealthReading => ({
  stale,
  asOf,
  sources,
})
