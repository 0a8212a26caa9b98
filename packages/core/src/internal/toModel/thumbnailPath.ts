import { type Thumbnail, type Timestamp, timestampFromMillis } from "@blink-streams/model"

interface Owner {
  readonly account: number
  readonly network: number
  readonly model: string
  readonly id: number
}

/** `…_2026_03_13__22_18PM`: UTC in 24-hour format, followed by AM or PM. */
const nameTime = /_(\d{4})_(\d\d)_(\d\d)__(\d\d)_(\d\d)(?:AM|PM)?(?:\.jpg)?$/

const takenAt = (path: string): Timestamp | null => {
  const epoch = /[?&]ts=(\d{9,11})(?:&|$)/.exec(path)
  if (epoch !== null) return timestampFromMillis(Number(epoch[1]) * 1000)
  const name = nameTime.exec(path.split("?")[0]!)
  if (name === null) return null
  const [year, month, day, hour, minute] = name.slice(1).map(Number)
  return timestampFromMillis(Date.UTC(year!, month! - 1, day, hour, minute))
}

/**
 * Path from which a picture can be fetched. The cloud sends a path without `.jpg`, a complete path, or only a
 * timestamp from which the path is built. Returns `null` for none, and for anything that contains a host.
 */
export const thumbnailPath = (
  wireValue: string | number | null | undefined,
  owner: Owner | null,
): string | null => {
  if (wireValue === null || wireValue === undefined || wireValue === "") return null
  if (/^\d+$/.test(String(wireValue))) {
    return owner === null
      ? null
      : `/api/v3/media/accounts/${owner.account}/networks/${owner.network}/${owner.model}/${owner.id}/thumbnail/thumbnail.jpg?ts=${wireValue}&ext=`
  }
  const text = String(wireValue)
  if (text.includes("://") || text.startsWith("//")) return null
  const path = text.startsWith("/") ? text : `/${text}`
  return path.split("?")[0]!.endsWith(".jpg") ? path : `${path}.jpg`
}

/** Parsed thumbnails. The same path comes with every snapshot until there is a new picture. */
const cache = new Map<string, Thumbnail>()
/** Exceeds the number of cameras of any account. */
const maxCached = 4096

/** `thumbnailPath` with the time from the path. */
export const toThumbnail = (
  wireValue: string | number | null | undefined,
  owner: Owner,
): Thumbnail | null => {
  const cached = typeof wireValue === "string" ? cache.get(wireValue) : undefined
  if (cached !== undefined) return cached
  const url = thumbnailPath(wireValue, owner)
  if (url === null) return null
  const thumbnail: Thumbnail = { url, takenAt: takenAt(url) }
  if (typeof wireValue === "string" && wireValue.startsWith("/")) {
    if (cache.size >= maxCached) cache.clear()
    cache.set(wireValue, thumbnail)
  }
  return thumbnail
}
