import { type CameraState, cameraKey, type CursorEvent } from "@blink-streams/model"
import type { AccountCalls, CommandInput } from "./AccountCalls.ts"
import type { CallOptions } from "../promise/CallOptions.ts"
import { findCamera } from "./findCamera.ts"

interface LightOptions extends CallOptions {
  /** Id of the floodlight mount. Battery cameras require it. */
  readonly accessory?: number
}

/** State and commands of one camera. A command that its kind does not have is rejected with `NotSupported`. */
export interface CameraHandle {
  readonly state: CameraState
  /** Lets the camera record motion while its network is armed. */
  enable(options?: CallOptions): Promise<void>
  disable(options?: CallOptions): Promise<void>
  /** Takes a new thumbnail and resolves with the JPEG. Wakes a battery camera. */
  takePicture(options?: CallOptions): Promise<Uint8Array>
  /** Records a clip now. Wakes a battery camera. */
  record(options?: CallOptions): Promise<void>
  light(on: boolean, options?: LightOptions): Promise<void>
  /** Mutes notifications for 1 to 1439 minutes. Recording continues. */
  snooze(minutes: number, options?: CallOptions): Promise<void>
  unsnooze(options?: CallOptions): Promise<void>
  /** Clips of this camera that the log has, oldest first. `data.clip` is the path for `bytes`. Sends no request. */
  clips(): AsyncIterable<CursorEvent<"clip.added">>
  /** Live video as MPEG-TS. Leaving the loop ends the live view in the cloud. */
  live(options?: CallOptions): AsyncIterable<Uint8Array>
}

export const cameraHandle = (account: AccountCalls, camera: CameraState): CameraHandle => {
  const key = cameraKey(camera)
  const find = () => findCamera(account.state().cameras, key)
  const target = () => {
    const { networkId: network, kind, id } = find()
    return { network, kind, camera: id }
  }
  const send = async (
    toCommand: (camera: ReturnType<typeof target>) => CommandInput,
    options: CallOptions | undefined,
  ) => {
    await account.command(toCommand(target()), options)
  }
  return {
    get state() {
      return find()
    },
    enable: (options) => send((to) => ({ name: "enable", ...to }), options),
    disable: (options) => send((to) => ({ name: "disable", ...to }), options),
    record: (options) => send((to) => ({ name: "clip", ...to }), options),
    takePicture: async (options) => {
      await send((to) => ({ name: "thumbnail", ...to }), options)
      const { thumbnail, name } = find()
      if (thumbnail === null) throw new TypeError(`camera "${name}" has no thumbnail`)
      return account.bytes(thumbnail.url, options)
    },
    light: (on, { accessory, ...options } = {}) => {
      const args = accessory === undefined ? { on } : { on, accessory }
      return send((to) => ({ name: "light", ...to, args }), options)
    },
    snooze: (minutes, options) => send((to) => ({ name: "snooze", ...to, args: { minutes } }), options),
    unsnooze: (options) => send((to) => ({ name: "unsnooze", ...to }), options),
    clips: () => account.clips(camera),
    live: (options) => account.live(target(), options),
  }
}
