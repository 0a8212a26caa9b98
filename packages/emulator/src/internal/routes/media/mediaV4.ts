import { json } from "../../http/HttpResponse.ts"
import { bodyFields, isFields } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, type Route } from "../../http/Route.ts"
import { mediaItemV4 } from "../../wire/mediaV4.ts"
import { parseTime } from "../../wire/time.ts"
import { retentionOptions } from "../../wire/homescreen.ts"
import type { MediaItem } from "../../world/World.ts"
import { visibleMedia } from "./media.ts"

const pageSize = 100
const app = { evidence: "app" } as const

/** Parses a time in text or in milliseconds. */
const timeOf = (text: string | null, otherwise: number): number => {
  if (text === null || text === "") return otherwise
  return /^\d+$/.test(text) ? Number(text) : (parseTime(text) ?? otherwise)
}

const list = (request: AccountRequest) => {
  const from = timeOf(request.query.get("start_time"), 0)
  const until = timeOf(request.query.get("end_time"), request.now)
  const before = timeOf(request.query.get("pagination_key"), Number.POSITIVE_INFINITY)
  const filters = bodyFields(request)["filters"]
  const onlyFavorites = isFields(filters) && filters["favorites"] === true
  const matching = visibleMedia(request.account, request.now).filter(
    ({ createdAt, deletedAt, favorite }) =>
      deletedAt === null &&
      createdAt >= from &&
      createdAt <= until &&
      createdAt < before &&
      (favorite || !onlyFavorites),
  )
  // the key is a time, so recordings of the same second stay on one page
  const last = matching[pageSize - 1]?.createdAt ?? 0
  const page = matching.filter(({ createdAt }, index) => index < pageSize || createdAt === last)
  return json({
    manifest_id: null,
    page_size: pageSize,
    pagination_key: page.at(-1)?.createdAt ?? null,
    moment_gap_time: 300,
    media: page.map((item) => mediaItemV4(item, request.now)),
  })
}

const ownedItems = (request: AccountRequest, ids: unknown): ReadonlyArray<MediaItem> =>
  (Array.isArray(ids) ? ids : []).flatMap((id) => {
    const item = request.world.media.get(Number(id))
    return item === undefined || item.camera.network.account !== request.account ? [] : [item]
  })

const updateEach =
  (key: "media_list" | "event_ids", change: (item: MediaItem, now: number) => void) =>
  (request: AccountRequest) => {
    for (const item of ownedItems(request, bodyFields(request)[key])) change(item, request.now)
    return json({})
  }

const remove = (item: MediaItem, now: number): void => {
  item.deletedAt ??= now
}

export const mediaV4Routes: ReadonlyArray<Route> = [
  accountRoute("POST /api/v4/accounts/:account/media", app, list),
  accountRoute("POST /api/v4/accounts/:account/media/delete", app, updateEach("media_list", remove)),
  accountRoute(
    "POST /api/v4/accounts/:account/media/mark_as_viewed",
    app,
    updateEach("media_list", (item, now) => {
      item.watchedAt ??= now
    }),
  ),
  accountRoute(
    "POST /api/v4/accounts/:account/media/favorite",
    app,
    updateEach("event_ids", (item) => {
      item.favorite = true
    }),
  ),
  accountRoute(
    "POST /api/v4/accounts/:account/media/unfavorite",
    app,
    updateEach("event_ids", (item) => {
      item.favorite = false
    }),
  ),
  accountRoute("DELETE /api/v4/accounts/:account/media/:media/delete", app, (request) => {
    for (const item of ownedItems(request, [request.params["media"]])) remove(item, request.now)
    return json({})
  }),
  accountRoute("GET /api/v4/accounts/:account/unwatched_media", app, (request) =>
    json({
      unwatched_clips: visibleMedia(request.account, request.now).filter(
        ({ watchedAt, deletedAt }) => watchedAt === null && deletedAt === null,
      ).length,
    }),
  ),
  accountRoute("GET /api/v4/accounts/:account/media_settings", app, (request) =>
    json({
      ttl_period: request.account.retentionDays,
      ttl_period_options: retentionOptions,
      capped_capacity_storage: false,
    }),
  ),
  accountRoute("PATCH /api/v4/accounts/:account/media_settings", app, (request) => {
    const days = Number(bodyFields(request)["ttl_period"])
    if (retentionOptions.includes(days)) request.account.retentionDays = days
    return json({
      ttl_period: request.account.retentionDays,
      ttl_period_options: retentionOptions,
      capped_capacity_storage: false,
    })
  }),
]
