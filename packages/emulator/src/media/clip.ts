import { clipBytes } from "../wire/media.ts"
import type { Seed } from "../world/seed.ts"
import type { MediaItem } from "../world/World.ts"

const box = (type: string, body: Uint8Array): Uint8Array => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, "latin1")
  return Buffer.concat([head, body])
}

/** The MP4 of a media item. */
export const clip = (_seed: Seed, item: MediaItem): Uint8Array => {
  const ftyp = box("ftyp", Buffer.from("isom\0\0\u0002\0isomiso2avc1mp41", "latin1"))
  const size = clipBytes(item.seconds)
  return Buffer.concat([ftyp, box("free", Buffer.alloc(size - ftyp.length - 8))])
}
