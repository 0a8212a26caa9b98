import { Schema } from "effect"
import { endpoint } from "../Endpoint.ts"
import {
  CameraConfig,
  CameraSignals,
  CameraStatus,
  CameraUsage,
  DoorbellConfig,
  LegacyCameras,
  LiveViewAnswer,
  MotionRegions,
  OwlConfig,
} from "../wire/camera.ts"
import { Message, Receipt } from "../wire/receipt.ts"

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

const order = <const Path extends string>(
  id: string,
  path: Path,
  summary: string,
  dialect: "oauth" | "both" = "oauth",
) => endpoint(id, "POST", path, { dialect, summary, answer: Receipt })

/** Battery cameras: the array `cameras` of the homescreen. */
export const cameras = {
  enableCamera: order(
    "enableCamera",
    `${camera}/enable`,
    "Motion makes it record, once its network is armed.",
    "both",
  ),
  disableCamera: order("disableCamera", `${camera}/disable`, "Motion no longer makes it record.", "both"),
  cameraThumbnail: order(
    "cameraThumbnail",
    `${camera}/thumbnail`,
    "Takes a new still. Wakes the camera.",
    "both",
  ),
  cameraClip: order("cameraClip", `${camera}/clip`, "Records a clip now. Wakes the camera.", "both"),
  refreshCamera: order(
    "refreshCamera",
    `${camera}/status`,
    "Asks the camera for fresh sensor values.",
    "both",
  ),
  enableCameraOfAccount: order(
    "enableCameraOfAccount",
    `${ofAccount}/enable`,
    "`enableCamera`, at the path that newer apps use.",
  ),
  disableCameraOfAccount: order(
    "disableCameraOfAccount",
    `${ofAccount}/disable`,
    "`disableCamera`, at the path that newer apps use.",
  ),
  cameraThumbnailOfAccount: order(
    "cameraThumbnailOfAccount",
    `${ofAccount}/thumbnail`,
    "`cameraThumbnail`, at the path that newer apps use.",
  ),
  refreshCameraOfAccount: order(
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
      answer: Receipt,
    },
  ),
  camera: endpoint("camera", "GET", camera, {
    dialect: "both",
    summary: "The last status report of a camera.",
    answer: CameraStatus,
  }),
  cameraSignals: endpoint("cameraSignals", "GET", `${camera}/signals`, {
    dialect: "both",
    summary: "Radio, battery and temperature; the reading may be hours old.",
    answer: CameraSignals,
  }),
  cameraConfig: endpoint("cameraConfig", "GET", `${camera}/config`, {
    dialect: "both",
    summary: "All settings.",
    answer: CameraConfig,
  }),
  updateCamera: endpoint("updateCamera", "POST", `${camera}/update`, {
    dialect: "both",
    summary: "Changes settings; often done by the time it answers.",
    body: Settings,
    answer: Receipt,
  }),
  cameraLiveView: endpoint(
    "cameraLiveView",
    "POST",
    "/api/v6/accounts/{account}/networks/{network}/cameras/{camera}/liveview",
    {
      summary: "Starts a live view: ask after its command while watching, and finish it.",
      body: LiveView,
      answer: LiveViewAnswer,
    },
  ),
  cameraLiveViewV5: endpoint(
    "cameraLiveViewV5",
    "POST",
    "/api/v5/accounts/{account}/networks/{network}/cameras/{camera}/liveview",
    {
      summary: "The same, as apps of 2020 to 2025 did it.",
      body: LiveView,
      answer: LiveViewAnswer,
    },
  ),
  snoozeCamera: endpoint("snoozeCamera", "POST", `${v1Camera}/snooze`, {
    summary: "Silences notifications, for 1 to 1439 minutes.",
    body: Snooze,
    answer: Message,
  }),
  unsnoozeCamera: endpoint("unsnoozeCamera", "POST", `${v1Camera}/unsnooze`, {
    summary: "Ends the silence.",
    answer: Message,
  }),
  cameraLight: endpoint("cameraLight", "POST", `${v1Camera}/accessories/storm/{accessory}/lights/{state}`, {
    summary: "Switches a floodlight mount `on` or `off`.",
    answer: Receipt,
  }),
  motionRegions: endpoint("motionRegions", "GET", `${v1Camera}/motion_regions`, {
    summary: "Where motion counts.",
    answer: MotionRegions,
  }),
  setMotionRegions: endpoint("setMotionRegions", "POST", `${v1Camera}/motion_regions`, {
    summary: "Changes where motion counts.",
    body: Settings,
    answer: MotionRegions,
  }),
  setTemperatureAlert: endpoint(
    "setTemperatureAlert",
    "POST",
    "/api/v1/network/{network}/camera/{camera}/temp_alert_{state}",
    {
      summary: "Switches temperature alerts: `enable` (526) or `disable` (527).",
      answer: Message,
    },
  ),
  calibrateTemperature: endpoint(
    "calibrateTemperature",
    "POST",
    "/api/v1/network/{network}/camera/{camera}/calibrate",
    {
      summary: "Sets the true temperature and the limits, in °F.",
      body: Calibration,
      answer: Receipt,
    },
  ),
  cameraUsage: endpoint("cameraUsage", "GET", "/api/v1/camera/usage", {
    dialect: "both",
    summary: "How long each camera was in use, in seconds.",
    answer: CameraUsage,
  }),
}

/** Minis and other cameras on mains: the array `owls`. */
export const owls = {
  owlThumbnail: order("owlThumbnail", `${owl}/thumbnail`, "Takes a new still."),
  owlClip: order("owlClip", `${owl}/clip`, "Records a clip now."),
  refreshOwl: order("refreshOwl", `${owl}/status`, "Asks for fresh sensor values."),
  owlConfig: endpoint("owlConfig", "GET", `${owl}/config`, { summary: "All settings.", answer: OwlConfig }),
  updateOwl: endpoint("updateOwl", "POST", `${owl}/config`, {
    summary: 'Changes settings; `{"enabled": true}` is what lets motion record.',
    body: Settings,
    answer: Receipt,
  }),
  owlLiveView: endpoint(
    "owlLiveView",
    "POST",
    "/api/v2/accounts/{account}/networks/{network}/owls/{camera}/liveview",
    {
      summary: "Starts a live view.",
      body: LiveView,
      answer: LiveViewAnswer,
    },
  ),
  owlLiveViewV1: endpoint(
    "owlLiveViewV1",
    "POST",
    "/api/v1/accounts/{account}/networks/{network}/owls/{camera}/liveview",
    {
      summary: "The same, as apps did it until 2026.",
      body: LiveView,
      answer: LiveViewAnswer,
    },
  ),
  snoozeOwl: endpoint("snoozeOwl", "POST", `${owl}/snooze`, {
    summary: "Silences notifications, for minutes.",
    body: Snooze,
    answer: Message,
  }),
  unsnoozeOwl: endpoint("unsnoozeOwl", "POST", `${owl}/unsnooze`, {
    summary: "Ends the silence.",
    answer: Message,
  }),
  owlLight: endpoint("owlLight", "POST", `${owl}/lights/{state}`, {
    summary: "Switches its light `on` or `off`.",
    answer: Receipt,
  }),
}

/** The array `doorbells`. */
export const doorbells = {
  enableDoorbell: order(
    "enableDoorbell",
    `${doorbell}/enable`,
    "Motion makes it record, once its network is armed.",
  ),
  disableDoorbell: order("disableDoorbell", `${doorbell}/disable`, "Motion no longer makes it record."),
  doorbellThumbnail: order("doorbellThumbnail", `${doorbell}/thumbnail`, "Takes a new still."),
  doorbellClip: order("doorbellClip", `${doorbell}/clip`, "Records a clip now."),
  refreshDoorbell: order("refreshDoorbell", `${doorbell}/status`, "Asks for fresh sensor values."),
  doorbellConfig: endpoint("doorbellConfig", "GET", `${doorbell}/config`, {
    summary: "All settings.",
    answer: DoorbellConfig,
  }),
  updateDoorbell: endpoint("updateDoorbell", "POST", `${doorbell}/config`, {
    summary: "Changes settings.",
    body: Settings,
    answer: Receipt,
  }),
  doorbellLiveView: endpoint(
    "doorbellLiveView",
    "POST",
    "/api/v2/accounts/{account}/networks/{network}/doorbells/{camera}/liveview",
    {
      summary: "Starts a live view.",
      body: LiveView,
      answer: LiveViewAnswer,
    },
  ),
  doorbellLiveViewV1: endpoint(
    "doorbellLiveViewV1",
    "POST",
    "/api/v1/accounts/{account}/networks/{network}/doorbells/{camera}/liveview",
    {
      summary: "The same, as apps did it until 2026.",
      body: LiveView,
      answer: LiveViewAnswer,
    },
  ),
  setDoorbellTemperatureAlert: endpoint(
    "setDoorbellTemperatureAlert",
    "POST",
    `${doorbell}/temp_alert_{state}`,
    {
      summary: "Switches temperature alerts: `enable` (526) or `disable` (527).",
      answer: Message,
    },
  ),
  calibrateDoorbell: endpoint("calibrateDoorbell", "POST", `${doorbell}/calibrate`, {
    summary: "Sets the true temperature and the limits, in °F.",
    body: Calibration,
    answer: Receipt,
  }),
  snoozeDoorbell: endpoint("snoozeDoorbell", "POST", `${doorbell}/snooze`, {
    summary: "Silences notifications, for minutes.",
    body: Snooze,
    answer: Message,
  }),
  unsnoozeDoorbell: endpoint("unsnoozeDoorbell", "POST", `${doorbell}/unsnooze`, {
    summary: "Ends the silence.",
    answer: Message,
  }),
}

export const legacyCameras = {
  cameras: endpoint("legacyCameras", "GET", "/network/{network}/cameras", {
    dialect: "legacy",
    summary: "All cameras of a network with status and settings.",
    priority: "poll",
    answer: LegacyCameras,
  }),
}
