import { json } from "../../http/HttpResponse.ts"
import { accountRoute, type CameraRequest, cameraRoute, networkRoute, type Route } from "../../http/Route.ts"
import { createCommand, isBusy, liveviewDuration } from "../../world/commands.ts"
import { trackUsage } from "../../world/liveview.ts"
import { seededText } from "../../world/seed.ts"
import { busyResponse, clientLabel } from "./networks.ts"

/** The oldest cameras use RTSP with a handshake that is not published. The others use IMMI. */
const speaksRtsp = ({ type }: { readonly type: string }): boolean =>
  type === "white" || type === "xt" || type === "xt2"

const startLiveView = (request: CameraRequest) => {
  const { camera, world, now } = request
  if (isBusy(world, request.network, camera, now)) return busyResponse(request)
  const command = createCommand(world, now, {
    type: "lv_relay",
    network: request.network,
    camera,
    targetsCamera: false,
    requestedBy: clientLabel(request),
  })
  trackUsage(world, command, now)
  const connection = seededText(world.seed, `liveview/${command.id}`, 16).replaceAll("_", "x")
  const clientId = 200 + (command.id % 50_000)
  const token = seededText(world.seed, `liveview/${command.id}/token`, 22)
  world.liveviews.set(connection, {
    connectionId: connection,
    clientId,
    token,
    command,
    serial: camera.serial,
  })
  const path = `${connection}__IMDS_${camera.serial}?client_id=${clientId}`
  if (speaksRtsp(camera)) {
    return json({
      command_id: command.id,
      join_available: true,
      join_state: "available",
      server: `rtsps://127.0.0.1:${world.relayPort}/${path}&blinkRTSP=true`,
      duration: liveviewDuration / 1000,
      continue_interval: 30,
      continue_warning: 10,
      submit_logs: true,
      new_command: true,
      network_id: request.network.id,
      media_id: null,
      options: {},
    })
  }
  return json({
    command_id: command.id,
    parent_command_id: null,
    join_available: true,
    join_state: "available",
    server: `immis://127.0.0.1:${world.relayPort}/${path}`,
    duration: liveviewDuration / 1000,
    extended_duration: 5400,
    continue_interval: 30,
    continue_warning: 10,
    polling_interval: 15,
    submit_logs: true,
    new_command: true,
    media_id: null,
    video_id: null,
    options: { poor_connection: false },
    liveview_token: token,
    type: "lv",
    is_mclv: false,
    first_joiner: true,
  })
}

const base = "/accounts/:account/networks/:network"

/** Starts of live views, one path per kind, and sirens, which never shipped widely. */
export const liveviewRoutes: ReadonlyArray<Route> = [
  cameraRoute("camera", `POST /api/v6${base}/cameras/:camera/liveview`, { evidence: "live" }, startLiveView),
  cameraRoute("camera", `POST /api/v5${base}/cameras/:camera/liveview`, { evidence: "live" }, startLiveView),
  cameraRoute("owl", `POST /api/v2${base}/owls/:camera/liveview`, { evidence: "live" }, startLiveView),
  cameraRoute("owl", `POST /api/v1${base}/owls/:camera/liveview`, { evidence: "live" }, startLiveView),
  cameraRoute("doorbell", `POST /api/v2${base}/doorbells/:camera/liveview`, {}, startLiveView),
  cameraRoute("doorbell", `POST /api/v1${base}/doorbells/:camera/liveview`, {}, startLiveView),
  accountRoute("GET /api/v1/sirens", { evidence: "inferred" }, () => json([])),
  networkRoute("GET /api/v1/networks/:network/sirens", { evidence: "inferred" }, () => json([])),
]
