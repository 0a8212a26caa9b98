import { json } from "../../http/HttpResponse.ts"
import { type CameraRequest, cameraRoute, type Route } from "../../http/Route.ts"
import { commandObject, shortCommand } from "../../wire/command.ts"
import {
  createCommand,
  isBusy,
  createClipCommand,
  createEnableCommand,
  createThumbnailCommand,
} from "../../world/commands.ts"
import type { Camera, Command } from "../../world/World.ts"
import { busyResponse, clientLabel } from "./networks.ts"

/** Handler that creates a command unless one is running. Paths of battery cameras get the whole command, others four keys. */
export const commandHandler = (create: (request: CameraRequest) => Command) => (request: CameraRequest) => {
  if (isBusy(request.world, request.camera.network, request.camera, request.now)) return busyResponse(request)
  const command = create(request)
  return json(
    request.pathKind === "camera"
      ? commandObject(request.world, command, request.now)
      : shortCommand(command, request.now),
  )
}

/** Clip length in seconds. A setting that is no valid length counts as 10. */
const clipSeconds = ({ settings, kind }: Camera): number => {
  const seconds = Number(settings[kind === "camera" ? "video_length" : "clip_length"])
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= maxClipSeconds ? seconds : defaultClipSeconds
}

const defaultClipSeconds = 10
const maxClipSeconds = 60

const takePicture = commandHandler((request) =>
  createThumbnailCommand(request.world, request.now, request.camera, clientLabel(request)),
)
const recordClip = commandHandler((request) =>
  createClipCommand(
    request.world,
    request.now,
    request.camera,
    clipSeconds(request.camera),
    clientLabel(request),
  ),
)
const enable = (enabled: boolean) =>
  commandHandler((request) =>
    createEnableCommand(request.world, request.now, request.camera, enabled, clientLabel(request)),
  )
const refresh = commandHandler((request) =>
  createCommand(request.world, request.now, {
    type: "status",
    network: request.camera.network,
    camera: request.camera,
    targetsCamera: false,
    requestedBy: clientLabel(request),
    onComplete: (at) => {
      request.camera.updatedAt = at
    },
  }),
)

const plain = "/network/:network/camera/:camera"
/** Paths of the app for battery cameras, without `/api`. */
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
