import { json } from "../../http/HttpResponse.ts"
import { textField, bodyFields } from "../../http/RouteRequest.ts"
import { type AccountRequest, cameraRoute, networkRoute, type Route } from "../../http/Route.ts"
import { commandObject } from "../../wire/command.ts"
import { cameraConfig, doorbellConfig, motionRegions, owlConfig, signals } from "../../wire/deviceConfig.ts"
import { cameraStatus } from "../../wire/statusReport.ts"
import { createCommand, isBusy } from "../../world/commands.ts"
import { setSnooze } from "../../world/snooze.ts"
import type { CameraKind, Network } from "../../world/World.ts"
import { type CameraRequest, commandHandler } from "./cameras.ts"
import { busyResponse, clientLabel } from "./networks.ts"

/** What a client may write; anything else in its body is ignored, as the cloud does. */
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

const writeSettings = (ask: CameraRequest, at: number): void => {
  const values = bodyFields(ask)
  for (const [name, value] of Object.entries(values))
    if (writable.has(name)) ask.camera.settings[name] = value
  ask.camera.name = textField(values, "name") ?? ask.camera.name
  if (typeof values["enabled"] === "boolean") ask.camera.enabled = values["enabled"]
  ask.camera.updatedAt = at
}

const configure = commandHandler((ask) =>
  createCommand(ask.world, ask.now, {
    type: "config_set",
    network: ask.camera.network,
    camera: ask.camera,
    requestedBy: clientLabel(ask),
    onComplete: (at) => writeSettings(ask, at),
  }),
)

/** The temperature that the person reads on a thermometer corrects the sensor's. */
const calibrate = (ask: CameraRequest) => {
  if (isBusy(ask.world, ask.network, ask.camera, ask.now)) return busyResponse(ask)
  const values = bodyFields(ask)
  const enteredTemperature = Number(textField(values, "current_temp"))
  const current = Number.isFinite(enteredTemperature) ? enteredTemperature : ask.camera.temperature
  const command = createCommand(ask.world, ask.now, {
    type: "temp_calibrate",
    network: ask.network,
    camera: ask.camera,
    requestedBy: clientLabel(ask),
    onComplete: (at) => {
      ask.camera.temperature = current
      writeSettings(ask, at)
    },
  })
  return json({ ...commandObject(ask.world, command, ask.now), duration: current })
}

const temperatureAlert = (enabled: boolean) => (ask: CameraRequest) => {
  ask.camera.temperatureAlert = enabled
  return json({
    message: `Camera temp alert successfully ${enabled ? "enabled" : "disabled"}`,
    code: enabled ? 526 : 527,
  })
}

const setRegions = (ask: CameraRequest) => {
  if (isBusy(ask.world, ask.network, ask.camera, ask.now)) return busyResponse(ask)
  const command = createCommand(ask.world, ask.now, {
    type: "config_set",
    network: ask.network,
    camera: ask.camera,
    requestedBy: clientLabel(ask),
    onComplete: (at) => writeSettings(ask, at),
  })
  return json({
    message: `Successfully Updated Motion Regions for ${ask.camera.id}`,
    ...motionRegions(ask.camera),
    id: command.id,
    network_id: ask.network.id,
  })
}

const minutesOf = (ask: AccountRequest): number =>
  Number(textField(bodyFields(ask), "snooze_time") ?? Number.NaN)

/** Accounts without a plan are entitled to one length only. */
const isSupported = ({ world }: AccountRequest, minutes: number): boolean =>
  Number.isInteger(minutes) &&
  (world.settings.subscription ? minutes >= 1 && minutes <= 1439 : minutes === 240)

const unsupported = json({ message: "Unsupported value for snooze time", code: 2800 }, 400)

/** Silences notifications; recording goes on. */
const snooze = (ask: CameraRequest) => {
  const minutes = minutesOf(ask)
  if (!isSupported(ask, minutes)) return unsupported
  if (!ask.camera.enabled) return json({ message: "Motion capture not enabled for device", code: 2805 }, 400)
  setSnooze([ask.camera], ask.now, minutes)
  return json({ message: "Snooze set for Camera" })
}

const unsnooze = (ask: CameraRequest) => {
  setSnooze([ask.camera], ask.now, null)
  return json({ message: "Snooze cancelled for Camera" })
}

const snoozeNetwork = (ask: AccountRequest<{ readonly network: Network }>) => {
  const minutes = minutesOf(ask)
  if (!isSupported(ask, minutes)) return unsupported
  setSnooze(ask.network.cameras, ask.now, minutes)
  return json({ message: "Snooze set for Network" })
}

const light = (on: boolean) =>
  commandHandler((ask) =>
    createCommand(ask.world, ask.now, {
      type: on ? "accessory_light_on" : "accessory_light_off",
      network: ask.network,
      camera: ask.camera,
      requestedBy: clientLabel(ask),
      onComplete: () => {
        ask.camera.lightOn = on
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
  cameraRoute("camera", `GET ${plain}`, { dialect: "both", evidence: "live" }, (ask) =>
    json(cameraStatus(ask.camera, ask.world.seed)),
  ),
  cameraRoute("camera", `GET ${plain}/config`, { evidence: "live" }, (ask) =>
    json(cameraConfig(ask.camera, ask.world.seed, ask.now)),
  ),
  cameraRoute("camera", `POST ${plain}/update`, { evidence: "live" }, configure),
  cameraRoute("camera", `GET ${plain}/signals`, { dialect: "both", evidence: "live" }, (ask) =>
    json({ ...signals(ask.camera), vo9: 1 }),
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
  cameraRoute("camera", `GET ${accounts}/cameras/:camera/motion_regions`, { evidence: "live" }, (ask) =>
    json(motionRegions(ask.camera)),
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
  cameraRoute("owl", `GET ${accounts}/owls/:camera/config`, { evidence: "live" }, (ask) =>
    json(owlConfig(ask.camera)),
  ),
  cameraRoute("owl", `POST ${accounts}/owls/:camera/config`, {}, configure),
  cameraRoute("owl", `POST ${accounts}/owls/:camera/lights/on`, {}, light(true)),
  cameraRoute("owl", `POST ${accounts}/owls/:camera/lights/off`, {}, light(false)),
  cameraRoute("doorbell", `GET ${accounts}/doorbells/:camera/config`, {}, (ask) =>
    json(doorbellConfig(ask.camera)),
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
  networkRoute(`POST ${accounts}/unsnooze`, {}, (ask) => {
    setSnooze(ask.network.cameras, ask.now, null)
    return json({ message: "Snooze cancelled for Network" })
  }),
]
