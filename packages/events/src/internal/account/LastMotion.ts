import { type AccountState, cameraKey, type Timestamp } from "@blink-streams/model"
import { Context, Effect, Layer } from "effect"
import { AccountRecord } from "./AccountRecord.ts"

/**
 * Time of each camera's last motion or doorbell press. A clip may be listed before its camera is known, so the times
 * are kept beside the state and applied to it when one of the two changes.
 */
export class LastMotion extends Context.Service<
  LastMotion,
  {
    readonly update: (latest: ReadonlyMap<string, Timestamp>) => void
    /** Returns the state with each camera's newest time; the same object when none is new. */
    readonly applyTo: (state: AccountState) => AccountState
  }
>()("@blink-streams/events/LastMotion") {
  static readonly layer: Layer.Layer<LastMotion, never, AccountRecord> = Layer.effect(
    LastMotion,
    Effect.gen(function* () {
      const { lastState } = yield* AccountRecord
      const times = new Map<string, Timestamp>()
      const update = (latest: Iterable<readonly [string, Timestamp]>) => {
        for (const [key, at] of latest) {
          const before = times.get(key)
          if (before === undefined || before < at) times.set(key, at)
        }
      }
      for (const camera of lastState?.cameras ?? [])
        if (camera.lastMotionAt !== null) update([[cameraKey(camera), camera.lastMotionAt]])
      return {
        update,
        applyTo: (state) => {
          const cameras = state.cameras.map((camera) => {
            const lastMotionAt = times.get(cameraKey(camera)) ?? null
            return lastMotionAt === camera.lastMotionAt ? camera : Object.assign({}, camera, { lastMotionAt })
          })
          return cameras.every((camera, index) => camera === state.cameras[index])
            ? state
            : { ...state, cameras }
        },
      }
    }),
  )
}
