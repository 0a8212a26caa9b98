import { clipBytes } from "../wire/media.ts"
import type { Seed } from "../world/seed.ts"
import { cameraKey, type MediaItem } from "../world/World.ts"
import { makeTestVideo } from "./testVideo.ts"
import { toMp4 } from "./mp4.ts"

const cacheSize = 16
const cache = new Map<string, Uint8Array>()

/** Renders the MP4 of a media item. Length, size and time are those of the lists. Caches the newest 16. */
export const renderClip = (seed: Seed, item: MediaItem): Uint8Array => {
  const plan = {
    cameraKey: cameraKey(item.camera.kind, item.camera.id),
    cameraName: item.camera.name,
    from: item.createdAt,
    seconds: item.seconds,
  }
  const key = JSON.stringify([seed, plan])
  const cached = cache.get(key)
  if (cached !== undefined) return cached
  const file = toMp4(makeTestVideo(seed, plan), clipBytes(item.seconds))
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? "")
  cache.set(key, file)
  return file
}
