import { type AccountState, cameraKey, type Timestamp } from "@blink-streams/model"

/**
 * Time of each camera's last motion or doorbell press. A clip may be listed before its camera is known, so the times
 * are kept beside the state and applied to it when one of the two changes.
 */
export const makeLastMotion = (known: AccountState) => {
  const times = new Map<string, Timestamp>()
  const update = (key: string, at: Timestamp) => {
    const before = times.get(key)
    if (before === undefined || before < at) times.set(key, at)
  }
  for (const camera of known.cameras)
    if (camera.lastMotionAt !== null) update(cameraKey(camera), camera.lastMotionAt)
  return {
    update: (latest: ReadonlyMap<string, Timestamp>) => {
      for (const [key, at] of latest) update(key, at)
    },
    /** Returns the state with each camera's newest time; the same object when none is new. */
    applyTo: (state: AccountState): AccountState => {
      const cameras = state.cameras.map((camera) => {
        const lastMotionAt = times.get(cameraKey(camera)) ?? null
        return lastMotionAt === camera.lastMotionAt ? camera : Object.assign({}, camera, { lastMotionAt })
      })
      return cameras.every((camera, index) => camera === state.cameras[index]) ? state : { ...state, cameras }
    },
  }
}
export type LastMotion = ReturnType<typeof makeLastMotion>
