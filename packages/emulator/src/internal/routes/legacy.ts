import { json, notFound } from "../http/HttpResponse.ts"
import { accountRoute, networkRoute, type Route } from "../http/Route.ts"
import { networkEvents } from "../wire/networkEvents.ts"
import { legacyHomescreen } from "../wire/legacyHomescreen.ts"
import { legacyVideo } from "../wire/media.ts"
import { deviceStatus } from "../wire/statusReport.ts"
import { timestamp } from "../wire/time.ts"
import { changedSince, visibleMedia } from "./media/media.ts"

const pageLength = 10

const legacyOnly = { dialect: "legacy", evidence: "document", withdrawn: "update_required" } as const

/** Video pages of ten, newest first, starting at page 0, without deleted clips. */
const videos = (line: "GET /api/v2/videos/page/:page" | `GET /api/v2/videos/unwatched${string}`) =>
  accountRoute(line, legacyOnly, (request) => {
    const page = Math.max(0, Number(request.params["page"] ?? 0) || 0)
    const all = line === "GET /api/v2/videos/page/:page"
    const matching = visibleMedia(request.account, request.now).filter(
      (item) => item.deletedAt === null && (all || item.watchedAt === null),
    )
    return json(
      matching
        .slice(page * pageLength, (page + 1) * pageLength)
        .map((item) => legacyVideo(item, request.now)),
    )
  })

/** Incremental list of clients of 2018 and 2019. Like its successor `media/changed`, it contains deleted clips. */
const changedVideos = changedSince("videos", (item, now) => ({
  ...legacyVideo(item, now),
  deleted: item.deletedAt !== null,
}))

const events = (request: Parameters<Parameters<typeof networkRoute>[2]>[0]) =>
  json(networkEvents(request.network, request.now))

/** Calls of the legacy API. Most are withdrawn: OAuth tokens get "An app update is required". */
export const legacyRoutes: ReadonlyArray<Route> = [
  accountRoute("GET /homescreen", legacyOnly, (request) => {
    const first = request.account.networks[0]
    return first === undefined ? notFound : json(legacyHomescreen(first, request.now))
  }),
  networkRoute("GET /network/:network/homescreen", { ...legacyOnly, evidence: "client" }, (request) =>
    json(legacyHomescreen(request.network, request.now)),
  ),
  networkRoute("GET /network/:network/cameras", legacyOnly, (request) =>
    json({ devicestatus: request.network.cameras.map((camera) => deviceStatus(camera, request.world.seed)) }),
  ),
  networkRoute("GET /events/network/:network", legacyOnly, events),
  videos("GET /api/v2/videos/page/:page"),
  videos("GET /api/v2/videos/unwatched"),
  videos("GET /api/v2/videos/unwatched/page/:page"),
  accountRoute("GET /api/v2/videos/changed", { ...legacyOnly, evidence: "client" }, changedVideos),
  accountRoute("GET /api/v2/videos/count", { dialect: "both", evidence: "live" }, (request) =>
    json({
      count: visibleMedia(request.account, request.now).filter(({ deletedAt }) => deletedAt === null).length,
    }),
  ),
  accountRoute("GET /api/v2/video/:media", legacyOnly, (request) => {
    const item = visibleMedia(request.account, request.now).find(
      ({ id }) => id === Number(request.params["media"]),
    )
    return item === undefined || item.deletedAt !== null
      ? json({ message: "Video not found", code: 700 }, 404)
      : json([legacyVideo(item, request.now)])
  }),
  accountRoute("POST /api/v2/video/:media/delete", { ...legacyOnly, withdrawn: 404 }, (request) => {
    const item = request.world.media.get(Number(request.params["media"]))
    if (item?.camera.network.account !== request.account)
      return json({ message: "Video not found", code: 700 }, 404)
    item.deletedAt ??= request.now
    return json({ message: "Successfully deleted videos", code: 711 })
  }),
  accountRoute("GET /account/clients", legacyOnly, (request) =>
    json({
      clients: request.account.registrations
        .filter(({ removed }) => !removed)
        .map((registration) => ({
          id: registration.id,
          created_at: timestamp(registration.createdAt),
          updated_at: timestamp(registration.updatedAt),
          name: registration.name,
          notify_sound: "default",
          client_type: registration.dialect === "legacy" ? "android" : "ios",
          client_specifier: registration.name,
          notification_key: registration.notificationKey ?? "",
          aws_key: null,
          os_version: "9",
          device_identifier: registration.uniqueId,
          app_version: "3.1.0",
          unique_id: registration.uniqueId,
          home: false,
          user_id: request.account.userId,
          account_id: request.account.id,
        })),
    }),
  ),
]
