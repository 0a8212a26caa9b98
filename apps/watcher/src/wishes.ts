import type { CameraRow, SystemRow } from "./homeView.ts"
import { cameraRows, systemRows } from "./homeView.ts"
import type { ScreenModel, Wish } from "./ScreenModel.ts"
import { selectedCamera, selectedSystem } from "./ScreenModel.ts"

/** What to ask of the broadcaster, or why there is nothing to ask. */
export type Wanted = { readonly wish: Wish } | { readonly problem: string }

const matching = <Row extends { readonly name: string }>(
  rows: ReadonlyArray<Row>,
  name: string,
): Row | undefined => rows.find((row) => row.name.toLowerCase() === name.toLowerCase())

/** An empty name means the marked one. */
const systemNamed = (model: ScreenModel, name: string): SystemRow | undefined =>
  name === "" ? selectedSystem(model) : matching(systemRows(model.home), name)

const cameraNamed = (model: ScreenModel, name: string): CameraRow | undefined =>
  name === "" ? selectedCamera(model) : matching(cameraRows(model.home, undefined), name)

const missing = (what: string, name: string): Wanted => ({
  problem: name === "" ? `no ${what} is marked` : `no ${what} is called "${name}"`,
})

export const armWish = (model: ScreenModel, name: "arm" | "disarm", which = ""): Wanted => {
  const system = systemNamed(model, which)
  if (!system) return missing("system", which)
  const settled = system.arm === "armed" || system.arm === "disarmed"
  return {
    wish: {
      name,
      target: { account: system.account, network: system.id },
      // Nobody disarms a house because the screen was a look behind.
      ...(name === "disarm" && settled ? { expect: { armed: system.arm === "armed" } } : {}),
      label: `${name} ${system.name}`,
    },
  }
}

const cameraTarget = ({ account, camera }: CameraRow): Wish["target"] => ({
  account,
  network: camera.networkId,
  camera: camera.id,
  kind: camera.kind,
})

/** `null` turns the switch the other way. */
export const motionWish = (model: ScreenModel, on: boolean | null, which = ""): Wanted => {
  const row = cameraNamed(model, which)
  if (!row) return missing("camera", which)
  const wanted = on ?? row.camera.detection !== "on"
  return {
    wish: {
      name: wanted ? "enable" : "disable",
      target: cameraTarget(row),
      label: `motion ${wanted ? "on" : "off"} ${row.name}`,
    },
  }
}

export const pictureWish = (model: ScreenModel, which = ""): Wanted => {
  const row = cameraNamed(model, which)
  return row
    ? { wish: { name: "thumbnail", target: cameraTarget(row), label: `picture ${row.name}` } }
    : missing("camera", which)
}

/** Greyed with its reason while the cloud wants to be left alone. */
export const refreshWish = (model: ScreenModel, now: number): Wanted => {
  const account = model.home?.accounts.find((each) => each.account === selectedSystem(model)?.account)
  const until = account?.budget.throttledUntil
  if (until && Date.parse(until) > now) return { problem: "not now: the cloud asked for a pause" }
  return {
    wish: { name: "refresh", target: account ? { account: account.account } : {}, label: "look at the home" },
  }
}
