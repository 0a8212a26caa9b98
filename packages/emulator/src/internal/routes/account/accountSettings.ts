import { json, notFound } from "../../http/HttpResponse.ts"
import { textField, bodyFields, header, isFields } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, publicRoute, type Route } from "../../http/Route.ts"
import { retentionOptions } from "../../wire/homescreen.ts"
import { isoDay, timestamp } from "../../wire/time.ts"

const live = { evidence: "live" } as const
const app = { evidence: "app" } as const

const version = (outdated: boolean) => ({
  message: outdated ? "An app update is required" : "OK",
  code: outdated ? 105 : 103,
  update_available: outdated,
  update_required: outdated,
})

/** Service status. It has its own host and accepts any tier. */
const serviceStatus = (now: number) => ({
  check_interval: 60,
  message: "The Blink Cloud service is operating normally.",
  message_code: 0,
  message_params: [],
  monitor_last_update: timestamp(now).replace("+00:00", "Z"),
  next_check_time: timestamp(now + 60_000).replace("+00:00", "Z"),
  url: "",
})

/** Usage of the last week in seconds per battery camera. Lists networks without one too, because a client relies on it. */
const usage = ({ account }: AccountRequest) => ({
  range_days: 7,
  reference: { usage: 400 },
  networks: account.networks.map((network) => ({
    network_id: network.id,
    name: network.name,
    cameras: network.cameras
      .filter(({ kind }) => kind === "camera")
      .map(({ id, name, liveSeconds, clipSeconds }) => ({
        id,
        name,
        usage: liveSeconds + clipSeconds,
        lv_seconds: liveSeconds,
        clip_seconds: clipSeconds,
      })),
  })),
})

const user = ({ account }: AccountRequest) => ({
  id: account.userId,
  created_at: timestamp(account.createdAt),
  updated_at: timestamp(account.createdAt),
  email: account.email,
  verified: true,
  verification_required: true,
  force_password_reset: false,
  reset_expiration: null,
  time_zone: "US/Eastern",
  timezone_id: 212,
  owner: true,
  name: "",
  user_access: "write",
  temp_units: account.temperatureUnits,
  type: "regular",
  pin_created_at: null,
  pin_failures: 0,
  phone_number: null,
  country_calling_code: null,
  locale: "en_US",
  country_id: "US",
  verification_channel: "email",
  phone_verified: true,
  phone_verification_required: true,
  phone_verification_channel: "sms",
  account_id: account.id,
  ring_idp_id: account.userId + 100_000_000,
})

const everyZone = Array.from({ length: 25 }, () => 4095)

const options = ({ account }: AccountRequest) => ({
  catalina_app_enabled: true,
  power_harvest_video: true,
  sm2_app_enabled: true,
  snapshot_app_enabled: true,
  seen_trial_carousel: true,
  owl_app_enabled: true,
  legacy_account_mini: true,
  c2s_clip_list_limit: 1000,
  trial_opt_in_length: 7,
  amazon_account_linking: "available",
  trial_cancellation_enabled: true,
  subs_eligible: true,
  amazon_account_linking_enabled: true,
  breadcrumbs: [],
  trial_opt_in_eligible: false,
  trial_opt_in_eligible_v2: true,
  advanced_motion_regions: Object.fromEntries(
    account.networks
      .flatMap(({ cameras }) => cameras)
      .filter(({ kind }) => kind === "camera")
      .map(({ id }) => [`cam_${id}`, everyZone]),
  ),
})

const videoOptions = (request: AccountRequest) => {
  const values = bodyFields(request)
  const days = Number(
    textField(values, "auto_purge_days") ?? textField(values, "auto_delete_days") ?? Number.NaN,
  )
  if (!retentionOptions.includes(days))
    return json({ message: "Invalid auto purge days value", code: 213 }, 400)
  request.account.retentionDays = days
  return json({
    id: request.account.id,
    created_at: timestamp(request.account.createdAt),
    updated_at: timestamp(request.now),
    last_app_activity: isoDay(request.now),
    country_code: null,
    phone_number: null,
    auto_purge_days: days,
    refresh_count: 0,
    power_user: false,
    feature_plan_id: null,
  })
}

const setNotifications = (request: AccountRequest) => {
  const changes = bodyFields(request)["notifications"]
  for (const [name, value] of Object.entries(isFields(changes) ? changes : {})) {
    if (name in request.account.notifications && typeof value === "boolean")
      request.account.notifications[name] = value
  }
  return json({ message: "Client Notification Configure Update Successful" })
}

const updateClient = (request: AccountRequest) => {
  request.session.registration.notificationKey = textField(bodyFields(request), "notification_key") ?? null
  request.session.registration.updatedAt = request.now
  return json({ message: "Client successfully updated", code: 241 })
}

const product = {
  sedona: "camera",
  catalina: "camera",
  xt2: "camera",
  white: "camera",
  owl: "owl",
  hawk: "owl",
}

const identify = (request: AccountRequest) => {
  const serial = request.params["serial"]
  const ownSyncModule = request.account.networks.find(
    ({ syncModule }) => syncModule?.serial === serial,
  )?.syncModule
  const camera = request.account.networks
    .flatMap(({ cameras }) => cameras)
    .find((one) => one.serial === serial)
  if (ownSyncModule)
    return json({
      fw_target: "sync_module",
      region: "north_america",
      subtype: ownSyncModule.type,
      type: "sync_module",
    })
  if (camera === undefined) return json({ message: "Device not found", code: 404 }, 404)
  const type = Object.entries(product).find(([name]) => name === camera.type)?.[1] ?? "doorbell"
  return json({ fw_target: camera.type, region: "north_america", subtype: camera.type, type })
}

/** Account, clients, and the requests of the app at its start. */
export const accountSettingsRoutes: ReadonlyArray<Route> = [
  accountRoute("GET /api/v1/camera/usage", live, (request) => json(usage(request))),
  accountRoute("GET /user", live, (request) => json(user(request))),
  accountRoute("GET /api/v1/account/options", live, (request) => json(options(request))),
  accountRoute("GET /api/v1/users/options", app, (request) => json(options(request))),
  accountRoute("POST /api/v1/account/video_options", live, videoOptions),
  accountRoute(
    "GET /api/v3/account/:account/status",
    { ...live, allowUnverified: true },
    ({ account, session }) =>
      json({
        account: { id: account.id, verification_required: false },
        client: { id: session.registration.id, verification_required: !session.registration.verified },
      }),
  ),
  accountRoute("GET /api/v1/accounts/:account/notifications/configuration", live, ({ account }) =>
    json({ notifications: account.notifications }),
  ),
  accountRoute("POST /api/v1/accounts/:account/notifications/configuration", live, setNotifications),
  accountRoute("GET /api/v1/notifications/preferences", app, () => json({ marketing: false })),
  accountRoute("POST /api/v1/notifications/preferences", app, () => json({ marketing: false })),
  accountRoute("GET /api/v1/accounts/:account/clients/:client/options", live, ({ session }) =>
    json({ options: session.registration.options }),
  ),
  accountRoute("GET /api/v1/clients/:client/options", app, ({ session }) =>
    json({ options: session.registration.options }),
  ),
  accountRoute("POST /api/v1/clients/:client/options", app, (request) => {
    request.session.registration.options = textField(bodyFields(request), "options") ?? "{}"
    return json({ options: request.session.registration.options })
  }),
  accountRoute("POST /client/:client/update", live, updateClient),
  accountRoute("POST /clients/:client/update", app, updateClient),
  accountRoute("GET /api/v2/accounts/:account/devices/identify/:serial", live, identify),
  accountRoute("GET /api/v2/devices/identify/:serial", live, identify),
  accountRoute("GET /api/v1/accounts/:account/feature_flags/enabled", app, () => json({ feature_flags: [] })),
  accountRoute("GET /api/v2/accounts/:account/subscriptions/entitlements", app, ({ account, now }) =>
    json({ targets: [], updated_at: timestamp(Math.min(now, account.createdAt)) }),
  ),
  accountRoute("GET /api/v4/accounts/:account/subscriptions/plans", app, () => json({ subscriptions: [] })),
  accountRoute("POST /app/logs/upload", live, ({ account, session, now, world }) =>
    json({
      id: 120_000_001 + world.counters.command,
      created_at: timestamp(now),
      updated_at: timestamp(now),
      deleted_at: null,
      server: "rest",
      server_instance: "i-0f3e9d7c5b1a20486",
      severity: null,
      error_code: 3,
      text: `logs/account/${account.id}/client/${session.registration.id}/app.log`,
      account_id: account.id,
    }),
  ),
  publicRoute("GET /api/v1/version", live, (request) =>
    json(version(Number(/(\d+)$/.exec(header(request, "app-build") ?? "")?.[1] ?? 99_999_999) < 20_000_000)),
  ),
  accountRoute("GET /api/v2/support/ob_phone", live, () => json({})),
  publicRoute("GET /api/v1/countries", app, () => json({ countries: [{ id: "US", name: "United States" }] })),
  publicRoute("GET /api/v1/:tier", live, ({ now, params }) => {
    if (!/^[a-z0-9]{4}$/.test(params["tier"] ?? "")) return notFound
    return json(serviceStatus(now))
  }),
]
