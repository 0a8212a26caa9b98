import { json } from "../../http/HttpResponse.ts"
import { bodyFields } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, type Route } from "../../http/Route.ts"
import { mediaItem } from "../../wire/media.ts"
import { parseTime } from "../../wire/time.ts"
import { isVisible, updatedAt } from "../../world/media.ts"
import type { Account, MediaItem } from "../../world/World.ts"

const newestFirst = (one: MediaItem, other: MediaItem): number =>
  other.createdAt - one.createdAt || other.id - one.id

/** What a list may show now of all that `wanted` lets through, the newest recording first. */
export const visibleMedia = (
  account: Account,
  now: number,
  matches: (item: MediaItem) => boolean = () => true,
): Array<MediaItem> => account.media.filter((item) => isVisible(item, now) && matches(item)).sort(newestFirst)

/**
 * A page of all that has changed since, each clip told as `row` does, under the name of its list. Pages count from 1, and
 * 0 is the first one too. Beyond the last one the list is empty.
 */
export const changedSince =
  (list: "media" | "videos", row: (item: MediaItem, now: number) => object) => (ask: AccountRequest) => {
    const since = parseTime(ask.query.get("since") ?? "1970-01-01") ?? 0
    const page = Math.max(1, Number(ask.query.get("page") ?? 1) || 1)
    const limit = ask.world.settings.mediaPageSize
    const matching = visibleMedia(ask.account, ask.now, (item) => updatedAt(item, ask.now) >= since)
    return json({
      limit,
      purge_id: 4_410_009_000,
      refresh_count: 0,
      [list]: matching.slice((page - 1) * limit, page * limit).map((item) => row(item, ask.now)),
    })
  }

const remove = (ask: AccountRequest) => {
  const list = bodyFields(ask)["media_list"]
  if (!Array.isArray(list) || !list.every((id) => Number.isSafeInteger(Number(id)))) {
    return json({ message: "Invalid Media List Format", code: 706 }, 400)
  }
  for (const id of list) {
    const item = ask.world.media.get(Number(id))
    if (item?.camera.network.account === ask.account) item.deletedAt ??= ask.now
  }
  return json({ message: "Successfully deleted media", code: 711 })
}

export const mediaRoutes: ReadonlyArray<Route> = [
  accountRoute(
    "GET /api/v1/accounts/:account/media/changed",
    { evidence: "live" },
    changedSince("media", mediaItem),
  ),
  accountRoute("POST /api/v1/accounts/:account/media/delete", { evidence: "live" }, remove),
]
