import type { AccountState, BlinkState } from "@blink-streams/model"
import type { WireEvent } from "@blink-streams/protocol"

type CameraState = AccountState["cameras"][number]

const updateCamera = (
  state: AccountState,
  { subject }: WireEvent,
  update: (camera: CameraState) => CameraState,
): AccountState => ({
  ...state,
  cameras: state.cameras.map((camera) =>
    camera.id === subject.camera && camera.kind === subject.kind ? update(camera) : camera,
  ),
})

const latest = (current: CameraState["lastMotionAt"], candidate: WireEvent["occurredAt"]) =>
  current !== null && current > candidate ? current : candidate

const reduceAccount = (state: AccountState, event: WireEvent): AccountState => {
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
      return updateCamera(state, event, (camera) => ({
        ...camera,
        lastMotionAt: latest(camera.lastMotionAt, event.occurredAt),
      }))
    case "detection.changed":
      return updateCamera(state, event, (camera) => ({ ...camera, detection: event.data.to }))
    case "battery.changed":
      return updateCamera(state, event, (camera) => ({ ...camera, battery: event.data.to }))
    case "thumbnail.changed":
      return updateCamera(state, event, (camera) => ({
        ...camera,
        thumbnail: { url: event.data.url, takenAt: event.data.takenAt },
      }))
    case "online.changed":
      return subject.syncModule === undefined
        ? updateCamera(state, event, (camera) => ({ ...camera, online: event.data.to }))
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
 * Returns the state after `event`. It covers only values that a screen must not show outdated for a second: the server
 * sends the complete state of the account after each poll.
 */
export const reduce = (state: BlinkState, event: WireEvent): BlinkState => {
  const before = state.accounts.find(({ account }) => account === event.subject.account)
  if (before === undefined) return state
  const after = reduceAccount(before, event)
  if (after === before) return state
  return { accounts: state.accounts.map((account) => (account === before ? after : account)) }
}
