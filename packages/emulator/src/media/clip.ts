import { clipBytes } from "../wire/media.ts"
import type { Seed } from "../world/seed.ts"
import { cameraKey, type MediaItem } from "../world/World.ts"
import { makeFilm } from "./film.ts"
import { toMp4 } from "./mp4.ts"

const kept = 16
const made = new Map<string, Uint8Array>()

/** The MP4 of a media item: its length, its size and the clock in its picture are those of the lists. */
export const clip = (seed: Seed, item: MediaItem): Uint8Array => {
  const plan = {
    cameraKey: cameraKey(item.camera.kind, item.camera.id),
    cameraName: item.camera.name,
    from: item.createdAt,
    seconds: item.seconds,
  }
  const key = JSON.stringify([seed, plan])
  const known = made.get(key)
  if (known !== undefined) return known
  const file = toMp4(makeFilm(seed, plan), clipBytes(item.seconds))
  if (made.size >= kept) made.delete(made.keys().next().value ?? "")
  made.set(key, file)
  return file
}
