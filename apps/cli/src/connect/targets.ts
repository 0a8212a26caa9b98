import type { AccountState, BlinkState, Camera, CameraState, NetworkState } from "@blink-streams/model"
import { cleanText } from "@blink-streams/watcher/text"
import { CliError } from "../errors/CliError.ts"

const sameName = (name: string, requested: string): boolean =>
  cleanText(name).toLowerCase() === requested.trim().toLowerCase()

const listNames = (names: ReadonlyArray<string>): string =>
  names.map((name) => cleanText(name)).join(", ") || "none"

/** Returns the only item of `matches`. Throws a `CliError` that lists `all` when there is none or more than one. */
const pickOne = <Item>(
  matches: ReadonlyArray<Item>,
  all: ReadonlyArray<string>,
  noun: string,
  requested: string | undefined,
): Item => {
  const [first, second] = matches
  if (first === undefined)
    throw new CliError("failed", `there is no ${noun} "${requested ?? ""}": available are ${listNames(all)}`)
  if (second !== undefined)
    throw new CliError(
      "usage",
      requested === undefined
        ? `which ${noun}? Available are ${listNames(all)}`
        : `"${requested}" is ambiguous: give the number of the ${noun} instead`,
    )
  return first
}

export interface SystemTarget {
  readonly account: AccountState["account"]
  readonly network: NetworkState
}

/** Selects a system by name or number, or the only one. Throws a `CliError` when there is not exactly one. */
export const findSystem = (state: BlinkState, requested: string | undefined): SystemTarget => {
  const all = state.accounts.flatMap(({ account, networks }) =>
    networks.map((network) => ({ account, network })),
  )
  return pickOne(
    all.filter(
      ({ network }) =>
        requested === undefined || String(network.id) === requested || sameName(network.name, requested),
    ),
    all.map(({ network }) => network.name),
    "system",
    requested,
  )
}

export interface CameraTarget {
  readonly account: AccountState["account"]
  readonly camera: CameraState
}

const matchesCamera = (camera: Camera, requested: string): boolean =>
  `${camera.kind}:${camera.id}` === requested ||
  String(camera.id) === requested ||
  sameName(camera.name, requested)

/** Selects a camera of a snapshot by name, number or `kind:number`. Throws a `CliError` when there is not exactly one. */
export const selectCamera = (cameras: ReadonlyArray<Camera>, requested: string): Camera =>
  pickOne(
    cameras.filter((camera) => matchesCamera(camera, requested)),
    cameras.map(({ name }) => name),
    "camera",
    requested,
  )

/** Selects a camera of the state by name, number or `kind:number`. Throws a `CliError` when there is not exactly one. */
export const findCamera = (state: BlinkState, requested: string): CameraTarget => {
  const all = state.accounts.flatMap(({ account, cameras }) => cameras.map((camera) => ({ account, camera })))
  return pickOne(
    all.filter(({ camera }) => matchesCamera(camera, requested)),
    all.map(({ camera }) => camera.name),
    "camera",
    requested,
  )
}

/** Command target of a camera: kind and number, and the number of its system. */
export const cameraTarget = ({ account, camera }: CameraTarget) => ({
  account,
  network: camera.networkId,
  camera: camera.id,
  kind: camera.kind,
})
