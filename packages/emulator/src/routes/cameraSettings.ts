import { json } from "../http/Answer.ts"
import { field, fields } from "../http/Ask.ts"
import { type Asked, camera, network, type Route } from "../http/Route.ts"
import { commandObject } from "../wire/command.ts"
import { cameraConfig, doorbellConfig, motionRegions, owlConfig, signals } from "../wire/config.ts"
import { cameraStatus } from "../wire/statusReport.ts"
import { giveCommand, isBusy } from "../world/commands.ts"
import { setSnooze } from "../world/snooze.ts"
import type { CameraKind, Network } from "../world/World.ts"
import { type OnCamera, ordered } from "./cameras.ts"
import { busy, by } from "./networks.ts"

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

const write = (ask: OnCamera, at: number): void => {
  const values = fields(ask)
  for (const [name, value] of Object.entries(values))
    if (writable.has(name)) ask.camera.settings[name] = value
  ask.camera.name = field(values, "name") ?? ask.camera.name
  if (typeof values["enabled"] === "boolean") ask.camera.enabled = values["enabled"]
  ask.camera.updatedAt = at
}

const configure = ordered((ask) =>
  giveCommand(ask.world, ask.now, {
    word: "config_set",
    network: ask.camera.network,
    camera: ask.camera,
    by: by(ask),
    effect: (at) => write(ask, at),
  }),
)

/** The temperature that the person reads on a thermometer corrects the sensor's. */
const calibrate = (ask: OnCamera) => {
  if (isBusy(ask.world, ask.network, ask.camera, ask.now)) return busy(ask)
  const values = fields(ask)
  const told = Number(field(values, "current_temp"))
  const current = Number.isFinite(told) ? told : ask.camera.temperature
  const command = giveCommand(ask.world, ask.now, {
    word: "temp_calibrate",
    network: ask.network,
    camera: ask.camera,
    by: by(ask),
    effect: (at) => {
      ask.camera.temperature = current
      write(ask, at)
    },
  })
  return json({ ...commandObject(ask.world, command, ask.now), duration: current })
}

const temperatureAlert = (enabled: boolean) => (ask: OnCamera) => {
  ask.camera.temperatureAlert = enabled
  return json({
    message: `Camera temp alert successfully ${enabled ? "enabled" : "disabled"}`,
    code: enabled ? 526 : 527,
  })
}

const setRegions = (ask: OnCamera) => {
  if (isBusy(ask.world, ask.network, ask.camera, ask.now)) return busy(ask)
  const command = giveCommand(ask.world, ask.now, {
    word: "config_set",
    network: ask.network,
    camera: ask.camera,
    by: by(ask),
    effect: (at) => write(ask, at),
  })
  return json({
    message: `Successfully Updated Motion Regions for ${ask.camera.id}`,
    ...motionRegions(ask.camera),
    id: command.id,
    network_id: ask.network.id,
  })
}

const minutesOf = (ask: Asked): number => Number(field(fields(ask), "snooze_time") ?? Number.NaN)

/** Accounts without a plan are entitled to one length only. */
const isSupported = ({ world }: Asked, minutes: number): boolean =>
  Number.isInteger(minutes) &&
  (world.settings.subscription ? minutes >= 1 && minutes <= 1439 : minutes === 240)

const unsupported = json({ message: "Unsupported value for snooze time", code: 2800 }, 400)

/** Silences notifications; recording goes on. */
const snooze = (ask: OnCamera) => {
  const minutes = minutesOf(ask)
  if (!isSupported(ask, minutes)) return unsupported
  if (!ask.camera.enabled) return json({ message: "Motion capture not enabled for device", code: 2805 }, 400)
  setSnooze([ask.camera], ask.now, minutes)
  return json({ message: "Snooze set for Camera" })
}

const unsnooze = (ask: OnCamera) => {
  setSnooze([ask.camera], ask.now, null)
  return json({ message: "Snooze cancelled for Camera" })
}

const snoozeNetwork = (ask: Asked<{ readonly network: Network }>) => {
  const minutes = minutesOf(ask)
  if (!isSupported(ask, minutes)) return unsupported
  setSnooze(ask.network.cameras, ask.now, minutes)
  return json({ message: "Snooze set for Network" })
}

const light = (on: boolean) =>
  ordered((ask) =>
    giveCommand(ask.world, ask.now, {
      word: on ? "accessory_light_on" : "accessory_light_off",
      network: ask.network,
      camera: ask.camera,
      by: by(ask),
      effect: () => {
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
  camera("camera", `GET ${plain}`, { dialect: "both", evidence: "live" }, (ask) =>
    json(cameraStatus(ask.camera, ask.world.seed)),
  ),
  camera("camera", `GET ${plain}/config`, { evidence: "live" }, (ask) =>
    json(cameraConfig(ask.camera, ask.world.seed, ask.now)),
  ),
  camera("camera", `POST ${plain}/update`, { evidence: "live" }, configure),
  camera("camera", `GET ${plain}/signals`, { dialect: "both", evidence: "live" }, (ask) =>
    json({ ...signals(ask.camera), vo9: 1 }),
  ),
  camera(
    "camera",
    "POST /api/v2/accounts/:account/networks/:network/cameras/:camera/config",
    { evidence: "app" },
    configure,
  ),
  camera("camera", "POST /api/v1/network/:network/camera/:camera/calibrate", { evidence: "live" }, calibrate),
  camera(
    "camera",
    "POST /api/v1/network/:network/camera/:camera/temp_alert_enable",
    {},
    temperatureAlert(true),
  ),
  camera(
    "camera",
    "POST /api/v1/network/:network/camera/:camera/temp_alert_disable",
    {},
    temperatureAlert(false),
  ),
  camera("camera", `GET ${accounts}/cameras/:camera/motion_regions`, { evidence: "live" }, (ask) =>
    json(motionRegions(ask.camera)),
  ),
  camera("camera", `POST ${accounts}/cameras/:camera/motion_regions`, { evidence: "live" }, setRegions),
  camera(
    "camera",
    `POST ${accounts}/cameras/:camera/accessories/storm/:accessory/lights/on`,
    {},
    light(true),
  ),
  camera(
    "camera",
    `POST ${accounts}/cameras/:camera/accessories/storm/:accessory/lights/off`,
    {},
    light(false),
  ),
  camera("owl", `GET ${accounts}/owls/:camera/config`, { evidence: "live" }, (ask) =>
    json(owlConfig(ask.camera)),
  ),
  camera("owl", `POST ${accounts}/owls/:camera/config`, {}, configure),
  camera("owl", `POST ${accounts}/owls/:camera/lights/on`, {}, light(true)),
  camera("owl", `POST ${accounts}/owls/:camera/lights/off`, {}, light(false)),
  camera("doorbell", `GET ${accounts}/doorbells/:camera/config`, {}, (ask) =>
    json(doorbellConfig(ask.camera)),
  ),
  camera("doorbell", `POST ${accounts}/doorbells/:camera/config`, {}, configure),
  camera(
    "doorbell",
    `POST ${accounts}/doorbells/:camera/temp_alert_enable`,
    { evidence: "app" },
    temperatureAlert(true),
  ),
  camera(
    "doorbell",
    `POST ${accounts}/doorbells/:camera/temp_alert_disable`,
    { evidence: "app" },
    temperatureAlert(false),
  ),
  camera("doorbell", `POST ${accounts}/doorbells/:camera/calibrate`, { evidence: "app" }, calibrate),
  ...families.flatMap(({ kind, path }) => [
    camera(kind, `POST ${path}/snooze`, { evidence: "live" }, snooze),
    camera(kind, `POST ${path}/unsnooze`, { evidence: "app" }, unsnooze),
  ]),
  network(`POST ${accounts}/snooze`, {}, snoozeNetwork),
  network(`POST ${accounts}/unsnooze`, {}, (ask) => {
    setSnooze(ask.network.cameras, ask.now, null)
    return json({ message: "Snooze cancelled for Network" })
  }),
]
