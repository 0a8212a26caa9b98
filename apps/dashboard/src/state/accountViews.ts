import {
  type AccountId,
  type AccountState,
  type BlinkState,
  type BudgetState,
  cameraKey,
  type CameraState,
  type NetworkState,
  type SessionState,
  type SourceHealth,
  type SyncModule,
} from "@blink-streams/model"

/** A camera as the page shows it. `key` is unique on the page; an id is unique per account and kind only. */
export interface CameraView extends CameraState {
  readonly key: string
  readonly account: AccountId
  readonly timeZone: string | null
  readonly attention: "offline" | "battery" | null
}

export interface NetworkView extends NetworkState {
  readonly key: string
  readonly account: AccountId
  readonly cameras: ReadonlyArray<CameraView>
  readonly syncModules: ReadonlyArray<SyncModule & { readonly key: string }>
}

export interface AccountView {
  readonly key: string
  readonly account: AccountId
  readonly asOf: string | null
  readonly stale: boolean
  readonly session: SessionState
  readonly budget: BudgetState
  readonly sources: ReadonlyArray<SourceHealth & { readonly key: string }>
  readonly networks: ReadonlyArray<NetworkView>
}

/** Key of a camera, unique across accounts. */
export const cameraViewKey = (account: AccountId, camera: Parameters<typeof cameraKey>[0]): string =>
  `${account}/${cameraKey(camera)}`

/** Target of a command for this camera. */
export const commandTarget = ({ account, networkId, id, kind }: CameraView) => ({
  account,
  network: networkId,
  camera: id,
  kind,
})

const urgency = { offline: 0, battery: 1 } as const
const rank = (camera: CameraView) => (camera.attention === null ? 2 : urgency[camera.attention])
const nameOrder = new Intl.Collator(undefined, { numeric: true })

const toCameraView = (account: AccountId, network: NetworkState, camera: CameraState): CameraView => ({
  ...camera,
  key: cameraViewKey(account, camera),
  account,
  timeZone: network.timeZone,
  attention: camera.online === "offline" ? "offline" : camera.battery === "low" ? "battery" : null,
})

const withKey = <A extends object>(value: A, key: string): A & { readonly key: string } => ({ ...value, key })

const toAccountView = (state: AccountState): AccountView => ({
  key: String(state.account),
  account: state.account,
  asOf: state.asOf,
  stale: state.stale,
  session: state.session,
  budget: state.budget,
  sources: Object.entries(state.sources).map(([key, health]) => withKey(health, key)),
  networks: state.networks.map((network) => ({
    ...network,
    key: `${state.account}/${network.id}`,
    account: state.account,
    cameras: state.cameras
      .filter((camera) => camera.networkId === network.id)
      .map((camera) => toCameraView(state.account, network, camera))
      .sort((a, b) => rank(a) - rank(b) || nameOrder.compare(a.name, b.name)),
    syncModules: state.syncModules
      .filter((syncModule) => syncModule.networkId === network.id)
      .map((syncModule) => withKey(syncModule, String(syncModule.id))),
  })),
})

/** Groups the cameras of a state by network: offline cameras first, then those with a low battery, then by name. */
export const accountViews = (state: BlinkState): ReadonlyArray<AccountView> =>
  state.accounts.map(toAccountView)
