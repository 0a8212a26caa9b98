import type { AccountState, HomeState } from "@blink-streams/model"
import type { WireEvent } from "@blink-streams/protocol"

type CameraState = AccountState["cameras"][number]

const withCamera = (
  state: AccountState,
  { subject }: WireEvent,
  change: (camera: CameraState) => CameraState,
): AccountState => ({
  ...state,
  cameras: state.cameras.map((camera) =>
    camera.id === subject.camera && camera.kind === subject.kind ? change(camera) : camera,
  ),
})

const later = (known: CameraState["lastMotionAt"], seen: WireEvent["occurredAt"]) =>
  known !== null && known > seen ? known : seen

const foldAccount = (state: AccountState, event: WireEvent): AccountState => {
  const { subject } = event
  switch (event.kind) {
    case "arm.changed":
      return {
        ...state,
        networks: state.networks.map((network) =>
          network.id === subject.network
            ? { ...network, arm: { state: event.data.to, asOf: event.observedAt } }
            : network,
        ),
      }
    case "motion":
    case "doorbell.pressed":
      return withCamera(state, event, (camera) => ({
        ...camera,
        lastMotionAt: later(camera.lastMotionAt, event.occurredAt),
      }))
    case "detection.changed":
      return withCamera(state, event, (camera) => ({ ...camera, detection: event.data.to }))
    case "battery.changed":
      return withCamera(state, event, (camera) => ({ ...camera, battery: event.data.to }))
    case "thumbnail.changed":
      return withCamera(state, event, (camera) => ({
        ...camera,
        thumbnail: { url: event.data.url, takenAt: event.data.takenAt },
      }))
    case "online.changed":
      return subject.syncModule === undefined
        ? withCamera(state, event, (camera) => ({ ...camera, online: event.data.to }))
        : {
            ...state,
            syncModules: state.syncModules.map((module) =>
              module.id === subject.syncModule ? { ...module, online: event.data.to } : module,
            ),
          }
    default:
      return state
  }
}

/**
 * The state after an event that came without one. Only what a screen must not show wrong for a second: the server
 * sends the account's whole state after each look.
 */
export const fold = (home: HomeState, event: WireEvent): HomeState => {
  const before = home.accounts.find(({ account }) => account === event.subject.account)
  const after = before && foldAccount(before, event)
  return before === after || after === undefined
    ? home
    : { accounts: home.accounts.map((account) => (account === before ? after : account)) }
}
