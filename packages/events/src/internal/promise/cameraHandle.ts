import { type CameraState, cameraKey } from "@blink-streams/model"
import type { AccountCalls } from "./AccountCalls.ts"
import type { CallOptions } from "./CallOptions.ts"
import { exactlyOne } from "./exactlyOne.ts"

export interface CameraHandle {
  readonly state: CameraState
  enable(options?: CallOptions): Promise<void>
  disable(options?: CallOptions): Promise<void>
  /** Takes a new thumbnail and resolves with the JPEG. */
  snap(options?: CallOptions): Promise<Uint8Array>
  /** Records a clip now. */
  record(options?: CallOptions): Promise<void>
}

export const cameraHandle = (account: AccountCalls, nameOrKey: string): CameraHandle => {
  const only = (matches: (camera: CameraState) => boolean) =>
    exactlyOne(account.state().cameras.filter(matches), `camera "${nameOrKey}"`)
  const key = cameraKey(only((camera) => camera.name === nameOrKey || cameraKey(camera) === nameOrKey))
  const find = () => only((camera) => cameraKey(camera) === key)
  const run =
    (name: "enable" | "disable" | "clip" | "thumbnail") =>
    async (options?: CallOptions): Promise<void> => {
      const { networkId, kind, id } = find()
      await account.command({ name, network: networkId, kind, camera: id }, options)
    }
  return {
    get state() {
      return find()
    },
    enable: run("enable"),
    disable: run("disable"),
    record: run("clip"),
    snap: async (options) => {
      await run("thumbnail")(options)
      const { thumbnail } = find()
      if (thumbnail === null) throw new TypeError(`camera "${nameOrKey}" has no thumbnail`)
      return account.bytes(thumbnail.url, options)
    },
  }
}
