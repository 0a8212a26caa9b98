import type { AccountState, BlinkState, Camera, CameraState, NetworkState } from "@blink-streams/model"
import { cleanText } from "@blink-streams/watcher"
import { CliError } from "../errors/CliError.ts"

const sameName = (name: string, requested: string): boolean =>
  cleanText(name).toLowerCase() === requested.trim().toLowerCase()

const listNames = (names: ReadonlyArray<string>): string =>
  names.map((name) => cleanText(name)).join(", ") || "none"

/** The one that `wanted` names: by number or by name, or the only one there is. */
const pickOne = <Item>(
  matches: ReadonlyArray<Item>,
  all: ReadonlyArray<string>,
  noun: string,
  requested: string | undefined,
): Item => {
  const [first, second] = matches
  if (first === undefined)
    throw new CliError("failed", `no ${noun} is called "${requested ?? ""}": there are ${listNames(all)}`)
  if (second !== undefined)
    throw new CliError(
      "usage",
      requested === undefined
        ? `which ${noun}? There are ${listNames(all)}`
        : `"${requested}" is the name of several: give the number of the ${noun} instead`,
    )
  return first
}

export interface SystemTarget {
  readonly account: AccountState["account"]
  readonly network: NetworkState
}

export const findSystem = (home: BlinkState, requested: string | undefined): SystemTarget => {
  const all = home.accounts.flatMap(({ account, networks }) =>
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

/** The one camera of a look that `wanted` names. */
export const selectCamera = (cameras: ReadonlyArray<Camera>, requested: string): Camera =>
  pickOne(
    cameras.filter((camera) => matchesCamera(camera, requested)),
    cameras.map(({ name }) => name),
    "camera",
    requested,
  )

export const findCamera = (home: BlinkState, requested: string): CameraTarget => {
  const all = home.accounts.flatMap(({ account, cameras }) => cameras.map((camera) => ({ account, camera })))
  return pickOne(
    all.filter(({ camera }) => matchesCamera(camera, requested)),
    all.map(({ camera }) => camera.name),
    "camera",
    requested,
  )
}

/** As the protocol names a camera: by kind and number, in its system. */
export const cameraTarget = ({ account, camera }: CameraTarget) => ({
  account,
  network: camera.networkId,
  camera: camera.id,
  kind: camera.kind,
})
