import { type HttpResponse, bytes, json, notFound } from "../../http/HttpResponse.ts"
import { accountRoute, type AccountRequest, publicRoute, type Route } from "../../http/Route.ts"
import { renderThumbnail } from "../../media/renderThumbnail.ts"
import { renderClip } from "../../media/renderClip.ts"
import { fromBase62 } from "../../wire/mediaPath.ts"
import { isVisible } from "../../world/media.ts"
import { type Camera, cameraKey, type MediaItem } from "../../world/World.ts"

const keyOfCamera = (camera: Camera): string => cameraKey(camera.kind, camera.id)

const invalidType = json({ code: 1630, message: "Invalid Device Type" }, 400)

/** Purged and deleted clips leave their addresses behind. */
const findItem = (ask: AccountRequest, id: number): MediaItem | undefined => {
  const item = ask.world.media.get(id)
  return item === undefined ||
    item.camera.network.account !== ask.account ||
    item.deletedAt !== null ||
    !isVisible(item, ask.now)
    ? undefined
    : item
}

const clipThumbnail = (ask: AccountRequest, id: number, small = false): HttpResponse => {
  const item = findItem(ask, id)
  if (item === undefined) return notFound
  const { camera, createdAt } = item
  return jpegResponse(ask, camera, createdAt, camera.name, small)
}

const jpegResponse = (
  ask: AccountRequest,
  camera: Camera,
  takenAt: number,
  cameraName: string,
  small = false,
): HttpResponse =>
  bytes(
    renderThumbnail(ask.world.seed, { cameraKey: keyOfCamera(camera), cameraName, takenAt, small }),
    "image/jpeg",
  )

/** The first download marks a clip as watched, which lists it anew. */
const clipFile = (ask: AccountRequest, id: number): HttpResponse => {
  const item = findItem(ask, id)
  if (item === undefined) return notFound
  item.watchedAt ??= ask.now
  const file = renderClip(ask.world.seed, item)
  return bytes(ask.now < item.completeAt ? file.subarray(0, Math.floor(file.length / 3)) : file, "video/mp4")
}

/** An address keeps its picture: the second in it says which. */
const cameraThumbnail = (ask: AccountRequest, camera: Camera, seconds: number): HttpResponse => {
  const taken = camera.thumbnails.find(({ takenAt }) => Math.floor(takenAt / 1000) === seconds)
  return taken === undefined ? notFound : jpegResponse(ask, camera, seconds * 1000, taken.cameraName)
}

const findCamera = (ask: AccountRequest, id: string | undefined): Camera | undefined => {
  const cameras = ask.account.networks
    .filter((network) => network.id === Number(ask.params["network"]))
    .flatMap((network) => network.cameras)
  const type = ask.params["type"]
  return cameras.find((camera) => camera.id === Number(id) && (type === undefined || camera.type === type))
}

const v3Thumbnail = (ask: AccountRequest): HttpResponse => {
  const camera = findCamera(ask, ask.params["camera"])
  if (camera === undefined) return invalidType
  const wanted = ask.query.get("ts")
  return cameraThumbnail(
    ask,
    camera,
    wanted === null ? Math.floor((camera.thumbnails.at(-1)?.takenAt ?? 0) / 1000) : Number(wanted),
  )
}

const fileId = (name: string | undefined): number => Number((name ?? "").replace(/(_s)?\.\w+$/, ""))

/** `clip_<word>_<time>.mp4`, its `.jpg`, and `fw_<version>__<word>_<time>.jpg` for stills on demand. */
const legacyFile = (ask: AccountRequest): HttpResponse => {
  const camera = findCamera(ask, ask.params["camera"])
  const match = /^(?:clip_|fw_[\w.]*__)(\w{8})_[\d_]+(?:AM|PM)\.(jpg|mp4)$/.exec(ask.params["file"] ?? "")
  if (camera === undefined || match === null) return notFound
  const value = fromBase62(match[1] ?? "")
  if (match[2] === "mp4") return clipFile(ask, value)
  return ask.world.media.has(value) ? clipThumbnail(ask, value) : cameraThumbnail(ask, camera, value)
}

const v3Folder = "/api/v3/media/accounts/:account/networks/:network/:type/:camera"
const legacyFolder = "/media/:store/account/:account/network/:network/camera/:camera"

/** Pictures and clips under every form of address that any list has ever given. */
export const mediaFileRoutes: ReadonlyArray<Route> = [
  accountRoute(`GET ${v3Folder}/thumbnail/thumbnail.jpg`, { evidence: "live" }, v3Thumbnail),
  accountRoute(`GET ${v3Folder}/:source/:file`, { evidence: "live" }, (ask) => {
    if (findCamera(ask, ask.params["camera"]) === undefined) return invalidType
    const id = fileId(ask.params["file"])
    return (ask.params["file"] ?? "").endsWith(".mp4") ? clipFile(ask, id) : clipThumbnail(ask, id)
  }),
  accountRoute("GET /api/v2/accounts/:account/media/thumb/:file", { evidence: "live" }, (ask) => {
    const file = ask.params["file"] ?? ""
    return file.endsWith(".jpg") ? clipThumbnail(ask, fileId(file), file.endsWith("_s.jpg")) : notFound
  }),
  accountRoute("GET /api/v2/accounts/:account/media/clip/:file", { evidence: "live" }, (ask) =>
    clipFile(ask, fileId(ask.params["file"])),
  ),
  accountRoute(`GET ${legacyFolder}/thumbnail/:file`, { dialect: "both", evidence: "live" }, legacyFile),
  publicRoute("GET /:file", { dialect: "both", evidence: "live" }, ({ params }) =>
    /^\d+(\.jpg)?$/.test(params["file"] ?? "") ? json({ message: "Bad Request" }, 400) : notFound,
  ),
  accountRoute(`GET ${legacyFolder}/:file`, { dialect: "both", evidence: "live" }, legacyFile),
]
