import type { Camera, Snapshot } from "@blink-streams/model"
import type { Command } from "../../Command.ts"

/**
 * Predicate that a snapshot must fulfil for the command to be confirmed; `null` when snapshots do not show
 * the effect.
 */
export type ExpectedState = (snapshot: Snapshot) => boolean

export const findCamera = (snapshot: Snapshot, command: Command): Camera | undefined =>
  "camera" in command
    ? snapshot.cameras.find(({ kind, id }) => kind === command.kind && id === command.camera)
    : undefined

export const expectedState = (command: Command): ExpectedState | null => {
  switch (command.name) {
    case "arm":
    case "disarm": {
      const expectedArm = command.name === "arm" ? "armed" : "disarmed"
      return ({ networks }) => networks.find(({ id }) => id === command.network)?.arm === expectedArm
    }
    case "enable":
      return (snapshot) => findCamera(snapshot, command)?.detection === "on"
    case "disable":
      return (snapshot) => findCamera(snapshot, command)?.detection === "off"
    case "snooze":
    case "unsnooze":
      // `snoozed` may be null; then snooze is taken as confirmed.
      return (snapshot) =>
        (findCamera(snapshot, command)?.snoozed ?? command.name === "snooze") === (command.name === "snooze")
    default:
      return null
  }
}
