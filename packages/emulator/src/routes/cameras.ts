import { json } from "../http/Answer.ts"
import { type Asked, camera, type Route } from "../http/Route.ts"
import { commandObject, shortCommand } from "../wire/command.ts"
import { giveCommand, isBusy, orderClip, orderEnabled, orderStill } from "../world/commands.ts"
import type { Camera, Command, Network } from "../world/World.ts"
import { busy, by } from "./networks.ts"

export type OnCamera = Asked<{ readonly network: Network; readonly camera: Camera }>

/** Gives an order, unless the hub is at another, and answers in the shape of the path: the whole object on a camera's, four keys elsewhere. */
export const ordered = (order: (ask: OnCamera) => Command) => (ask: OnCamera) => {
  if (isBusy(ask.world, ask.camera.network, ask.camera, ask.now)) return busy(ask)
  const command = order(ask)
  return json(
    /\/cameras?\//.test(ask.path)
      ? commandObject(ask.world, command, ask.now)
      : shortCommand(command, ask.now),
  )
}

/** What a client has written may be no length at all. */
const clipSeconds = ({ settings, kind }: Camera): number => {
  const seconds = Number(settings[kind === "camera" ? "video_length" : "clip_length"])
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= longestClip ? seconds : usualClip
}

const usualClip = 10
const longestClip = 60

const takePicture = ordered((ask) => orderStill(ask.world, ask.now, ask.camera, by(ask)))
const recordClip = ordered((ask) =>
  orderClip(ask.world, ask.now, ask.camera, clipSeconds(ask.camera), by(ask)),
)
const enable = (enabled: boolean) =>
  ordered((ask) => orderEnabled(ask.world, ask.now, ask.camera, enabled, by(ask)))
const refresh = ordered((ask) =>
  giveCommand(ask.world, ask.now, {
    word: "status",
    network: ask.camera.network,
    camera: ask.camera,
    targetsCamera: false,
    by: by(ask),
    effect: (at) => {
      ask.camera.updatedAt = at
    },
  }),
)

const plain = "/network/:network/camera/:camera"
/** The app's own way to a battery camera, without the `/api` of the others. */
const app = "/accounts/:account/networks/:network/cameras/:camera"
const owl = "/api/v1/accounts/:account/networks/:network/owls/:camera"
const doorbell = "/api/v1/accounts/:account/networks/:network/doorbells/:camera"

export const cameraRoutes: ReadonlyArray<Route> = [
  camera("camera", `POST ${plain}/thumbnail`, { dialect: "both", evidence: "live" }, takePicture),
  camera("camera", `POST ${plain}/clip`, { dialect: "both", evidence: "live" }, recordClip),
  camera("camera", `POST ${plain}/enable`, { evidence: "live" }, enable(true)),
  camera("camera", `POST ${plain}/disable`, { evidence: "live" }, enable(false)),
  camera("camera", `POST ${plain}/status`, { evidence: "live" }, refresh),
  camera("camera", `POST ${app}/thumbnail`, { evidence: "app" }, takePicture),
  camera("camera", `POST ${app}/enable`, { evidence: "app" }, enable(true)),
  camera("camera", `POST ${app}/disable`, { evidence: "app" }, enable(false)),
  camera("camera", `POST ${app}/status`, { evidence: "app" }, refresh),
  camera("owl", `POST ${owl}/thumbnail`, { evidence: "live" }, takePicture),
  camera("owl", `POST ${owl}/clip`, {}, recordClip),
  camera("owl", `POST ${owl}/status`, { evidence: "app" }, refresh),
  camera("doorbell", `POST ${doorbell}/thumbnail`, {}, takePicture),
  camera("doorbell", `POST ${doorbell}/clip`, {}, recordClip),
  camera("doorbell", `POST ${doorbell}/enable`, {}, enable(true)),
  camera("doorbell", `POST ${doorbell}/disable`, {}, enable(false)),
  camera("doorbell", `POST ${doorbell}/status`, { evidence: "app" }, refresh),
]
