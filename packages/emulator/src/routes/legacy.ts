import { json } from "../http/Answer.ts"
import { account, network, type Route } from "../http/Route.ts"
import { legacyHomescreen } from "../wire/legacyHome.ts"
import { legacyVideo } from "../wire/media.ts"
import { listed } from "./media.ts"

const pageLength = 10

const seed = { dialect: "legacy", evidence: "seed", withdrawn: "gate" } as const

/** Page 0 holds the newest ten; deleted clips are not listed. */
const videos = (only: "all" | "unwatched") =>
  account(
    only === "all" ? "GET /api/v2/videos/page/:page" : "GET /api/v2/videos/unwatched/page/:page",
    seed,
    (ask) => {
      const page = Math.max(0, Number(ask.params["page"]) || 0)
      const matching = listed(ask.account, ask.now).filter(
        (item) => item.deletedAt === null && (only === "all" || item.watchedAt === null),
      )
      return json(
        matching.slice(page * pageLength, (page + 1) * pageLength).map((item) => legacyVideo(item, ask.now)),
      )
    },
  )

export const legacyRoutes: ReadonlyArray<Route> = [
  account("GET /homescreen", seed, (ask) => {
    const first = ask.account.networks[0]
    return first === undefined ? json({}) : json(legacyHomescreen(first, ask.now))
  }),
  network("GET /network/:network/homescreen", { ...seed, evidence: "client" }, (ask) =>
    json(legacyHomescreen(ask.network, ask.now)),
  ),
  videos("all"),
  videos("unwatched"),
]
