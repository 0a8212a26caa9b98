import type { Camera, MediaItem, Thumbnail } from "../world/World.ts"
import { fileTime } from "./time.ts"

/** Tier of every account. It is part of host names and of legacy addresses. */
export const tier = "u017"

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** Encodes a number below 62^8 as eight base 62 characters, so that a file name contains its id. */
export const toBase62 = (value: number): string => {
  let digitsSoFar = ""
  for (let rest = value; digitsSoFar.length < 8; rest = Math.floor(rest / 62))
    digitsSoFar = (digits[rest % 62] ?? "0") + digitsSoFar
  return digitsSoFar
}

export const fromBase62 = (text: string): number =>
  Array.from(text).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)

const epochSeconds = (ms: number): number => Math.floor(ms / 1000)

const legacyFolder = ({ id, network }: Camera): string =>
  `/media/${tier}/account/${network.account.id}/network/${network.id}/camera/${id}`

const hasV3Path = (camera: Camera): boolean => camera.type === "sedona" || camera.kind !== "camera"

/** Thumbnail as lists show it: an address, or a number of seconds with `timestampThumbnails`. */
export const listedThumbnail = (camera: Camera, thumbnail: Thumbnail): string | number =>
  camera.network.account.timestampThumbnails && hasV3Path(camera)
    ? epochSeconds(thumbnail.takenAt)
    : thumbnailPath(camera, thumbnail)

/** Address of a thumbnail. Cameras up to 2021 list a file without extension, later ones a v3 address with `ts`. */
const thumbnailPath = (camera: Camera, thumbnail: Thumbnail): string =>
  hasV3Path(camera)
    ? `/api/v3/media/accounts/${camera.network.account.id}/networks/${camera.network.id}/${camera.type}/${camera.id}` +
      `/thumbnail/thumbnail.jpg?ts=${epochSeconds(thumbnail.takenAt)}&ext=`
    : `${legacyFolder(camera)}/thumbnail/fw_${camera.firmware}__${toBase62(epochSeconds(thumbnail.takenAt))}_${fileTime(thumbnail.takenAt)}`

/** Address in legacy lists, without the extension `.jpg`. */
export const legacyThumbnailPath = (camera: Camera, thumbnail: Thumbnail): string =>
  `${legacyFolder(camera)}/clip_${toBase62(epochSeconds(thumbnail.takenAt))}_${fileTime(thumbnail.takenAt)}`

export const newestThumbnail = (camera: Camera): Thumbnail | undefined => camera.thumbnails.at(-1)

const v3Folder = ({ camera, source }: MediaItem): string =>
  `/api/v3/media/accounts/${camera.network.account.id}/networks/${camera.network.id}/${camera.type}/${camera.id}/${source}`

export const clipPath = (item: MediaItem): string =>
  item.camera.type === "xt2"
    ? `/api/v2/accounts/${item.camera.network.account.id}/media/clip/${item.id}.mp4`
    : `${v3Folder(item)}/${item.id}.mp4`

export const clipThumbnailPath = (item: MediaItem): string =>
  item.camera.type === "xt2"
    ? `/api/v2/accounts/${item.camera.network.account.id}/media/thumb/${item.id}`
    : `${v3Folder(item)}/${item.id}.jpg?ext=`

/** Address in legacy lists, without the extension `.jpg` or `.mp4`. */
export const legacyClipPath = (item: MediaItem): string =>
  `${legacyFolder(item.camera)}/clip_${toBase62(item.id)}_${fileTime(item.createdAt)}`
