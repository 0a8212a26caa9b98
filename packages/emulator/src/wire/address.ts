import type { Camera, MediaItem, Still } from "../world/World.ts"
import { fileTime } from "./time.ts"

/** The tier of every account: it stands in for the host name and in old addresses. */
export const tier = "u017"

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** Eight characters that hide a number below 62^8 in a file name, so that the address alone finds it again. */
export const toWord = (value: number): string => {
  let word = ""
  for (let rest = value; word.length < 8; rest = Math.floor(rest / 62))
    word = (digits[rest % 62] ?? "0") + word
  return word
}

export const fromWord = (word: string): number =>
  Array.from(word).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)

const epoch = (ms: number): number => Math.floor(ms / 1000)

const oldFolder = ({ id, network }: Camera): string =>
  `/media/${tier}/account/${network.account.id}/network/${network.id}/camera/${id}`

const hasV3Address = (camera: Camera): boolean => camera.type === "sedona" || camera.kind !== "camera"

/** What the lists say: an address, or a number on accounts that get those. */
export const toldStill = (camera: Camera, still: Still): string | number =>
  camera.network.account.bareThumbnails && hasV3Address(camera)
    ? epoch(still.takenAt)
    : stillAddress(camera, still)

/** Cameras up to 2021 name a file without its ending; later ones a v3 address whose `ts` is part of the key. */
export const stillAddress = (camera: Camera, still: Still): string =>
  hasV3Address(camera)
    ? `/api/v3/media/accounts/${camera.network.account.id}/networks/${camera.network.id}/${camera.type}/${camera.id}` +
      `/thumbnail/thumbnail.jpg?ts=${epoch(still.takenAt)}&ext=`
    : `${oldFolder(camera)}/thumbnail/fw_${camera.firmware}__${toWord(epoch(still.takenAt))}_${fileTime(still.takenAt)}`

/** What the legacy calls say: always a name to which `.jpg` is added. */
export const legacyStillAddress = (camera: Camera, still: Still): string =>
  `${oldFolder(camera)}/clip_${toWord(epoch(still.takenAt))}_${fileTime(still.takenAt)}`

export const newestStill = (camera: Camera): Still | undefined => camera.stills.at(-1)

const v3Folder = ({ camera, source }: MediaItem): string =>
  `/api/v3/media/accounts/${camera.network.account.id}/networks/${camera.network.id}/${camera.type}/${camera.id}/${source}`

export const clipAddress = (item: MediaItem): string =>
  item.camera.type === "xt2"
    ? `/api/v2/accounts/${item.camera.network.account.id}/media/clip/${item.id}.mp4`
    : `${v3Folder(item)}/${item.id}.mp4`

export const clipStillAddress = (item: MediaItem): string =>
  item.camera.type === "xt2"
    ? `/api/v2/accounts/${item.camera.network.account.id}/media/thumb/${item.id}`
    : `${v3Folder(item)}/${item.id}.jpg?ext=`

/** Without its ending: the legacy calls add `.jpg` or `.mp4`. */
export const legacyClipAddress = (item: MediaItem): string =>
  `${oldFolder(item.camera)}/clip_${toWord(item.id)}_${fileTime(item.createdAt)}`
