import jpeg from "jpeg-js"
import { ts } from "../wire/time.ts"
import { fractionFrom, type Seed } from "../world/seed.ts"
import { drawScene } from "./picture.ts"

const kept = 256
const drawn = new Map<string, Uint8Array>()

/** A JPEG of what a camera saw at an instant, with its name and the time in it. The same twice. */
export const still = (
  seed: Seed,
  options: {
    readonly cameraKey: string
    readonly cameraName: string
    readonly takenAt: number
    readonly small?: boolean
  },
): Uint8Array => {
  const key = JSON.stringify([seed, options])
  const known = drawn.get(key)
  if (known !== undefined) return known
  const size = options.small === true ? { width: 160, height: 96 } : { width: 480, height: 272 }
  const picture = drawScene({
    ...size,
    turn: fractionFrom(seed, `scene/${options.cameraKey}`),
    passer: fractionFrom(seed, `passer/${options.cameraKey}/${options.takenAt}`),
    lines: [options.cameraName, ts(options.takenAt).slice(0, 19).replace("T", " ")],
  })
  const made = new Uint8Array(jpeg.encode(picture, 70).data)
  if (drawn.size >= kept) drawn.delete(drawn.keys().next().value ?? "")
  drawn.set(key, made)
  return made
}
