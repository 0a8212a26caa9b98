import type { AccountState, ArmState, CameraState, BlinkState, NetworkState } from "@blink-streams/model"
import { cleanText } from "../format/cleanText.ts"

/** A row of the list of systems. */
export interface SystemRow {
  readonly key: string
  readonly name: string
  readonly account: AccountState["account"]
  readonly id: NetworkState["id"]
  /** `unknown` once the account's polls have failed for too long. */
  readonly arm: ArmState
  readonly asOf: string | null
  readonly offline: boolean
}

/** A row of the list of cameras. */
export interface CameraRow {
  readonly key: string
  readonly name: string
  readonly account: AccountState["account"]
  readonly system: string
  readonly camera: CameraState
}

const nameOr = (name: string, fallback: string): string => cleanText(name) || fallback

export const systemRows = (state: BlinkState | null): ReadonlyArray<SystemRow> =>
  (state?.accounts ?? []).flatMap(({ account, networks, syncModules }) =>
    networks.map(({ id, name, arm }) => ({
      key: `${account}:${id}`,
      account,
      id,
      name: nameOr(name, `System ${id}`),
      arm: arm.state,
      asOf: arm.asOf,
      offline: syncModules.some(({ networkId, online }) => networkId === id && online === "offline"),
    })),
  )

export const cameraRows = (
  state: BlinkState | null,
  system: SystemRow | undefined,
): ReadonlyArray<CameraRow> =>
  (state?.accounts ?? [])
    .filter(({ account }) => system === undefined || account === system.account)
    .flatMap(({ account, networks, cameras }) =>
      cameras
        .filter(({ networkId }) => system === undefined || networkId === system.id)
        .map((camera) => ({
          key: `${account}:${camera.kind}:${camera.id}`,
          account,
          camera,
          name: nameOr(camera.name, `${camera.kind} ${camera.id}`),
          system: nameOr(
            networks.find(({ id }) => id === camera.networkId)?.name ?? "",
            `System ${camera.networkId}`,
          ),
        })),
    )
