import { type Answer, bytes, json, notFound } from "../http/Answer.ts"
import { account, type Asked, open, type Route } from "../http/Route.ts"
import { still } from "../media/still.ts"
import { clip } from "../media/clip.ts"
import { fromWord } from "../wire/address.ts"
import { isVisible } from "../world/media.ts"
import { type Camera, cameraKey, type MediaItem } from "../world/World.ts"

const keyOf = (camera: Camera): string => cameraKey(camera.kind, camera.id)

const invalidType = json({ code: 1630, message: "Invalid Device Type" }, 400)

/** Purged and deleted clips leave their addresses behind. */
const itemOf = (ask: Asked, id: number): MediaItem | undefined => {
  const item = ask.world.media.get(id)
  return item === undefined ||
    item.camera.network.account !== ask.account ||
    item.deletedAt !== null ||
    !isVisible(item, ask.now)
    ? undefined
    : item
}

const clipStill = (ask: Asked, id: number, small = false): Answer => {
  const item = itemOf(ask, id)
  if (item === undefined) return notFound
  const { camera, createdAt } = item
  return jpegOf(ask, camera, createdAt, camera.name, small)
}

const jpegOf = (ask: Asked, camera: Camera, takenAt: number, cameraName: string, small = false): Answer =>
  bytes(still(ask.world.seed, { cameraKey: keyOf(camera), cameraName, takenAt, small }), "image/jpeg")

/** The first download marks a clip as watched, which lists it anew. */
const clipFile = (ask: Asked, id: number): Answer => {
  const item = itemOf(ask, id)
  if (item === undefined) return notFound
  item.watchedAt ??= ask.now
  const whole = clip(ask.world.seed, item)
  return bytes(
    ask.now < item.completeAt ? whole.subarray(0, Math.floor(whole.length / 3)) : whole,
    "video/mp4",
  )
}

/** An address keeps its picture: the second in it says which. */
const cameraStill = (ask: Asked, camera: Camera, seconds: number): Answer => {
  const taken = camera.stills.find(({ takenAt }) => Math.floor(takenAt / 1000) === seconds)
  return taken === undefined ? notFound : jpegOf(ask, camera, seconds * 1000, taken.cameraName)
}

const cameraOf = (ask: Asked, id: string | undefined): Camera | undefined => {
  const cameras = ask.account.networks
    .filter((network) => network.id === Number(ask.params["network"]))
    .flatMap((network) => network.cameras)
  const type = ask.params["type"]
  return cameras.find((camera) => camera.id === Number(id) && (type === undefined || camera.type === type))
}

const v3Still = (ask: Asked): Answer => {
  const camera = cameraOf(ask, ask.params["camera"])
  if (camera === undefined) return invalidType
  const wanted = ask.query.get("ts")
  return cameraStill(
    ask,
    camera,
    wanted === null ? Math.floor((camera.stills.at(-1)?.takenAt ?? 0) / 1000) : Number(wanted),
  )
}

const fileId = (name: string | undefined): number => Number((name ?? "").replace(/(_s)?\.\w+$/, ""))

/** `clip_<word>_<time>.mp4`, its `.jpg`, and `fw_<version>__<word>_<time>.jpg` for stills on demand. */
const oldFile = (ask: Asked): Answer => {
  const camera = cameraOf(ask, ask.params["camera"])
  const match = /^(?:clip_|fw_[\w.]*__)(\w{8})_[\d_]+(?:AM|PM)\.(jpg|mp4)$/.exec(ask.params["file"] ?? "")
  if (camera === undefined || match === null) return notFound
  const value = fromWord(match[1] ?? "")
  if (match[2] === "mp4") return clipFile(ask, value)
  return ask.world.media.has(value) ? clipStill(ask, value) : cameraStill(ask, camera, value)
}

const v3Folder = "/api/v3/media/accounts/:account/networks/:network/:type/:camera"
const oldFolder = "/media/:store/account/:account/network/:network/camera/:camera"

/** Pictures and clips under every form of address that any list has ever given. */
export const mediaFileRoutes: ReadonlyArray<Route> = [
  account(`GET ${v3Folder}/thumbnail/thumbnail.jpg`, { evidence: "live" }, v3Still),
  account(`GET ${v3Folder}/:source/:file`, { evidence: "live" }, (ask) => {
    if (cameraOf(ask, ask.params["camera"]) === undefined) return invalidType
    const id = fileId(ask.params["file"])
    return (ask.params["file"] ?? "").endsWith(".mp4") ? clipFile(ask, id) : clipStill(ask, id)
  }),
  account("GET /api/v2/accounts/:account/media/thumb/:file", { evidence: "live" }, (ask) => {
    const file = ask.params["file"] ?? ""
    return file.endsWith(".jpg") ? clipStill(ask, fileId(file), file.endsWith("_s.jpg")) : notFound
  }),
  account("GET /api/v2/accounts/:account/media/clip/:file", { evidence: "live" }, (ask) =>
    clipFile(ask, fileId(ask.params["file"])),
  ),
  account(`GET ${oldFolder}/thumbnail/:file`, { dialect: "both", evidence: "live" }, oldFile),
  open("GET /:file", { dialect: "both", evidence: "live" }, ({ params }) =>
    /^\d+(\.jpg)?$/.test(params["file"] ?? "") ? json({ message: "Bad Request" }, 400) : notFound,
  ),
  account(`GET ${oldFolder}/:file`, { dialect: "both", evidence: "live" }, oldFile),
]
