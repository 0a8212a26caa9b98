import { timestamp } from "../wire/time.ts"
import { seededFraction, type Seed } from "../world/seed.ts"
import {
  encodeDeltaFrame,
  pictureParameters,
  type Planes,
  sequenceParameters,
  toPlanes,
  encodeKeyFrame,
} from "./h264.ts"
import { drawScene } from "./drawScene.ts"

export const testVideoSize = { width: 320, height: 192 }

export interface TestVideo {
  readonly parameters: readonly [sequence: Uint8Array, picture: Uint8Array]
  /** One frame per second. The first is a key frame. */
  readonly frames: ReadonlyArray<Uint8Array>
}

export interface TestVideoPlan {
  readonly cameraKey: string
  readonly cameraName: string
  readonly from: number
  readonly seconds: number
}

const scene = (seed: Seed, plan: TestVideoPlan, second: number): Planes => {
  const at = plan.from + second * 1000
  const start = seededFraction(seed, `passer/${plan.cameraKey}/${plan.from}`)
  return toPlanes(
    drawScene({
      ...testVideoSize,
      hueTurn: seededFraction(seed, `scene/${plan.cameraKey}`),
      personPosition: (start + second / 20) % 1,
      lines: [plan.cameraName, timestamp(at).slice(0, 19).replace("T", " ")],
    }),
  )
}

/** Renders a video of a walking person with the camera's name and a running clock, one frame per second. */
export const makeTestVideo = (seed: Seed, plan: TestVideoPlan): TestVideo => {
  const scenes = Array.from({ length: Math.max(1, plan.seconds) }, (_, second) => scene(seed, plan, second))
  return {
    parameters: [sequenceParameters(scenes[0] ?? scene(seed, plan, 0)), pictureParameters],
    frames: scenes.map((planes, index) => {
      const previous = scenes[index - 1]
      return previous === undefined ? encodeKeyFrame(planes, 0) : encodeDeltaFrame(previous, planes, index)
    }),
  }
}
