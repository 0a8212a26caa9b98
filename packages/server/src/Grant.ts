import {
  AccountId,
  type AccountState,
  CameraId,
  CameraKind,
  cameraKey,
  type HomeEvent,
  NetworkId,
  topicOf,
} from "@blink-streams/model"
import { Scope } from "@blink-streams/protocol/ServerMessage"
import { Schema } from "effect"

const Camera = Schema.Struct({ kind: CameraKind, id: CameraId })

/** What a token may see and do. A list that is `null` lets everything pass; lists hold for events, states and commands. */
export const Grant = Schema.Struct({
  scopes: Schema.Array(Scope),
  accounts: Schema.NullOr(Schema.Array(AccountId)),
  networks: Schema.NullOr(Schema.Array(NetworkId)),
  cameras: Schema.NullOr(Schema.Array(Camera)),
})
export type Grant = typeof Grant.Type

/** Everything. */
export const fullGrant: Grant = {
  scopes: ["read", "control", "admin"],
  accounts: null,
  networks: null,
  cameras: null,
}

const rank = { read: 0, control: 1, admin: 2 } as const

/** A scope includes those below it. */
export const hasScope = (grant: Grant, scope: Scope): boolean =>
  grant.scopes.some((held) => rank[held] >= rank[scope])

/** Topics whose events need not be about one camera. */
const cameraless: ReadonlySet<string> = new Set(["arm", "online", "device", "health", "command"])

const includesCamera = (grant: Grant, kind: CameraKind, id: CameraId): boolean =>
  grant.cameras === null || grant.cameras.some((camera) => camera.kind === kind && camera.id === id)

export const maySeeAccount = (grant: Grant, account: AccountId): boolean =>
  grant.accounts === null || grant.accounts.includes(account)

/** What names no network or camera is withheld as soon as a list says that not all of them may be seen. */
export const maySeeEvent = (grant: Grant, event: HomeEvent): boolean => {
  const { subject } = event
  if (!maySeeAccount(grant, subject.account)) return false
  const topic = topicOf[event.kind]
  if (grant.networks !== null) {
    if (subject.network === undefined ? topic !== "health" : !grant.networks.includes(subject.network))
      return false
    // Where a camera came from or went to is as much a fact about that network.
    if (event.kind === "device.moved") {
      const { from, to } = event.data
      if (!grant.networks.includes(from) || !grant.networks.includes(to)) return false
    }
  }
  if (grant.cameras === null) return true
  return subject.camera === undefined || subject.kind === undefined
    ? cameraless.has(topic)
    : includesCamera(grant, subject.kind, subject.camera)
}

/** Whether a command may be aimed there. A list of cameras without a camera named means: not the whole network. */
export const mayCommand = (
  grant: Grant,
  target: {
    readonly account: AccountId
    readonly network?: NetworkId
    readonly camera?: { readonly kind: CameraKind; readonly id: CameraId }
  },
): boolean =>
  maySeeAccount(grant, target.account) &&
  (grant.networks === null || (target.network !== undefined && grant.networks.includes(target.network))) &&
  (grant.cameras === null ||
    (target.camera !== undefined && includesCamera(grant, target.camera.kind, target.camera.id)))

/** The part of a state that the token may see. */
export const visibleState = (grant: Grant, state: AccountState): AccountState | null => {
  if (!maySeeAccount(grant, state.account)) return null
  const { networks, cameras } = grant
  if (networks === null && cameras === null) return state
  const inNetwork = (id: NetworkId) => networks === null || networks.includes(id)
  return {
    ...state,
    networks: state.networks.filter(({ id }) => inNetwork(id)),
    syncModules: state.syncModules.filter(({ networkId }) => inNetwork(networkId)),
    cameras: state.cameras.filter(
      ({ kind, id, networkId }) => inNetwork(networkId) && includesCamera(grant, kind, id),
    ),
  }
}

/** The same text for grants that see the same. */
export const grantKey = ({ accounts, networks, cameras }: Grant): string =>
  JSON.stringify([accounts?.toSorted(), networks?.toSorted(), cameras?.map(cameraKey).sort()])
