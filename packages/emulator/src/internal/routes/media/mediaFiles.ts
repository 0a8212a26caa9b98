import { type HttpResponse, bytes, json, notFound } from "../../http/HttpResponse.ts"
import { accountRoute, type AccountRequest, publicRoute, type Route } from "../../http/Route.ts"
import { renderThumbnail } from "../../media/renderThumbnail.ts"
import { renderClip } from "../../media/renderClip.ts"
import { fromBase62 } from "../../wire/mediaPath.ts"
import { isVisible } from "../../world/media.ts"
import { type Camera, cameraKey, type MediaItem } from "../../world/World.ts"

const keyOfCamera = (camera: Camera): string => cameraKey(camera.kind, camera.id)

const invalidType = json({ code: 1630, message: "Invalid Device Type" }, 400)

/** Returns undefined for deleted and purged items, although their addresses are still known. */
const findItem = (request: AccountRequest, id: number): MediaItem | undefined => {
  const item = request.world.media.get(id)
  return item === undefined ||
    item.camera.network.account !== request.account ||
    item.deletedAt !== null ||
    !isVisible(item, request.now)
    ? undefined
    : item
}

const clipThumbnail = (request: AccountRequest, id: number, small = false): HttpResponse => {
  const item = findItem(request, id)
  if (item === undefined) return notFound
  const { camera, createdAt } = item
  return jpegResponse(request, camera, createdAt, camera.name, small)
}

const jpegResponse = (
  request: AccountRequest,
  camera: Camera,
  takenAt: number,
  cameraName: string,
  small = false,
): HttpResponse =>
  bytes(
    renderThumbnail(request.world.seed, { cameraKey: keyOfCamera(camera), cameraName, takenAt, small }),
    "image/jpeg",
  )

/** Sends the clip. The first download marks it as watched, so `media/changed` lists it again. */
const clipFile = (request: AccountRequest, id: number): HttpResponse => {
  const item = findItem(request, id)
  if (item === undefined) return notFound
  item.watchedAt ??= request.now
  const file = renderClip(request.world.seed, item)
  return bytes(
    request.now < item.completeAt ? file.subarray(0, Math.floor(file.length / 3)) : file,
    "video/mp4",
  )
}

/** Sends the thumbnail that was taken in the given second. */
const cameraThumbnail = (request: AccountRequest, camera: Camera, seconds: number): HttpResponse => {
  const taken = camera.thumbnails.find(({ takenAt }) => Math.floor(takenAt / 1000) === seconds)
  return taken === undefined ? notFound : jpegResponse(request, camera, seconds * 1000, taken.cameraName)
}

const findCamera = (request: AccountRequest, id: string | undefined): Camera | undefined => {
  const cameras = request.account.networks
    .filter((network) => network.id === Number(request.params["network"]))
    .flatMap((network) => network.cameras)
  const type = request.params["type"]
  return cameras.find((camera) => camera.id === Number(id) && (type === undefined || camera.type === type))
}

const v3Thumbnail = (request: AccountRequest): HttpResponse => {
  const camera = findCamera(request, request.params["camera"])
  if (camera === undefined) return invalidType
  const seconds = request.query.get("ts")
  return cameraThumbnail(
    request,
    camera,
    seconds === null ? Math.floor((camera.thumbnails.at(-1)?.takenAt ?? 0) / 1000) : Number(seconds),
  )
}

const fileId = (name: string | undefined): number => Number((name ?? "").replace(/(_s)?\.\w+$/, ""))

/** Files `clip_<id>_<time>.mp4` and `.jpg`, and thumbnails `fw_<version>__<id>_<time>.jpg`. */
const legacyFile = (request: AccountRequest): HttpResponse => {
  const camera = findCamera(request, request.params["camera"])
  const match = /^(?:clip_|fw_[\w.]*__)(\w{8})_[\d_]+(?:AM|PM)\.(jpg|mp4)$/.exec(request.params["file"] ?? "")
  if (camera === undefined || match === null) return notFound
  const value = fromBase62(match[1] ?? "")
  if (match[2] === "mp4") return clipFile(request, value)
  return request.world.media.has(value)
    ? clipThumbnail(request, value)
    : cameraThumbnail(request, camera, value)
}

const v3Folder = "/api/v3/media/accounts/:account/networks/:network/:type/:camera"
const legacyFolder = "/media/:store/account/:account/network/:network/camera/:camera"

/** Thumbnails and clips under every known form of address. */
export const mediaFileRoutes: ReadonlyArray<Route> = [
  accountRoute(`GET ${v3Folder}/thumbnail/thumbnail.jpg`, { evidence: "live" }, v3Thumbnail),
  accountRoute(`GET ${v3Folder}/:source/:file`, { evidence: "live" }, (request) => {
    if (findCamera(request, request.params["camera"]) === undefined) return invalidType
    const id = fileId(request.params["file"])
    return (request.params["file"] ?? "").endsWith(".mp4")
      ? clipFile(request, id)
      : clipThumbnail(request, id)
  }),
  accountRoute("GET /api/v2/accounts/:account/media/thumb/:file", { evidence: "live" }, (request) => {
    const file = request.params["file"] ?? ""
    return file.endsWith(".jpg") ? clipThumbnail(request, fileId(file), file.endsWith("_s.jpg")) : notFound
  }),
  accountRoute("GET /api/v2/accounts/:account/media/clip/:file", { evidence: "live" }, (request) =>
    clipFile(request, fileId(request.params["file"])),
  ),
  accountRoute(`GET ${legacyFolder}/thumbnail/:file`, { dialect: "both", evidence: "live" }, legacyFile),
  publicRoute("GET /:file", { dialect: "both", evidence: "live" }, ({ params }) =>
    /^\d+(\.jpg)?$/.test(params["file"] ?? "") ? json({ message: "Bad Request" }, 400) : notFound,
  ),
  accountRoute(`GET ${legacyFolder}/:file`, { dialect: "both", evidence: "live" }, legacyFile),
]
