import type { AccountState, ArmState, CameraState, HomeState, NetworkState } from "@blink-streams/model"
import { cleanText } from "./cleanText.ts"

/** A system as the screen lists it. */
export interface SystemRow {
  readonly key: string
  readonly name: string
  readonly account: AccountState["account"]
  readonly id: NetworkState["id"]
  /** `unknown` while the account's looks fail for so long that nothing can be said. */
  readonly arm: ArmState
  readonly asOf: string | null
  readonly cameras: number
  readonly offline: boolean
}

/** A camera as the screen lists it. */
export interface CameraRow {
  readonly key: string
  readonly name: string
  readonly account: AccountState["account"]
  readonly system: string
  readonly camera: CameraState
}

const named = (name: string, fallback: string): string => cleanText(name) || fallback

export const systemRows = (home: HomeState | null): ReadonlyArray<SystemRow> =>
  (home?.accounts ?? []).flatMap(({ account, networks, cameras, syncModules }) =>
    networks.map(({ id, name, arm }) => ({
      key: `${account}:${id}`,
      account,
      id,
      name: named(name, `system ${id}`),
      arm: arm.state,
      asOf: arm.asOf,
      cameras: cameras.filter(({ networkId }) => networkId === id).length,
      offline: syncModules.some(({ networkId, online }) => networkId === id && online === "offline"),
    })),
  )

export const cameraRows = (home: HomeState | null, system: SystemRow | undefined): ReadonlyArray<CameraRow> =>
  (home?.accounts ?? [])
    .filter(({ account }) => system === undefined || account === system.account)
    .flatMap(({ account, networks, cameras }) =>
      cameras
        .filter(({ networkId }) => system === undefined || networkId === system.id)
        .map((camera) => ({
          key: `${account}:${camera.kind}:${camera.id}`,
          account,
          camera,
          name: named(camera.name, `${camera.kind} ${camera.id}`),
          system: named(
            networks.find(({ id }) => id === camera.networkId)?.name ?? "",
            `system ${camera.networkId}`,
          ),
        })),
    )
