import { type AccountState, cameraKey, type Timestamp } from "@blink-streams/model"

/**
 * When each camera last saw something. Clips may be seen before the camera they belong to is, so this is kept
 * beside the state and put into it whenever one of the two has news.
 */
export const makeLastMotion = (known: AccountState) => {
  const moments = new Map<string, Timestamp>()
  const note = (key: string, at: Timestamp) => {
    const before = moments.get(key)
    if (before === undefined || before < at) moments.set(key, at)
  }
  for (const camera of known.cameras)
    if (camera.lastMotionAt !== null) note(cameraKey(camera), camera.lastMotionAt)
  return {
    note: (seen: ReadonlyMap<string, Timestamp>) => {
      for (const [key, at] of seen) note(key, at)
    },
    /** The state with every camera's newest moment; the same object when none is new. */
    into: (state: AccountState): AccountState => {
      const cameras = state.cameras.map((camera) => {
        const lastMotionAt = moments.get(cameraKey(camera)) ?? null
        return lastMotionAt === camera.lastMotionAt ? camera : Object.assign({}, camera, { lastMotionAt })
      })
      return cameras.every((camera, index) => camera === state.cameras[index]) ? state : { ...state, cameras }
    },
  }
}
export type LastMotion = ReturnType<typeof makeLastMotion>
