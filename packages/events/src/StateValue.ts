import type {
  AccountState,
  ArmState,
  BatteryState,
  OnlineState,
  SourceHealth,
  Subject,
  Timestamp,
} from "@blink-streams/model"

/** One value of one subject. `asOf` is the time of the poll that reported it; `stale` is true once polls fail. */
export interface StateValue<Value> {
  readonly subject: Subject
  readonly value: Value
  readonly asOf: Timestamp | null
  readonly stale: boolean
}

export const armStates = ({ account, stale, networks }: AccountState): ReadonlyArray<StateValue<ArmState>> =>
  networks.map(({ id, name, arm }) => ({
    subject: { account, network: id, name },
    value: arm.state,
    asOf: arm.asOf,
    stale,
  }))

const cameraStates =
  <Value>(valueOf: (camera: AccountState["cameras"][number]) => Value) =>
  ({ account, asOf, stale, cameras }: AccountState): ReadonlyArray<StateValue<Value>> =>
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

export const batteryStates = cameraStates<BatteryState>(({ battery }) => battery)

const cameraOnline = cameraStates<OnlineState>(({ online }) => online)

/** Online states of sync modules and cameras. */
export const onlineStates = (state: AccountState): ReadonlyArray<StateValue<OnlineState>> => [
  ...state.syncModules.map(({ id, networkId, name, online }) => ({
    subject: { account: state.account, network: networkId, syncModule: id, name },
    value: online,
    asOf: state.asOf,
    stale: state.stale,
  })),
  ...cameraOnline(state),
]

/** Health of polling, by source. */
export interface AccountHealth {
  readonly stale: boolean
  readonly asOf: Timestamp | null
  readonly sources: Readonly<Record<string, SourceHealth>>
}

export const accountHealth = ({ stale, asOf, sources }: AccountState): AccountHealth => ({
  stale,
  asOf,
  sources,
})
