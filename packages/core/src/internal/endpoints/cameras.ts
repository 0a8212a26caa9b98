import { Schema } from "effect"
import { endpoint } from "./Endpoint.ts"
import {
  CameraConfig,
  CameraSignals,
  CameraStatus,
  CameraUsage,
  DoorbellConfig,
  LegacyCameras,
  LiveViewResponse,
  MotionRegions,
  OwlConfig,
} from "../wire/camera.ts"
import { Message, Receipt } from "../wire/command.ts"

const Settings = Schema.Record(Schema.String, Schema.Json)
const Snooze = Schema.Struct({ snooze_time: Schema.Int })
const LiveView = Schema.Struct({
  intent: Schema.Literals(["liveview", "extended_liveview"]),
  motion_event_start_time: Schema.optionalKey(Schema.NullOr(Schema.String)),
})

const camera = "/network/{network}/camera/{camera}"
const v1Camera = "/api/v1/accounts/{account}/networks/{network}/cameras/{camera}"
const owl = "/api/v1/accounts/{account}/networks/{network}/owls/{camera}"
const doorbell = "/api/v1/accounts/{account}/networks/{network}/doorbells/{camera}"

const ofAccount = "/accounts/{account}/networks/{network}/cameras/{camera}"
const Calibration = Schema.Struct({
  current_temp: Schema.Finite,
  temp_min: Schema.Finite,
  temp_max: Schema.Finite,
  id: Schema.Int,
  network: Schema.Int,
})

const commandEndpoint = <const Path extends string>(
  id: string,
  path: Path,
  summary: string,
  dialect: "oauth" | "both" = "oauth",
) => endpoint(id, "POST", path, { dialect, summary, response: Receipt })

/** Battery cameras: the `cameras` array of the homescreen. */
export const cameras = {
  enableCamera: commandEndpoint(
    "enableCamera",
    `${camera}/enable`,
    "Enables motion recording while the network is armed.",
    "both",
  ),
  disableCamera: commandEndpoint("disableCamera", `${camera}/disable`, "Disables motion recording.", "both"),
  cameraThumbnail: commandEndpoint(
    "cameraThumbnail",
    `${camera}/thumbnail`,
    "Takes a new thumbnail. Wakes the camera.",
    "both",
  ),
  cameraClip: commandEndpoint(
    "cameraClip",
    `${camera}/clip`,
    "Records a clip now. Wakes the camera.",
    "both",
  ),
  refreshCamera: commandEndpoint(
    "refreshCamera",
    `${camera}/status`,
    "Requests current sensor values from the camera.",
    "both",
  ),
  enableCameraOfAccount: commandEndpoint(
    "enableCameraOfAccount",
    `${ofAccount}/enable`,
    "`enableCamera`, at the path that newer apps use.",
  ),
  disableCameraOfAccount: commandEndpoint(
    "disableCameraOfAccount",
    `${ofAccount}/disable`,
    "`disableCamera`, at the path that newer apps use.",
  ),
  cameraThumbnailOfAccount: commandEndpoint(
    "cameraThumbnailOfAccount",
    `${ofAccount}/thumbnail`,
    "`cameraThumbnail`, at the path that newer apps use.",
  ),
  refreshCameraOfAccount: commandEndpoint(
    "refreshCameraOfAccount",
    `${ofAccount}/status`,
    "`refreshCamera`, at the path that newer apps use.",
  ),
  updateCameraV2: endpoint(
    "updateCameraV2",
    "POST",
    "/api/v2/accounts/{account}/networks/{network}/cameras/{camera}/config",
    {
      summary: "`updateCamera`, at the path that newer apps use.",
      body: Settings,
      response: Receipt,
    },
  ),
  camera: endpoint("camera", "GET", camera, {
    dialect: "both",
    summary: "The last status report of a camera.",
    response: CameraStatus,
  }),
  cameraSignals: endpoint("cameraSignals", "GET", `${camera}/signals`, {
    dialect: "both",
    summary: "Radio, battery and temperature; values may be hours old.",
    response: CameraSignals,
  }),
  cameraConfig: endpoint("cameraConfig", "GET", `${camera}/config`, {
    dialect: "both",
    summary: "All settings.",
    response: CameraConfig,
  }),
  updateCamera: endpoint("updateCamera", "POST", `${camera}/update`, {
    dialect: "both",
    summary: "Changes settings; often complete with the response.",
    body: Settings,
    response: Receipt,
  }),
  cameraLiveView: endpoint(
    "cameraLiveView",
    "POST",
    "/api/v6/accounts/{account}/networks/{network}/cameras/{camera}/liveview",
    {
      summary: "Starts a live view. Poll its command while watching, and finish it.",
      body: LiveView,
      response: LiveViewResponse,
    },
  ),
  cameraLiveViewV5: endpoint(
    "cameraLiveViewV5",
    "POST",
    "/api/v5/accounts/{account}/networks/{network}/cameras/{camera}/liveview",
    {
      summary: "`cameraLiveView`, as apps of 2020 to 2025 used it.",
      body: LiveView,
      response: LiveViewResponse,
    },
  ),
  snoozeCamera: endpoint("snoozeCamera", "POST", `${v1Camera}/snooze`, {
    summary: "Mutes notifications for 1 to 1439 minutes.",
    body: Snooze,
    response: Message,
  }),
  unsnoozeCamera: endpoint("unsnoozeCamera", "POST", `${v1Camera}/unsnooze`, {
    summary: "Unmutes notifications.",
    response: Message,
  }),
  cameraLight: endpoint("cameraLight", "POST", `${v1Camera}/accessories/storm/{accessory}/lights/{state}`, {
    summary: "Switches a floodlight mount `on` or `off`.",
    response: Receipt,
  }),
  motionRegions: endpoint("motionRegions", "GET", `${v1Camera}/motion_regions`, {
    summary: "Zones in which motion is detected.",
    response: MotionRegions,
  }),
  setMotionRegions: endpoint("setMotionRegions", "POST", `${v1Camera}/motion_regions`, {
    summary: "Changes the zones in which motion is detected.",
    body: Settings,
    response: MotionRegions,
  }),
  setTemperatureAlert: endpoint(
    "setTemperatureAlert",
    "POST",
    "/api/v1/network/{network}/camera/{camera}/temp_alert_{state}",
    {
      summary: "Enables (`enable`, 526) or disables (`disable`, 527) temperature alerts.",
      response: Message,
    },
  ),
  calibrateTemperature: endpoint(
    "calibrateTemperature",
    "POST",
    "/api/v1/network/{network}/camera/{camera}/calibrate",
    {
      summary: "Sets the actual temperature and the limits, in °F.",
      body: Calibration,
      response: Receipt,
    },
  ),
  cameraUsage: endpoint("cameraUsage", "GET", "/api/v1/camera/usage", {
    dialect: "both",
    summary: "Seconds of use of each camera.",
    response: CameraUsage,
  }),
}

/** Minis and other mains-powered cameras: the `owls` array of the homescreen. */
export const owls = {
  owlThumbnail: commandEndpoint("owlThumbnail", `${owl}/thumbnail`, "Takes a new thumbnail."),
  owlClip: commandEndpoint("owlClip", `${owl}/clip`, "Records a clip now."),
  refreshOwl: commandEndpoint("refreshOwl", `${owl}/status`, "Requests current sensor values."),
  owlConfig: endpoint("owlConfig", "GET", `${owl}/config`, { summary: "All settings.", response: OwlConfig }),
  updateOwl: endpoint("updateOwl", "POST", `${owl}/config`, {
    summary: 'Changes settings; `{"enabled": true}` enables motion recording.',
    body: Settings,
    response: Receipt,
  }),
  owlLiveView: endpoint(
    "owlLiveView",
    "POST",
    "/api/v2/accounts/{account}/networks/{network}/owls/{camera}/liveview",
    {
      summary: "Starts a live view.",
      body: LiveView,
      response: LiveViewResponse,
    },
  ),
  owlLiveViewV1: endpoint(
    "owlLiveViewV1",
    "POST",
    "/api/v1/accounts/{account}/networks/{network}/owls/{camera}/liveview",
    {
      summary: "`owlLiveView`, as apps used it until 2026.",
      body: LiveView,
      response: LiveViewResponse,
    },
  ),
  snoozeOwl: endpoint("snoozeOwl", "POST", `${owl}/snooze`, {
    summary: "Mutes notifications for some minutes.",
    body: Snooze,
    response: Message,
  }),
  unsnoozeOwl: endpoint("unsnoozeOwl", "POST", `${owl}/unsnooze`, {
    summary: "Unmutes notifications.",
    response: Message,
  }),
  owlLight: endpoint("owlLight", "POST", `${owl}/lights/{state}`, {
    summary: "Switches its light `on` or `off`.",
    response: Receipt,
  }),
}

/** Doorbells: the `doorbells` array of the homescreen. */
export const doorbells = {
  enableDoorbell: commandEndpoint(
    "enableDoorbell",
    `${doorbell}/enable`,
    "Enables motion recording while the network is armed.",
  ),
  disableDoorbell: commandEndpoint("disableDoorbell", `${doorbell}/disable`, "Disables motion recording."),
  doorbellThumbnail: commandEndpoint("doorbellThumbnail", `${doorbell}/thumbnail`, "Takes a new thumbnail."),
  doorbellClip: commandEndpoint("doorbellClip", `${doorbell}/clip`, "Records a clip now."),
  refreshDoorbell: commandEndpoint(
    "refreshDoorbell",
    `${doorbell}/status`,
    "Requests current sensor values.",
  ),
  doorbellConfig: endpoint("doorbellConfig", "GET", `${doorbell}/config`, {
    summary: "All settings.",
    response: DoorbellConfig,
  }),
  updateDoorbell: endpoint("updateDoorbell", "POST", `${doorbell}/config`, {
    summary: "Changes settings.",
    body: Settings,
    response: Receipt,
  }),
  doorbellLiveView: endpoint(
    "doorbellLiveView",
    "POST",
    "/api/v2/accounts/{account}/networks/{network}/doorbells/{camera}/liveview",
    {
      summary: "Starts a live view.",
      body: LiveView,
      response: LiveViewResponse,
    },
  ),
  doorbellLiveViewV1: endpoint(
    "doorbellLiveViewV1",
    "POST",
    "/api/v1/accounts/{account}/networks/{network}/doorbells/{camera}/liveview",
    {
      summary: "`doorbellLiveView`, as apps used it until 2026.",
      body: LiveView,
      response: LiveViewResponse,
    },
  ),
  setDoorbellTemperatureAlert: endpoint(
    "setDoorbellTemperatureAlert",
    "POST",
    `${doorbell}/temp_alert_{state}`,
    {
      summary: "Enables (`enable`, 526) or disables (`disable`, 527) temperature alerts.",
      response: Message,
    },
  ),
  calibrateDoorbell: endpoint("calibrateDoorbell", "POST", `${doorbell}/calibrate`, {
    summary: "Sets the actual temperature and the limits, in °F.",
    body: Calibration,
    response: Receipt,
  }),
  snoozeDoorbell: endpoint("snoozeDoorbell", "POST", `${doorbell}/snooze`, {
    summary: "Mutes notifications for some minutes.",
    body: Snooze,
    response: Message,
  }),
  unsnoozeDoorbell: endpoint("unsnoozeDoorbell", "POST", `${doorbell}/unsnooze`, {
    summary: "Unmutes notifications.",
    response: Message,
  }),
}

export const legacyCameras = {
  cameras: endpoint("legacyCameras", "GET", "/network/{network}/cameras", {
    dialect: "legacy",
    summary: "Cameras of a network with status and settings.",
    priority: "poll",
    response: LegacyCameras,
  }),
}
