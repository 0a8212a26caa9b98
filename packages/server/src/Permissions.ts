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

/**
 * Permissions of a token: its scopes, and the accounts, networks and cameras that it is limited to. `null` means no
 * limit. The permission table, `requiredScopes` of the protocol, says which scope a request needs. The lists apply to events, states, media and commands alike.
 */
export const Permissions = Schema.Struct({
  scopes: Schema.Array(TokenScope),
  accounts: Schema.NullOr(Schema.Array(AccountId)),
  networks: Schema.NullOr(Schema.Array(NetworkId)),
  cameras: Schema.NullOr(Schema.Array(Camera)),
})
export type Permissions = typeof Permissions.Type

/** All scopes and no limits. */
export const fullPermissions: Permissions = {
  scopes: ["read", "control", "admin"],
  accounts: null,
  networks: null,
  cameras: null,
}

/** No scopes, and nothing to see. */
export const noPermissions: Permissions = { scopes: [], accounts: [], networks: [], cameras: [] }

const rank = { read: 0, control: 1, admin: 2 } as const

/** True when `permissions` include `scope` or a higher one: `read` < `control` < `admin`. `none` needs no scope. */
export const hasScope = (permissions: Permissions, scope: TokenScope | "none"): boolean =>
  scope === "none" || permissions.scopes.some((granted) => rank[granted] >= rank[scope])

/** True when `list` is inside of `limit`. `null` means no limit. */
const isInside = <A>(
  list: ReadonlyArray<A> | null,
  limit: ReadonlyArray<A> | null,
  isSame: (a: A, b: A) => boolean,
): boolean =>
  limit === null || (list !== null && list.every((each) => limit.some((one) => isSame(each, one))))

/** True when `permissions` permit nothing that `limit` does not permit. */
export const areInside = (permissions: Permissions, limit: Permissions): boolean =>
  permissions.scopes.every((scope) => hasScope(limit, scope)) &&
  isInside(permissions.accounts, limit.accounts, Object.is) &&
  isInside(permissions.networks, limit.networks, Object.is) &&
  isInside(permissions.cameras, limit.cameras, (a, b) => cameraKey(a) === cameraKey(b))

/** Topics with events that concern no single camera. */
const topicsWithoutCamera: ReadonlySet<string> = new Set(["arm", "online", "device", "health", "command"])

const includesCamera = (permissions: Permissions, kind: CameraKind, id: CameraId): boolean =>
  permissions.cameras === null ||
  permissions.cameras.some((camera) => camera.kind === kind && camera.id === id)

/** True when the token may see `account`. */
export const maySeeAccount = (permissions: Permissions, account: AccountId): boolean =>
  permissions.accounts === null || permissions.accounts.includes(account)

/**
 * True when the token may receive `event`. A list of networks hides events without a network, except those of
 * topic `health`. A list of cameras hides events without a camera, except those of topics that concern no single
 * camera.
 */
export const maySeeEvent = (permissions: Permissions, event: BlinkEvent): boolean => {
  const { subject } = event
  if (!maySeeAccount(permissions, subject.account)) return false
  const topic = topicOf[event.kind]
  if (permissions.networks !== null) {
    if (subject.network === undefined ? topic !== "health" : !permissions.networks.includes(subject.network))
      return false
    // A move discloses both networks, so both must be allowed.
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

/**
 * True when the token may send commands to `target`. A token with a list of cameras may not command a whole
 * network.
 */
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

/** Returns the part of `state` that the token may see; `null` when it may not see the account. */
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

/**
 * Returns equal keys for permissions that see the same accounts, networks and cameras. Scopes are not part of the
 * key.
 */
export const permissionsKey = ({ accounts, networks, cameras }: Permissions): string =>
  JSON.stringify([accounts?.toSorted(), networks?.toSorted(), cameras?.map(cameraKey).sort()])
