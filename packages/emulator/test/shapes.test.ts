import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"

import { type Send, httpClient, legacySignIn, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

let cloud: EmulatedCloud
let current: Send
let legacy: Send
let anonymous: Send
let account: number
let client: number
let serial: string

const homeNetwork = 5130001
const porch = 8800101
const owl = 8900201
const bell = 8950301
const syncModule = 6210001

beforeAll(async () => {
  cloud = await startEmulator({
    seed: 3,
    speed: 0,
    startAt: Date.UTC(2026, 2, 14, 6, 42),
    settings: { accessTokenSeconds: 1_000_000 },
  })
  anonymous = httpClient(cloud.url)
  const session = await signIn(cloud.url, cloud.account)
  current = session.send
  account = session.account
  legacy = (await legacySignIn(cloud.url, cloud.account)).send
  client = Number((await current(`GET /api/v3/accounts/${account}/homescreen`)).headers.get("client-id"))
  serial = (await current(`GET /network/${homeNetwork}/syncmodules`)).body.syncmodule.serial
})
afterAll(() => cloud.close())

const network = `/api/v1/accounts/ACCOUNT/networks/${homeNetwork}`
const usbStorage = `${network}/sync_modules/${syncModule}/local_storage`
const camera = `/network/${homeNetwork}/camera/${porch}`

/** Requests and the names of their shapes. `by` defaults to a client with an OAuth token. */
const calls: ReadonlyArray<{
  readonly shape: string
  readonly endpoint: string
  readonly body?: object
  readonly by?: "legacy" | "anonymous"
  readonly status?: number
}> = [
  { shape: "get-users-tier-info", endpoint: "GET /api/v1/users/tier_info" },
  { shape: "get-users-info", endpoint: "GET /api/v2/users/info" },
  { shape: "get-accounts-info", endpoint: "GET /api/v1/accounts/ACCOUNT/info" },
  { shape: "get-homescreen-v3", endpoint: "GET /api/v3/accounts/ACCOUNT/homescreen" },
  { shape: "get-homescreen-v4", endpoint: "GET /api/v4/accounts/ACCOUNT/homescreen" },
  { shape: "get-homescreen-legacy", endpoint: "GET /homescreen", by: "legacy" },
  { shape: "get-networks", endpoint: "GET /networks" },
  { shape: "get-network", endpoint: `GET /network/${homeNetwork}` },
  { shape: "post-network-update", endpoint: `POST /network/${homeNetwork}/update`, body: { lv_save: true } },
  { shape: "get-network-cameras", endpoint: `GET /network/${homeNetwork}/cameras`, by: "legacy" },
  { shape: "get-network-syncmodules", endpoint: `GET /network/${homeNetwork}/syncmodules` },
  { shape: "get-events-network", endpoint: `GET /events/network/${homeNetwork}/`, by: "legacy" },
  { shape: "get-videos-page", endpoint: "GET /api/v2/videos/page/0", by: "legacy" },
  { shape: "get-videos-unwatched", endpoint: "GET /api/v2/videos/unwatched/page/0", by: "legacy" },
  { shape: "get-videos-count", endpoint: "GET /api/v2/videos/count", by: "legacy" },
  { shape: "get-account-clients", endpoint: "GET /account/clients", by: "legacy" },
  { shape: "get-programs", endpoint: `GET /api/v1/networks/${homeNetwork}/programs` },
  { shape: "get-sirens", endpoint: `GET /api/v1/networks/${homeNetwork}/sirens` },
  { shape: "get-camera", endpoint: `GET ${camera}` },
  { shape: "get-camera-config", endpoint: `GET ${camera}/config` },
  { shape: "get-camera-signals", endpoint: `GET ${camera}/signals` },
  { shape: "get-camera-usage", endpoint: "GET /api/v1/camera/usage" },
  { shape: "get-owl-config", endpoint: `GET ${network}/owls/${owl}/config` },
  { shape: "get-doorbell-config", endpoint: `GET ${network}/doorbells/${bell}/config` },
  { shape: "get-camera-motion-regions", endpoint: `GET ${network}/cameras/${porch}/motion_regions` },
  {
    shape: "get-media-changed",
    endpoint: "GET /api/v1/accounts/ACCOUNT/media/changed?since=1970-01-01T00:00:00+0000&page=1",
  },
  {
    shape: "get-media-changed-empty",
    endpoint: "GET /api/v1/accounts/ACCOUNT/media/changed?since=1970-01-01T00:00:00+0000&page=9",
  },
  { shape: "post-media-v4", endpoint: "POST /api/v4/accounts/ACCOUNT/media", body: { filters: {} } },
  { shape: "get-unwatched-media-v4", endpoint: "GET /api/v4/accounts/ACCOUNT/unwatched_media" },
  { shape: "get-media-settings-v4", endpoint: "GET /api/v4/accounts/ACCOUNT/media_settings" },
  { shape: "get-local-storage-status", endpoint: `GET ${usbStorage}/status` },
  {
    shape: "get-notifications-configuration",
    endpoint: "GET /api/v1/accounts/ACCOUNT/notifications/configuration",
  },
  {
    shape: "post-notifications-configuration",
    endpoint: "POST /api/v1/accounts/ACCOUNT/notifications/configuration",
    body: { notifications: { motion: false } },
  },
  { shape: "get-client-options", endpoint: "GET /api/v1/accounts/ACCOUNT/clients/CLIENT/options" },
  { shape: "post-client-update", endpoint: "POST /client/CLIENT/update", body: { notification_key: "k" } },
  { shape: "get-account-options", endpoint: "GET /api/v1/account/options" },
  {
    shape: "post-account-video-options",
    endpoint: "POST /api/v1/account/video_options",
    body: { auto_purge_days: 30 },
  },
  {
    shape: "error-video-options-invalid",
    endpoint: "POST /api/v1/account/video_options",
    body: { auto_purge_days: 5 },
    status: 400,
  },
  { shape: "get-user", endpoint: "GET /user" },
  { shape: "get-account-status", endpoint: "GET /api/v3/account/ACCOUNT/status" },
  { shape: "get-version", endpoint: "GET /api/v1/version", by: "anonymous" },
  { shape: "get-regions", endpoint: "GET /regions?locale=US", by: "anonymous" },
  { shape: "get-blinkstatus", endpoint: "GET /api/v1/u017", by: "anonymous" },
  { shape: "get-devices-identify", endpoint: "GET /api/v2/accounts/ACCOUNT/devices/identify/SERIAL" },
  { shape: "post-app-logs-upload", endpoint: "POST /app/logs/upload", body: {} },
  { shape: "error-unauthorized", endpoint: "GET /networks", by: "anonymous", status: 401 },
  { shape: "error-app-update-required", endpoint: "GET /homescreen" },
  {
    shape: "error-camera-not-found",
    endpoint: `GET /network/${homeNetwork}/camera/${owl}/config`,
    status: 404,
  },
  {
    shape: "error-invalid-device-type",
    endpoint: `GET /api/v3/media/accounts/ACCOUNT/networks/${homeNetwork}/catalina/${porch}/thumbnail/thumbnail.jpg?ts=1&ext=`,
    status: 400,
  },
  {
    shape: "error-media-delete-invalid-list",
    endpoint: "POST /api/v1/accounts/ACCOUNT/media/delete",
    body: { media_ids: [1] },
    status: 400,
  },
  {
    shape: "post-media-delete",
    endpoint: "POST /api/v1/accounts/ACCOUNT/media/delete",
    body: { media_list: [] },
  },
  {
    shape: "error-snooze-unsupported",
    endpoint: `POST ${network}/cameras/${porch}/snooze`,
    body: { snooze_time: 1440 },
    status: 400,
  },
  {
    shape: "post-camera-snooze",
    endpoint: `POST ${network}/cameras/${porch}/snooze`,
    body: { snooze_time: 60 },
  },
  { shape: "post-camera-thumbnail", endpoint: `POST ${camera}/thumbnail` },
  { shape: "error-busy", endpoint: `POST ${camera}/thumbnail`, status: 409 },
  { shape: "post-camera-clip", endpoint: `POST ${camera}/clip` },
  { shape: "post-camera-update", endpoint: `POST ${camera}/update`, body: { video_length: 20 } },
  { shape: "post-camera-enable", endpoint: `POST ${camera}/enable` },
  { shape: "post-camera-disable", endpoint: `POST ${camera}/disable` },
  {
    shape: "error-snooze-motion-disabled",
    endpoint: `POST ${network}/cameras/${porch}/snooze`,
    body: { snooze_time: 60 },
    status: 400,
  },
  { shape: "post-camera-status", endpoint: `POST ${camera}/status` },
  { shape: "post-camera-calibrate", endpoint: `POST /api/v1${camera}/calibrate`, body: { current_temp: 68 } },
  { shape: "post-camera-temp-alert-enable", endpoint: `POST /api/v1${camera}/temp_alert_enable` },
  {
    shape: "post-camera-motion-regions",
    endpoint: `POST ${network}/cameras/${porch}/motion_regions`,
    body: { motion_regions: 1 },
  },
  { shape: "post-owl-config", endpoint: `POST ${network}/owls/${owl}/config`, body: { enabled: false } },
  { shape: "post-owl-thumbnail", endpoint: `POST ${network}/owls/${owl}/thumbnail` },
  { shape: "post-owl-clip", endpoint: `POST ${network}/owls/${owl}/clip` },
  { shape: "post-doorbell-enable", endpoint: `POST ${network}/doorbells/${bell}/enable` },
  { shape: "post-lights-on", endpoint: `POST ${network}/owls/${owl}/lights/on` },
  { shape: "post-network-arm-legacy", endpoint: `POST /network/${homeNetwork}/arm`, by: "legacy" },
  { shape: "post-network-disarm-legacy", endpoint: `POST /network/${homeNetwork}/disarm`, by: "legacy" },
  { shape: "post-state-arm", endpoint: `POST ${network}/state/arm` },
  { shape: "post-state-disarm", endpoint: `POST ${network}/state/disarm` },
  { shape: "post-local-storage-manifest-request", endpoint: `POST ${usbStorage}/manifest/request` },
  {
    shape: "post-liveview-v6-camera",
    endpoint: `POST /api/v6/accounts/ACCOUNT/networks/${homeNetwork}/cameras/${porch}/liveview`,
    body: { intent: "liveview" },
  },
  {
    shape: "post-liveview-v2-owl",
    endpoint: `POST /api/v2/accounts/ACCOUNT/networks/5130002/owls/8900202/liveview`,
    body: { intent: "liveview" },
  },
]

/** Lets the commands of the previous call complete. */
const completeCommands = () => cloud.clock({ advance_ms: 400_000 })

describe("Response shapes", () => {
  it.each(calls)(
    "The response of $endpoint has the recorded shape $shape",
    async ({ shape, endpoint, body, by, status = 200 }) => {
      if (shape !== "error-busy") await completeCommands()
      const line = endpoint
        .replace("ACCOUNT", String(account))
        .replace("CLIENT", String(client))
        .replace("SERIAL", serial)
      const send = by === "legacy" ? legacy : by === "anonymous" ? anonymous : current
      const got = await send(line, body)
      assert.strictEqual(got.status, status, JSON.stringify(got.body).slice(0, 300))
      assert.strictEqual(got.type, "application/json")
      expectShape(shape, got.body)
    },
  )
})
