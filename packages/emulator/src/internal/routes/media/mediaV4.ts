import { json } from "../../http/HttpResponse.ts"
import { bodyFields, isRecord } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, type Route } from "../../http/Route.ts"
import { mediaItemV4 } from "../../wire/mediaV4.ts"
import { parseTime } from "../../wire/time.ts"
import { retentionOptions } from "../../wire/homescreen.ts"
import type { MediaItem } from "../../world/World.ts"
import { visibleMedia } from "./media.ts"

const pageSize = 100
const app = { evidence: "app" } as const

/** The cloud takes times as text or as milliseconds. */
const timeOf = (text: string | null, otherwise: number): number => {
  if (text === null || text === "") return otherwise
  return /^\d+$/.test(text) ? Number(text) : (parseTime(text) ?? otherwise)
}

const list = (ask: AccountRequest) => {
  const from = timeOf(ask.query.get("start_time"), 0)
  const until = timeOf(ask.query.get("end_time"), ask.now)
  const before = timeOf(ask.query.get("pagination_key"), Number.POSITIVE_INFINITY)
  const filters = bodyFields(ask)["filters"]
  const onlyFavorites = isRecord(filters) && filters["favorites"] === true
  const matching = visibleMedia(ask.account, ask.now).filter(
    ({ createdAt, deletedAt, favorite }) =>
      deletedAt === null &&
      createdAt >= from &&
      createdAt <= until &&
      createdAt < before &&
      (favorite || !onlyFavorites),
  )
  // the key is a time, so recordings of one second are not torn apart
  const last = matching[pageSize - 1]?.createdAt ?? 0
  const page = matching.filter(({ createdAt }, nth) => nth < pageSize || createdAt === last)
  return json({
    manifest_id: null,
    page_size: pageSize,
    pagination_key: page.at(-1)?.createdAt ?? null,
    moment_gap_time: 300,
    media: page.map((item) => mediaItemV4(item, ask.now)),
  })
}

const ownedItems = (ask: AccountRequest, ids: unknown): ReadonlyArray<MediaItem> =>
  (Array.isArray(ids) ? ids : []).flatMap((id) => {
    const item = ask.world.media.get(Number(id))
    return item === undefined || item.camera.network.account !== ask.account ? [] : [item]
  })

const updateEach =
  (key: "media_list" | "event_ids", change: (item: MediaItem, now: number) => void) =>
  (ask: AccountRequest) => {
    for (const item of ownedItems(ask, bodyFields(ask)[key])) change(item, ask.now)
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
  accountRoute("DELETE /api/v4/accounts/:account/media/:media/delete", app, (ask) => {
    for (const item of ownedItems(ask, [ask.params["media"]])) remove(item, ask.now)
    return json({})
  }),
  accountRoute("GET /api/v4/accounts/:account/unwatched_media", app, (ask) =>
    json({
      unwatched_clips: visibleMedia(ask.account, ask.now).filter(
        ({ watchedAt, deletedAt }) => watchedAt === null && deletedAt === null,
      ).length,
    }),
  ),
  accountRoute("GET /api/v4/accounts/:account/media_settings", app, (ask) =>
    json({
      ttl_period: ask.account.retentionDays,
      ttl_period_options: retentionOptions,
      capped_capacity_storage: false,
    }),
  ),
  accountRoute("PATCH /api/v4/accounts/:account/media_settings", app, (ask) => {
    const days = Number(bodyFields(ask)["ttl_period"])
    if (retentionOptions.includes(days)) ask.account.retentionDays = days
    return json({
      ttl_period: ask.account.retentionDays,
      ttl_period_options: retentionOptions,
      capped_capacity_storage: false,
    })
  }),
]
