import { shortClockText } from "../format/times.ts"
import type { CameraRow, SystemRow } from "./stateRows.ts"
import { cameraRows, systemRows } from "./stateRows.ts"
import type { ScreenModel, ScreenCommand } from "./ScreenModel.ts"
import { selectedCamera, selectedSystem } from "./ScreenModel.ts"

/** A command to send, or a message that says why it cannot be sent. */
export type PreparedCommand = { readonly command: ScreenCommand } | { readonly problem: string }

const findByName = <Row extends { readonly name: string }>(
  rows: ReadonlyArray<Row>,
  name: string,
): Row | undefined => rows.find((row) => row.name.toLowerCase() === name.toLowerCase())

/** The system called `name`, ignoring case; the selected one for an empty name. */
const findSystem = (model: ScreenModel, name: string): SystemRow | undefined =>
  name === "" ? selectedSystem(model) : findByName(systemRows(model.state), name)

const findCamera = (model: ScreenModel, name: string): CameraRow | undefined =>
  name === "" ? selectedCamera(model) : findByName(cameraRows(model.state, undefined), name)

const notFound = (kind: string, name: string): PreparedCommand => ({
  problem: name === "" ? `No ${kind} selected` : `No ${kind} is called "${name}"`,
})

export const armCommand = (model: ScreenModel, name: "arm" | "disarm", targetName = ""): PreparedCommand => {
  const system = findSystem(model, targetName)
  if (!system) return notFound("system", targetName)
  const isStable = system.arm === "armed" || system.arm === "disarmed"
  return {
    command: {
      name,
      target: { account: system.account, network: system.id },
      // The broadcaster rejects the command if the state on this screen is out of date.
      ...(name === "disarm" && isStable ? { expect: { armed: system.arm === "armed" } } : {}),
      label: `${name} ${system.name}`,
    },
  }
}

const cameraTarget = ({ account, camera }: CameraRow): ScreenCommand["target"] => ({
  account,
  network: camera.networkId,
  camera: camera.id,
  kind: camera.kind,
})

/** Motion detection on or off; `null` toggles it. */
export const motionCommand = (model: ScreenModel, on: boolean | null, targetName = ""): PreparedCommand => {
  const row = findCamera(model, targetName)
  if (!row) return notFound("camera", targetName)
  const turnOn = on ?? row.camera.detection !== "on"
  return {
    command: {
      name: turnOn ? "enable" : "disable",
      target: cameraTarget(row),
      label: `motion ${turnOn ? "on" : "off"} ${row.name}`,
    },
  }
}

export const thumbnailCommand = (model: ScreenModel, targetName = ""): PreparedCommand => {
  const row = findCamera(model, targetName)
  return row
    ? { command: { name: "thumbnail", target: cameraTarget(row), label: `picture of ${row.name}` } }
    : notFound("camera", targetName)
}

/** Polls the account of the selected system now. Not sent while Blink throttles the account. */
export const refreshCommand = (model: ScreenModel, now: number): PreparedCommand => {
  const account = model.state?.accounts.find((each) => each.account === selectedSystem(model)?.account)
  const until = account?.budget.throttledUntil
  if (until && Date.parse(until) > now)
    return { problem: `Throttled by Blink until ${shortClockText(until)}` }
  return {
    command: {
      name: "refresh",
      target: account ? { account: account.account } : {},
      label: "refresh",
    },
  }
}
