import type { AccountState, Camera, CameraState, HomeState, NetworkState } from "@blink-streams/model"
import { cleanText } from "@blink-streams/watcher/cleanText"
import { Failure } from "./Failure.ts"

const same = (name: string, wanted: string): boolean =>
  cleanText(name).toLowerCase() === wanted.trim().toLowerCase()

const listed = (names: ReadonlyArray<string>): string =>
  names.map((name) => cleanText(name)).join(", ") || "none"

/** The one that `wanted` names: by number or by name, or the only one there is. */
const single = <Found>(
  found: ReadonlyArray<Found>,
  all: ReadonlyArray<string>,
  what: string,
  wanted: string | undefined,
): Found => {
  const [first, second] = found
  if (first === undefined)
    throw new Failure("failed", `no ${what} is called "${wanted ?? ""}": there are ${listed(all)}`)
  if (second !== undefined)
    throw new Failure(
      "usage",
      wanted === undefined
        ? `which ${what}? There are ${listed(all)}`
        : `"${wanted}" is the name of several: give the number of the ${what} instead`,
    )
  return first
}

export interface SystemTarget {
  readonly account: AccountState["account"]
  readonly network: NetworkState
}

export const findSystem = (home: HomeState, wanted: string | undefined): SystemTarget => {
  const all = home.accounts.flatMap(({ account, networks }) =>
    networks.map((network) => ({ account, network })),
  )
  return single(
    all.filter(
      ({ network }) => wanted === undefined || String(network.id) === wanted || same(network.name, wanted),
    ),
    all.map(({ network }) => network.name),
    "system",
    wanted,
  )
}

export interface CameraTarget {
  readonly account: AccountState["account"]
  readonly camera: CameraState
}

const isMeant = (camera: Camera, wanted: string): boolean =>
  `${camera.kind}:${camera.id}` === wanted || String(camera.id) === wanted || same(camera.name, wanted)

/** The one camera of a look that `wanted` names. */
export const singleCamera = (cameras: ReadonlyArray<Camera>, wanted: string): Camera =>
  single(
    cameras.filter((camera) => isMeant(camera, wanted)),
    cameras.map(({ name }) => name),
    "camera",
    wanted,
  )

export const findCamera = (home: HomeState, wanted: string): CameraTarget => {
  const all = home.accounts.flatMap(({ account, cameras }) => cameras.map((camera) => ({ account, camera })))
  return single(
    all.filter(({ camera }) => isMeant(camera, wanted)),
    all.map(({ camera }) => camera.name),
    "camera",
    wanted,
  )
}

/** As the protocol names a camera: by kind and number, in its system. */
export const cameraTarget = ({ account, camera }: CameraTarget) => ({
  account,
  network: camera.networkId,
  camera: camera.id,
  kind: camera.kind,
})
