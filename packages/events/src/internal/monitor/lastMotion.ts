import { type AccountState, cameraKey, type Timestamp } from "@blink-streams/model"

/**
 * When each camera last saw something. Clips may be seen before the camera they belong to is, so this is kept
 * beside the state and put into it whenever one of the two has news.
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
    /** The state with every camera's newest moment; the same object when none is new. */
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
