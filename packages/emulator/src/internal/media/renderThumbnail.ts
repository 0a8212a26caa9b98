import jpeg from "jpeg-js"
import { timestamp } from "../wire/time.ts"
import { seededFraction, type Seed } from "../world/seed.ts"
import { drawScene } from "./drawScene.ts"

const cacheSize = 256
const cache = new Map<string, Uint8Array>()

/** Renders a JPEG with the camera's name and the time. Equal arguments give equal bytes. Caches the newest 256. */
export const renderThumbnail = (
  seed: Seed,
  options: {
    readonly cameraKey: string
    readonly cameraName: string
    readonly takenAt: number
    readonly small?: boolean
  },
): Uint8Array => {
  const key = JSON.stringify([seed, options])
  const cached = cache.get(key)
  if (cached !== undefined) return cached
  const size = options.small === true ? { width: 160, height: 96 } : { width: 480, height: 272 }
  const picture = drawScene({
    ...size,
    hueTurn: seededFraction(seed, `scene/${options.cameraKey}`),
    personPosition: seededFraction(seed, `passer/${options.cameraKey}/${options.takenAt}`),
    lines: [options.cameraName, timestamp(options.takenAt).slice(0, 19).replace("T", " ")],
  })
  const jpegBytes = new Uint8Array(jpeg.encode(picture, 70).data)
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? "")
  cache.set(key, jpegBytes)
  return jpegBytes
}
