import { json } from "../../http/HttpResponse.ts"
import { type AccountRequest, cameraRoute, type Route } from "../../http/Route.ts"
import { commandObject, shortCommand } from "../../wire/command.ts"
import {
  createCommand,
  isBusy,
  createClipCommand,
  createEnableCommand,
  createThumbnailCommand,
} from "../../world/commands.ts"
import type { Camera, Command, Network } from "../../world/World.ts"
import { busyResponse, clientLabel } from "./networks.ts"

export type CameraRequest = AccountRequest<{ readonly network: Network; readonly camera: Camera }>

/** Gives an order, unless the hub is at another, and answers in the shape of the path: the whole object on a camera's, four keys elsewhere. */
export const commandHandler = (order: (ask: CameraRequest) => Command) => (ask: CameraRequest) => {
  if (isBusy(ask.world, ask.camera.network, ask.camera, ask.now)) return busyResponse(ask)
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
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= maxClipSeconds ? seconds : defaultClipSeconds
}

const defaultClipSeconds = 10
const maxClipSeconds = 60

const takePicture = commandHandler((ask) =>
  createThumbnailCommand(ask.world, ask.now, ask.camera, clientLabel(ask)),
)
const recordClip = commandHandler((ask) =>
  createClipCommand(ask.world, ask.now, ask.camera, clipSeconds(ask.camera), clientLabel(ask)),
)
const enable = (enabled: boolean) =>
  commandHandler((ask) => createEnableCommand(ask.world, ask.now, ask.camera, enabled, clientLabel(ask)))
const refresh = commandHandler((ask) =>
  createCommand(ask.world, ask.now, {
    type: "status",
    network: ask.camera.network,
    camera: ask.camera,
    targetsCamera: false,
    requestedBy: clientLabel(ask),
    onComplete: (at) => {
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
  cameraRoute("camera", `POST ${plain}/thumbnail`, { dialect: "both", evidence: "live" }, takePicture),
  cameraRoute("camera", `POST ${plain}/clip`, { dialect: "both", evidence: "live" }, recordClip),
  cameraRoute("camera", `POST ${plain}/enable`, { evidence: "live" }, enable(true)),
  cameraRoute("camera", `POST ${plain}/disable`, { evidence: "live" }, enable(false)),
  cameraRoute("camera", `POST ${plain}/status`, { evidence: "live" }, refresh),
  cameraRoute("camera", `POST ${app}/thumbnail`, { evidence: "app" }, takePicture),
  cameraRoute("camera", `POST ${app}/enable`, { evidence: "app" }, enable(true)),
  cameraRoute("camera", `POST ${app}/disable`, { evidence: "app" }, enable(false)),
  cameraRoute("camera", `POST ${app}/status`, { evidence: "app" }, refresh),
  cameraRoute("owl", `POST ${owl}/thumbnail`, { evidence: "live" }, takePicture),
  cameraRoute("owl", `POST ${owl}/clip`, {}, recordClip),
  cameraRoute("owl", `POST ${owl}/status`, { evidence: "app" }, refresh),
  cameraRoute("doorbell", `POST ${doorbell}/thumbnail`, {}, takePicture),
  cameraRoute("doorbell", `POST ${doorbell}/clip`, {}, recordClip),
  cameraRoute("doorbell", `POST ${doorbell}/enable`, {}, enable(true)),
  cameraRoute("doorbell", `POST ${doorbell}/disable`, {}, enable(false)),
  cameraRoute("doorbell", `POST ${doorbell}/status`, { evidence: "app" }, refresh),
]
