import { json } from "../../http/HttpResponse.ts"
import { bodyFields } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, type Route } from "../../http/Route.ts"
import { mediaItem } from "../../wire/media.ts"
import { parseTime } from "../../wire/time.ts"
import { isVisible, updatedAt } from "../../world/media.ts"
import type { Account, MediaItem } from "../../world/World.ts"

const newestFirst = (one: MediaItem, other: MediaItem): number =>
  other.createdAt - one.createdAt || other.id - one.id

/** Items that lists show now and that `matches` accepts, newest recording first. */
export const visibleMedia = (
  account: Account,
  now: number,
  matches: (item: MediaItem) => boolean = () => true,
): Array<MediaItem> => account.media.filter((item) => isVisible(item, now) && matches(item)).sort(newestFirst)

/**
 * Handler of a list of items that changed at or after `since`, under the key `list`. Pages start at 1; page 0 is page 1. Pages
 * after the last one are empty.
 */
export const changedSince =
  (list: "media" | "videos", row: (item: MediaItem, now: number) => object) => (request: AccountRequest) => {
    const since = parseTime(request.query.get("since") ?? "1970-01-01") ?? 0
    const page = Math.max(1, Number(request.query.get("page") ?? 1) || 1)
    const limit = request.world.settings.mediaPageSize
    const matching = visibleMedia(
      request.account,
      request.now,
      (item) => updatedAt(item, request.now) >= since,
    )
    return json({
      limit,
      purge_id: 4_410_009_000,
      refresh_count: 0,
      [list]: matching.slice((page - 1) * limit, page * limit).map((item) => row(item, request.now)),
    })
  }

const remove = (request: AccountRequest) => {
  const list = bodyFields(request)["media_list"]
  if (!Array.isArray(list) || !list.every((id) => Number.isSafeInteger(Number(id)))) {
    return json({ message: "Invalid Media List Format", code: 706 }, 400)
  }
  for (const id of list) {
    const item = request.world.media.get(Number(id))
    if (item?.camera.network.account === request.account) item.deletedAt ??= request.now
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
