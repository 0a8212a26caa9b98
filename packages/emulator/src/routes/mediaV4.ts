import { json } from "../http/Answer.ts"
import { fields, isRecord } from "../http/Ask.ts"
import { account, type Asked, type Route } from "../http/Route.ts"
import { mediaItemV4 } from "../wire/mediaV4.ts"
import { parseTime } from "../wire/time.ts"
import { retentionOptions } from "../wire/homescreen.ts"
import type { MediaItem } from "../world/World.ts"
import { listed } from "./media.ts"

const pageSize = 100
const app = { evidence: "app" } as const

/** The cloud takes times as text or as milliseconds. */
const timeOf = (text: string | null, otherwise: number): number => {
  if (text === null || text === "") return otherwise
  return /^\d+$/.test(text) ? Number(text) : (parseTime(text) ?? otherwise)
}

const list = (ask: Asked) => {
  const from = timeOf(ask.query.get("start_time"), 0)
  const until = timeOf(ask.query.get("end_time"), ask.now)
  const before = timeOf(ask.query.get("pagination_key"), Number.POSITIVE_INFINITY)
  const filters = fields(ask)["filters"]
  const onlyFavorites = isRecord(filters) && filters["favorites"] === true
  const matching = listed(ask.account, ask.now).filter(
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

const own = (ask: Asked, ids: unknown): ReadonlyArray<MediaItem> =>
  (Array.isArray(ids) ? ids : []).flatMap((id) => {
    const item = ask.world.media.get(Number(id))
    return item === undefined || item.camera.network.account !== ask.account ? [] : [item]
  })

const each =
  (key: "media_list" | "event_ids", change: (item: MediaItem, now: number) => void) => (ask: Asked) => {
    for (const item of own(ask, fields(ask)[key])) change(item, ask.now)
    return json({})
  }

const remove = (item: MediaItem, now: number): void => {
  item.deletedAt ??= now
}

export const mediaV4Routes: ReadonlyArray<Route> = [
  account("POST /api/v4/accounts/:account/media", app, list),
  account("POST /api/v4/accounts/:account/media/delete", app, each("media_list", remove)),
  account(
    "POST /api/v4/accounts/:account/media/mark_as_viewed",
    app,
    each("media_list", (item, now) => {
      item.watchedAt ??= now
    }),
  ),
  account(
    "POST /api/v4/accounts/:account/media/favorite",
    app,
    each("event_ids", (item) => {
      item.favorite = true
    }),
  ),
  account(
    "POST /api/v4/accounts/:account/media/unfavorite",
    app,
    each("event_ids", (item) => {
      item.favorite = false
    }),
  ),
  account("DELETE /api/v4/accounts/:account/media/:media/delete", app, (ask) => {
    for (const item of own(ask, [ask.params["media"]])) remove(item, ask.now)
    return json({})
  }),
  account("GET /api/v4/accounts/:account/unwatched_media", app, (ask) =>
    json({
      unwatched_clips: listed(ask.account, ask.now).filter(
        ({ watchedAt, deletedAt }) => watchedAt === null && deletedAt === null,
      ).length,
    }),
  ),
  account("GET /api/v4/accounts/:account/media_settings", app, (ask) =>
    json({
      ttl_period: ask.account.retentionDays,
      ttl_period_options: retentionOptions,
      capped_capacity_storage: false,
    }),
  ),
  account("PATCH /api/v4/accounts/:account/media_settings", app, (ask) => {
    const days = Number(fields(ask)["ttl_period"])
    if (retentionOptions.includes(days)) ask.account.retentionDays = days
    return json({
      ttl_period: ask.account.retentionDays,
      ttl_period_options: retentionOptions,
      capped_capacity_storage: false,
    })
  }),
]
