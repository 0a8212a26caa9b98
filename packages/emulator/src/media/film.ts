import { ts } from "../wire/time.ts"
import { fractionFrom, type Seed } from "../world/seed.ts"
import {
  changedPicture,
  pictureParameters,
  type Planes,
  sequenceParameters,
  toPlanes,
  wholePicture,
} from "./h264.ts"
import { drawScene } from "./picture.ts"

export const filmSize = { width: 320, height: 192 }

export interface Film {
  readonly parameters: readonly [sequence: Uint8Array, picture: Uint8Array]
  /** One picture a second; the first needs no other. */
  readonly pictures: ReadonlyArray<Uint8Array>
}

export interface FilmPlan {
  readonly cameraKey: string
  readonly cameraName: string
  readonly from: number
  readonly seconds: number
}

const scene = (seed: Seed, plan: FilmPlan, second: number): Planes => {
  const at = plan.from + second * 1000
  const start = fractionFrom(seed, `passer/${plan.cameraKey}/${plan.from}`)
  return toPlanes(
    drawScene({
      ...filmSize,
      turn: fractionFrom(seed, `scene/${plan.cameraKey}`),
      passer: (start + second / 20) % 1,
      lines: [plan.cameraName, ts(at).slice(0, 19).replace("T", " ")],
    }),
  )
}

/** Somebody walks through the picture, a step a second, under a running clock. */
export const makeFilm = (seed: Seed, plan: FilmPlan): Film => {
  const scenes = Array.from({ length: Math.max(1, plan.seconds) }, (_, second) => scene(seed, plan, second))
  return {
    parameters: [sequenceParameters(scenes[0] ?? scene(seed, plan, 0)), pictureParameters],
    pictures: scenes.map((planes, nth) => {
      const before = scenes[nth - 1]
      return before === undefined ? wholePicture(planes, 0) : changedPicture(before, planes, nth)
    }),
  }
}
