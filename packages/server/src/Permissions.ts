import {
  AccountId,
  type AccountState,
  type BlinkEvent,
  CameraId,
  cameraKey,
  CameraKind,
  NetworkId,
  topicOf,
} from "@blink-streams/model"
import { TokenScope } from "@blink-streams/protocol"
import { Schema } from "effect"

const Camera = Schema.Struct({ kind: CameraKind, id: CameraId })

/** What a token may see and do. A list that is `null` lets everything pass; lists hold for events, states and commands. */
export const Permissions = Schema.Struct({
  scopes: Schema.Array(TokenScope),
  accounts: Schema.NullOr(Schema.Array(AccountId)),
  networks: Schema.NullOr(Schema.Array(NetworkId)),
  cameras: Schema.NullOr(Schema.Array(Camera)),
})
export type Permissions = typeof Permissions.Type

/** Everything. */
export const fullPermissions: Permissions = {
  scopes: ["read", "control", "admin"],
  accounts: null,
  networks: null,
  cameras: null,
}

const rank = { read: 0, control: 1, admin: 2 } as const

/** A scope includes those below it. */
export const hasScope = (permissions: Permissions, scope: TokenScope): boolean =>
  permissions.scopes.some((granted) => rank[granted] >= rank[scope])

/** Topics whose events need not be about one camera. */
const topicsWithoutCamera: ReadonlySet<string> = new Set(["arm", "online", "device", "health", "command"])

const includesCamera = (permissions: Permissions, kind: CameraKind, id: CameraId): boolean =>
  permissions.cameras === null ||
  permissions.cameras.some((camera) => camera.kind === kind && camera.id === id)

export const maySeeAccount = (permissions: Permissions, account: AccountId): boolean =>
  permissions.accounts === null || permissions.accounts.includes(account)

/** What names no network or camera is withheld as soon as a list says that not all of them may be seen. */
export const maySeeEvent = (permissions: Permissions, event: BlinkEvent): boolean => {
  const { subject } = event
  if (!maySeeAccount(permissions, subject.account)) return false
  const topic = topicOf[event.kind]
  if (permissions.networks !== null) {
    if (subject.network === undefined ? topic !== "health" : !permissions.networks.includes(subject.network))
      return false
    // Where a camera came from or went to is as much a fact about that network.
    if (event.kind === "device.moved") {
      const { from, to } = event.data
      if (!permissions.networks.includes(from) || !permissions.networks.includes(to)) return false
    }
  }
  if (permissions.cameras === null) return true
  return subject.camera === undefined || subject.kind === undefined
    ? topicsWithoutCamera.has(topic)
    : includesCamera(permissions, subject.kind, subject.camera)
}

/** Whether a command may be aimed there. A list of cameras without a camera named means: not the whole network. */
export const mayCommand = (
  permissions: Permissions,
  target: {
    readonly account: AccountId
    readonly network?: NetworkId
    readonly camera?: { readonly kind: CameraKind; readonly id: CameraId }
  },
): boolean =>
  maySeeAccount(permissions, target.account) &&
  (permissions.networks === null ||
    (target.network !== undefined && permissions.networks.includes(target.network))) &&
  (permissions.cameras === null ||
    (target.camera !== undefined && includesCamera(permissions, target.camera.kind, target.camera.id)))

/** The part of a state that the token may see. */
export const visibleState = (permissions: Permissions, state: AccountState): AccountState | null => {
  if (!maySeeAccount(permissions, state.account)) return null
  const { networks, cameras } = permissions
  if (networks === null && cameras === null) return state
  const inNetwork = (id: NetworkId) => networks === null || networks.includes(id)
  return {
    ...state,
    networks: state.networks.filter(({ id }) => inNetwork(id)),
    syncModules: state.syncModules.filter(({ networkId }) => inNetwork(networkId)),
    cameras: state.cameras.filter(
      ({ kind, id, networkId }) => inNetwork(networkId) && includesCamera(permissions, kind, id),
    ),
  }
}

/** The same text for grants that see the same. */
export const permissionsKey = ({ accounts, networks, cameras }: Permissions): string =>
  JSON.stringify([accounts?.toSorted(), networks?.toSorted(), cameras?.map(cameraKey).sort()])
