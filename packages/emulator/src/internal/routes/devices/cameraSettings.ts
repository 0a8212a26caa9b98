import { json } from "../../http/HttpResponse.ts"
import { textField, bodyFields } from "../../http/RouteRequest.ts"
import {
  type AccountRequest,
  type CameraRequest,
  cameraRoute,
  networkRoute,
  type Route,
} from "../../http/Route.ts"
import { commandObject } from "../../wire/command.ts"
import { cameraConfig, doorbellConfig, motionRegions, owlConfig, signals } from "../../wire/deviceConfig.ts"
import { cameraStatus } from "../../wire/statusReport.ts"
import { createCommand, isBusy } from "../../world/commands.ts"
import { setSnooze } from "../../world/snooze.ts"
import type { CameraKind, Network } from "../../world/World.ts"
import { commandHandler } from "./cameras.ts"
import { busyResponse, clientLabel } from "./networks.ts"

/** Settings that a client can write. Others are ignored. */
const writable = new Set([
  "motion_sensitivity",
  "motion_alert",
  "alert_interval",
  "video_length",
  "video_quality",
  "record_audio_enable",
  "illuminator_enable",
  "illuminator_enable_v2",
  "illuminator_intensity",
  "early_termination",
  "early_notification",
  "lfr_sync_interval",
  "flip_video",
  "clip_length",
  "retrigger_time",
  "volume_control",
  "led_state",
  "led_mode",
  "night_vision_control",
  "night_vision_exposure",
  "snapshot_enabled",
  "motion_regions",
  "advanced_motion_regions",
  "temp_min",
  "temp_max",
])

const writeSettings = (request: CameraRequest, at: number): void => {
  const values = bodyFields(request)
  for (const [name, value] of Object.entries(values))
    if (writable.has(name)) request.camera.settings[name] = value
  request.camera.name = textField(values, "name") ?? request.camera.name
  if (typeof values["enabled"] === "boolean") request.camera.enabled = values["enabled"]
  request.camera.updatedAt = at
}

const configure = commandHandler((request) =>
  createCommand(request.world, request.now, {
    type: "config_set",
    network: request.camera.network,
    camera: request.camera,
    requestedBy: clientLabel(request),
    onComplete: (at) => writeSettings(request, at),
  }),
)

/** Corrects the sensor by the temperature that the user has entered. */
const calibrate = (request: CameraRequest) => {
  if (isBusy(request.world, request.network, request.camera, request.now)) return busyResponse(request)
  const values = bodyFields(request)
  const enteredTemperature = Number(textField(values, "current_temp"))
  const current = Number.isFinite(enteredTemperature) ? enteredTemperature : request.camera.temperature
  const command = createCommand(request.world, request.now, {
    type: "temp_calibrate",
    network: request.network,
    camera: request.camera,
    requestedBy: clientLabel(request),
    onComplete: (at) => {
      request.camera.temperature = current
      writeSettings(request, at)
    },
  })
  return json({ ...commandObject(request.world, command, request.now), duration: current })
}

const temperatureAlert = (enabled: boolean) => (request: CameraRequest) => {
  request.camera.temperatureAlert = enabled
  return json({
    message: `Camera temp alert successfully ${enabled ? "enabled" : "disabled"}`,
    code: enabled ? 526 : 527,
  })
}

const setRegions = (request: CameraRequest) => {
  if (isBusy(request.world, request.network, request.camera, request.now)) return busyResponse(request)
  const command = createCommand(request.world, request.now, {
    type: "config_set",
    network: request.network,
    camera: request.camera,
    requestedBy: clientLabel(request),
    onComplete: (at) => writeSettings(request, at),
  })
  return json({
    message: `Successfully Updated Motion Regions for ${request.camera.id}`,
    ...motionRegions(request.camera),
    id: command.id,
    network_id: request.network.id,
  })
}

const minutesOf = (request: AccountRequest): number =>
  Number(textField(bodyFields(request), "snooze_time") ?? Number.NaN)

/** Accounts without a plan can snooze for 240 minutes only. */
const isSupported = ({ world }: AccountRequest, minutes: number): boolean =>
  Number.isInteger(minutes) &&
  (world.settings.subscription ? minutes >= 1 && minutes <= 1439 : minutes === 240)

const unsupported = json({ message: "Unsupported value for snooze time", code: 2800 }, 400)

/** Mutes notifications. Recording continues. */
const snooze = (request: CameraRequest) => {
  const minutes = minutesOf(request)
  if (!isSupported(request, minutes)) return unsupported
  if (!request.camera.enabled)
    return json({ message: "Motion capture not enabled for device", code: 2805 }, 400)
  setSnooze([request.camera], request.now, minutes)
  return json({ message: "Snooze set for Camera" })
}

const unsnooze = (request: CameraRequest) => {
  setSnooze([request.camera], request.now, null)
  return json({ message: "Snooze cancelled for Camera" })
}

const snoozeNetwork = (request: AccountRequest<{ readonly network: Network }>) => {
  const minutes = minutesOf(request)
  if (!isSupported(request, minutes)) return unsupported
  setSnooze(request.network.cameras, request.now, minutes)
  return json({ message: "Snooze set for Network" })
}

const light = (on: boolean) =>
  commandHandler((request) =>
    createCommand(request.world, request.now, {
      type: on ? "accessory_light_on" : "accessory_light_off",
      network: request.network,
      camera: request.camera,
      requestedBy: clientLabel(request),
      onComplete: () => {
        request.camera.lightOn = on
      },
    }),
  )

const plain = "/network/:network/camera/:camera"
const accounts = "/api/v1/accounts/:account/networks/:network"
const families = [
  { kind: "camera", path: `${accounts}/cameras/:camera` },
  { kind: "owl", path: `${accounts}/owls/:camera` },
  { kind: "doorbell", path: `${accounts}/doorbells/:camera` },
] as const satisfies ReadonlyArray<{ readonly kind: CameraKind; readonly path: string }>

export const cameraSettingsRoutes: ReadonlyArray<Route> = [
  cameraRoute("camera", `GET ${plain}`, { dialect: "both", evidence: "live" }, (request) =>
    json(cameraStatus(request.camera, request.world.seed)),
  ),
  cameraRoute("camera", `GET ${plain}/config`, { evidence: "live" }, (request) =>
    json(cameraConfig(request.camera, request.world.seed, request.now)),
  ),
  cameraRoute("camera", `POST ${plain}/update`, { evidence: "live" }, configure),
  cameraRoute("camera", `GET ${plain}/signals`, { dialect: "both", evidence: "live" }, (request) =>
    json({ ...signals(request.camera), vo9: 1 }),
  ),
  cameraRoute(
    "camera",
    "POST /api/v2/accounts/:account/networks/:network/cameras/:camera/config",
    { evidence: "app" },
    configure,
  ),
  cameraRoute(
    "camera",
    "POST /api/v1/network/:network/camera/:camera/calibrate",
    { evidence: "live" },
    calibrate,
  ),
  cameraRoute(
    "camera",
    "POST /api/v1/network/:network/camera/:camera/temp_alert_enable",
    {},
    temperatureAlert(true),
  ),
  cameraRoute(
    "camera",
    "POST /api/v1/network/:network/camera/:camera/temp_alert_disable",
    {},
    temperatureAlert(false),
  ),
  cameraRoute("camera", `GET ${accounts}/cameras/:camera/motion_regions`, { evidence: "live" }, (request) =>
    json(motionRegions(request.camera)),
  ),
  cameraRoute("camera", `POST ${accounts}/cameras/:camera/motion_regions`, { evidence: "live" }, setRegions),
  cameraRoute(
    "camera",
    `POST ${accounts}/cameras/:camera/accessories/storm/:accessory/lights/on`,
    {},
    light(true),
  ),
  cameraRoute(
    "camera",
    `POST ${accounts}/cameras/:camera/accessories/storm/:accessory/lights/off`,
    {},
    light(false),
  ),
  cameraRoute("owl", `GET ${accounts}/owls/:camera/config`, { evidence: "live" }, (request) =>
    json(owlConfig(request.camera)),
  ),
  cameraRoute("owl", `POST ${accounts}/owls/:camera/config`, {}, configure),
  cameraRoute("owl", `POST ${accounts}/owls/:camera/lights/on`, {}, light(true)),
  cameraRoute("owl", `POST ${accounts}/owls/:camera/lights/off`, {}, light(false)),
  cameraRoute("doorbell", `GET ${accounts}/doorbells/:camera/config`, {}, (request) =>
    json(doorbellConfig(request.camera)),
  ),
  cameraRoute("doorbell", `POST ${accounts}/doorbells/:camera/config`, {}, configure),
  cameraRoute(
    "doorbell",
    `POST ${accounts}/doorbells/:camera/temp_alert_enable`,
    { evidence: "app" },
    temperatureAlert(true),
  ),
  cameraRoute(
    "doorbell",
    `POST ${accounts}/doorbells/:camera/temp_alert_disable`,
    { evidence: "app" },
    temperatureAlert(false),
  ),
  cameraRoute("doorbell", `POST ${accounts}/doorbells/:camera/calibrate`, { evidence: "app" }, calibrate),
  ...families.flatMap(({ kind, path }) => [
    cameraRoute(kind, `POST ${path}/snooze`, { evidence: "live" }, snooze),
    cameraRoute(kind, `POST ${path}/unsnooze`, { evidence: "app" }, unsnooze),
  ]),
  networkRoute(`POST ${accounts}/snooze`, {}, snoozeNetwork),
  networkRoute(`POST ${accounts}/unsnooze`, {}, (request) => {
    setSnooze(request.network.cameras, request.now, null)
    return json({ message: "Snooze cancelled for Network" })
  }),
]
