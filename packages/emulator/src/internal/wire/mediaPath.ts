import type { Camera, MediaItem, Thumbnail } from "../world/World.ts"
import { fileTime } from "./time.ts"

/** The tier of every account: it stands in for the host name and in old addresses. */
export const tier = "u017"

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** Eight characters that hide a number below 62^8 in a file name, so that the address alone finds it again. */
export const toBase62 = (value: number): string => {
  let digitsSoFar = ""
  for (let rest = value; digitsSoFar.length < 8; rest = Math.floor(rest / 62))
    digitsSoFar = (digits[rest % 62] ?? "0") + digitsSoFar
  return digitsSoFar
}

export const fromBase62 = (word: string): number =>
  Array.from(word).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)

const epochSeconds = (ms: number): number => Math.floor(ms / 1000)

const legacyFolder = ({ id, network }: Camera): string =>
  `/media/${tier}/account/${network.account.id}/network/${network.id}/camera/${id}`

const hasV3Path = (camera: Camera): boolean => camera.type === "sedona" || camera.kind !== "camera"

/** What the lists say: an address, or a number on accounts that get those. */
export const listedThumbnail = (camera: Camera, still: Thumbnail): string | number =>
  camera.network.account.bareThumbnails && hasV3Path(camera)
    ? epochSeconds(still.takenAt)
    : thumbnailPath(camera, still)

/** Cameras up to 2021 name a file without its ending; later ones a v3 address whose `ts` is part of the key. */
export const thumbnailPath = (camera: Camera, still: Thumbnail): string =>
  hasV3Path(camera)
    ? `/api/v3/media/accounts/${camera.network.account.id}/networks/${camera.network.id}/${camera.type}/${camera.id}` +
      `/thumbnail/thumbnail.jpg?ts=${epochSeconds(still.takenAt)}&ext=`
    : `${legacyFolder(camera)}/thumbnail/fw_${camera.firmware}__${toBase62(epochSeconds(still.takenAt))}_${fileTime(still.takenAt)}`

/** What the legacy calls say: always a name to which `.jpg` is added. */
export const legacyThumbnailPath = (camera: Camera, still: Thumbnail): string =>
  `${legacyFolder(camera)}/clip_${toBase62(epochSeconds(still.takenAt))}_${fileTime(still.takenAt)}`

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

/** Without its ending: the legacy calls add `.jpg` or `.mp4`. */
export const legacyClipPath = (item: MediaItem): string =>
  `${legacyFolder(item.camera)}/clip_${toBase62(item.id)}_${fileTime(item.createdAt)}`
