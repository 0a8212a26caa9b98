import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"

import { type Send, httpClient, legacySignIn, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

let cloud: EmulatedCloud
let today: Send
let legacy: Send
let open: Send
let account: number
let client: number
let serial: string

const home = 5130001
const porch = 8800101
const owl = 8900201
const bell = 8950301
const hub = 6210001

beforeAll(async () => {
  cloud = await startEmulator({
    seed: 3,
    speed: 0,
    startAt: Date.UTC(2026, 2, 14, 6, 42),
    settings: { accessTokenSeconds: 1_000_000 },
  })
  open = httpClient(cloud.url)
  const session = await signIn(cloud.url, cloud.account)
  today = session.ask
  account = session.account
  legacy = (await legacySignIn(cloud.url, cloud.account)).ask
  client = Number((await today(`GET /api/v3/accounts/${account}/homescreen`)).headers.get("client-id"))
  serial = (await today(`GET /network/${home}/syncmodules`)).body.syncmodule.serial
})
afterAll(() => cloud.close())

const network = `/api/v1/accounts/ACCOUNT/networks/${home}`
const stick = `${network}/sync_modules/${hub}/local_storage`
const camera = `/network/${home}/camera/${porch}`

/** Name of the shape, how to ask, what to send. `by` is today's client unless it says otherwise. */
const calls: ReadonlyArray<{
  readonly shape: string
  readonly ask: string
  readonly body?: object
  readonly by?: "legacy" | "nobody"
  readonly status?: number
}> = [
  { shape: "get-users-tier-info", ask: "GET /api/v1/users/tier_info" },
  { shape: "get-users-info", ask: "GET /api/v2/users/info" },
  { shape: "get-accounts-info", ask: "GET /api/v1/accounts/ACCOUNT/info" },
  { shape: "get-homescreen-v3", ask: "GET /api/v3/accounts/ACCOUNT/homescreen" },
  { shape: "get-homescreen-v4", ask: "GET /api/v4/accounts/ACCOUNT/homescreen" },
  { shape: "get-homescreen-legacy", ask: "GET /homescreen", by: "legacy" },
  { shape: "get-networks", ask: "GET /networks" },
  { shape: "get-network", ask: `GET /network/${home}` },
  { shape: "post-network-update", ask: `POST /network/${home}/update`, body: { lv_save: true } },
  { shape: "get-network-cameras", ask: `GET /network/${home}/cameras`, by: "legacy" },
  { shape: "get-network-syncmodules", ask: `GET /network/${home}/syncmodules` },
  { shape: "get-events-network", ask: `GET /events/network/${home}/`, by: "legacy" },
  { shape: "get-videos-page", ask: "GET /api/v2/videos/page/0", by: "legacy" },
  { shape: "get-videos-unwatched", ask: "GET /api/v2/videos/unwatched/page/0", by: "legacy" },
  { shape: "get-videos-count", ask: "GET /api/v2/videos/count", by: "legacy" },
  { shape: "get-account-clients", ask: "GET /account/clients", by: "legacy" },
  { shape: "get-programs", ask: `GET /api/v1/networks/${home}/programs` },
  { shape: "get-sirens", ask: `GET /api/v1/networks/${home}/sirens` },
  { shape: "get-camera", ask: `GET ${camera}` },
  { shape: "get-camera-config", ask: `GET ${camera}/config` },
  { shape: "get-camera-signals", ask: `GET ${camera}/signals` },
  { shape: "get-camera-usage", ask: "GET /api/v1/camera/usage" },
  { shape: "get-owl-config", ask: `GET ${network}/owls/${owl}/config` },
  { shape: "get-doorbell-config", ask: `GET ${network}/doorbells/${bell}/config` },
  { shape: "get-camera-motion-regions", ask: `GET ${network}/cameras/${porch}/motion_regions` },
  {
    shape: "get-media-changed",
    ask: "GET /api/v1/accounts/ACCOUNT/media/changed?since=1970-01-01T00:00:00+0000&page=1",
  },
  {
    shape: "get-media-changed-empty",
    ask: "GET /api/v1/accounts/ACCOUNT/media/changed?since=1970-01-01T00:00:00+0000&page=9",
  },
  { shape: "post-media-v4", ask: "POST /api/v4/accounts/ACCOUNT/media", body: { filters: {} } },
  { shape: "get-unwatched-media-v4", ask: "GET /api/v4/accounts/ACCOUNT/unwatched_media" },
  { shape: "get-media-settings-v4", ask: "GET /api/v4/accounts/ACCOUNT/media_settings" },
  { shape: "get-local-storage-status", ask: `GET ${stick}/status` },
  {
    shape: "get-notifications-configuration",
    ask: "GET /api/v1/accounts/ACCOUNT/notifications/configuration",
  },
  {
    shape: "post-notifications-configuration",
    ask: "POST /api/v1/accounts/ACCOUNT/notifications/configuration",
    body: { notifications: { motion: false } },
  },
  { shape: "get-client-options", ask: "GET /api/v1/accounts/ACCOUNT/clients/CLIENT/options" },
  { shape: "post-client-update", ask: "POST /client/CLIENT/update", body: { notification_key: "k" } },
  { shape: "get-account-options", ask: "GET /api/v1/account/options" },
  {
    shape: "post-account-video-options",
    ask: "POST /api/v1/account/video_options",
    body: { auto_purge_days: 30 },
  },
  {
    shape: "error-video-options-invalid",
    ask: "POST /api/v1/account/video_options",
    body: { auto_purge_days: 5 },
    status: 400,
  },
  { shape: "get-user", ask: "GET /user" },
  { shape: "get-account-status", ask: "GET /api/v3/account/ACCOUNT/status" },
  { shape: "get-version", ask: "GET /api/v1/version", by: "nobody" },
  { shape: "get-regions", ask: "GET /regions?locale=US", by: "nobody" },
  { shape: "get-blinkstatus", ask: "GET /api/v1/u017", by: "nobody" },
  { shape: "get-devices-identify", ask: "GET /api/v2/accounts/ACCOUNT/devices/identify/SERIAL" },
  { shape: "post-app-logs-upload", ask: "POST /app/logs/upload", body: {} },
  { shape: "error-unauthorized", ask: "GET /networks", by: "nobody", status: 401 },
  { shape: "error-app-update-required", ask: "GET /homescreen" },
  { shape: "error-camera-not-found", ask: `GET /network/${home}/camera/${owl}/config`, status: 404 },
  {
    shape: "error-invalid-device-type",
    ask: `GET /api/v3/media/accounts/ACCOUNT/networks/${home}/catalina/${porch}/thumbnail/thumbnail.jpg?ts=1&ext=`,
    status: 400,
  },
  {
    shape: "error-media-delete-invalid-list",
    ask: "POST /api/v1/accounts/ACCOUNT/media/delete",
    body: { media_ids: [1] },
    status: 400,
  },
  { shape: "post-media-delete", ask: "POST /api/v1/accounts/ACCOUNT/media/delete", body: { media_list: [] } },
  {
    shape: "error-snooze-unsupported",
    ask: `POST ${network}/cameras/${porch}/snooze`,
    body: { snooze_time: 1440 },
    status: 400,
  },
  { shape: "post-camera-snooze", ask: `POST ${network}/cameras/${porch}/snooze`, body: { snooze_time: 60 } },
  { shape: "post-camera-thumbnail", ask: `POST ${camera}/thumbnail` },
  { shape: "error-busy", ask: `POST ${camera}/thumbnail`, status: 409 },
  { shape: "post-camera-clip", ask: `POST ${camera}/clip` },
  { shape: "post-camera-update", ask: `POST ${camera}/update`, body: { video_length: 20 } },
  { shape: "post-camera-enable", ask: `POST ${camera}/enable` },
  { shape: "post-camera-disable", ask: `POST ${camera}/disable` },
  {
    shape: "error-snooze-motion-disabled",
    ask: `POST ${network}/cameras/${porch}/snooze`,
    body: { snooze_time: 60 },
    status: 400,
  },
  { shape: "post-camera-status", ask: `POST ${camera}/status` },
  { shape: "post-camera-calibrate", ask: `POST /api/v1${camera}/calibrate`, body: { current_temp: 68 } },
  { shape: "post-camera-temp-alert-enable", ask: `POST /api/v1${camera}/temp_alert_enable` },
  {
    shape: "post-camera-motion-regions",
    ask: `POST ${network}/cameras/${porch}/motion_regions`,
    body: { motion_regions: 1 },
  },
  { shape: "post-owl-config", ask: `POST ${network}/owls/${owl}/config`, body: { enabled: false } },
  { shape: "post-owl-thumbnail", ask: `POST ${network}/owls/${owl}/thumbnail` },
  { shape: "post-owl-clip", ask: `POST ${network}/owls/${owl}/clip` },
  { shape: "post-doorbell-enable", ask: `POST ${network}/doorbells/${bell}/enable` },
  { shape: "post-lights-on", ask: `POST ${network}/owls/${owl}/lights/on` },
  { shape: "post-network-arm-legacy", ask: `POST /network/${home}/arm`, by: "legacy" },
  { shape: "post-network-disarm-legacy", ask: `POST /network/${home}/disarm`, by: "legacy" },
  { shape: "post-state-arm", ask: `POST ${network}/state/arm` },
  { shape: "post-state-disarm", ask: `POST ${network}/state/disarm` },
  { shape: "post-local-storage-manifest-request", ask: `POST ${stick}/manifest/request` },
  {
    shape: "post-liveview-v6-camera",
    ask: `POST /api/v6/accounts/ACCOUNT/networks/${home}/cameras/${porch}/liveview`,
    body: { intent: "liveview" },
  },
  {
    shape: "post-liveview-v2-owl",
    ask: `POST /api/v2/accounts/ACCOUNT/networks/5130002/owls/8900202/liveview`,
    body: { intent: "liveview" },
  },
]

/** Commands that a call leaves behind are over before the next one. */
const settle = () => cloud.clock({ advance_ms: 400_000 })

describe("an answer has the keys and types that the cloud's has", () => {
  it.each(calls)("$shape: $ask", async ({ shape, ask, body, by, status = 200 }) => {
    if (shape !== "error-busy") await settle()
    const line = ask
      .replace("ACCOUNT", String(account))
      .replace("CLIENT", String(client))
      .replace("SERIAL", serial)
    const asks = by === "legacy" ? legacy : by === "nobody" ? open : today
    const got = await asks(line, body)
    assert.strictEqual(got.status, status, JSON.stringify(got.body).slice(0, 300))
    assert.strictEqual(got.type, "application/json")
    expectShape(shape, got.body)
  })
})
