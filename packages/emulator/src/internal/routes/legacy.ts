import { json, notFound } from "../http/HttpResponse.ts"
import { accountRoute, networkRoute, type Route } from "../http/Route.ts"
import { networkEvents } from "../wire/networkEvents.ts"
import { legacyHomescreen } from "../wire/legacyHomescreen.ts"
import { legacyVideo } from "../wire/media.ts"
import { deviceStatus } from "../wire/statusReport.ts"
import { timestamp } from "../wire/time.ts"
import { changedSince, visibleMedia } from "./media/media.ts"

const pageLength = 10

const legacyOnly = { dialect: "legacy", evidence: "seed", withdrawn: "gate" } as const

/** Page 0 holds the newest ten; deleted clips are not listed. */
const videos = (line: "GET /api/v2/videos/page/:page" | `GET /api/v2/videos/unwatched${string}`) =>
  accountRoute(line, legacyOnly, (ask) => {
    const page = Math.max(0, Number(ask.params["page"] ?? 0) || 0)
    const all = line === "GET /api/v2/videos/page/:page"
    const matching = visibleMedia(ask.account, ask.now).filter(
      (item) => item.deletedAt === null && (all || item.watchedAt === null),
    )
    return json(
      matching.slice(page * pageLength, (page + 1) * pageLength).map((item) => legacyVideo(item, ask.now)),
    )
  })

/**
 * What clients of 2018 and 2019 asked instead of page after page. As in its successor, `media/changed`, a deleted clip stays
 * and says so.
 */
const changedVideos = changedSince("videos", (item, now) => ({
  ...legacyVideo(item, now),
  deleted: item.deletedAt !== null,
}))

const events = (ask: Parameters<Parameters<typeof networkRoute>[2]>[0]) =>
  json(networkEvents(ask.network, ask.now))

/** The calls that only clients with a legacy token still get an answer to. */
export const legacyRoutes: ReadonlyArray<Route> = [
  accountRoute("GET /homescreen", legacyOnly, (ask) => {
    const first = ask.account.networks[0]
    return first === undefined ? notFound : json(legacyHomescreen(first, ask.now))
  }),
  networkRoute("GET /network/:network/homescreen", { ...legacyOnly, evidence: "client" }, (ask) =>
    json(legacyHomescreen(ask.network, ask.now)),
  ),
  networkRoute("GET /network/:network/cameras", legacyOnly, (ask) =>
    json({ devicestatus: ask.network.cameras.map((camera) => deviceStatus(camera, ask.world.seed)) }),
  ),
  networkRoute("GET /events/network/:network", legacyOnly, events),
  videos("GET /api/v2/videos/page/:page"),
  videos("GET /api/v2/videos/unwatched"),
  videos("GET /api/v2/videos/unwatched/page/:page"),
  accountRoute("GET /api/v2/videos/changed", { ...legacyOnly, evidence: "client" }, changedVideos),
  accountRoute("GET /api/v2/videos/count", { dialect: "both", evidence: "live" }, (ask) =>
    json({ count: visibleMedia(ask.account, ask.now).filter(({ deletedAt }) => deletedAt === null).length }),
  ),
  accountRoute("GET /api/v2/video/:media", legacyOnly, (ask) => {
    const item = visibleMedia(ask.account, ask.now).find(({ id }) => id === Number(ask.params["media"]))
    return item === undefined || item.deletedAt !== null
      ? json({ message: "Video not found", code: 700 }, 404)
      : json([legacyVideo(item, ask.now)])
  }),
  accountRoute("POST /api/v2/video/:media/delete", { ...legacyOnly, withdrawn: 404 }, (ask) => {
    const item = ask.world.media.get(Number(ask.params["media"]))
    if (item?.camera.network.account !== ask.account)
      return json({ message: "Video not found", code: 700 }, 404)
    item.deletedAt ??= ask.now
    return json({ message: "Successfully deleted videos", code: 711 })
  }),
  accountRoute("GET /account/clients", legacyOnly, (ask) =>
    json({
      clients: ask.account.registrations
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
          user_id: ask.account.userId,
          account_id: ask.account.id,
        })),
    }),
  ),
]
