import type { Homes } from "@blink-streams/events/Homes"
import { Effect, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import type { CommandDesk } from "../../CommandDesk.ts"
import type { MediaCache } from "../../MediaCache.ts"
import type { Hub } from "../Hub.ts"
import type { Stats } from "../Stats.ts"
import { formatStats } from "./metrics.ts"

/** For those who keep it running. Nothing here names an account or a camera. */
export const opsRoutes = (options: {
  readonly homes: Homes["Service"]
  readonly hub: Hub
  readonly desk: CommandDesk
  readonly cache: MediaCache
  readonly stats: Stats
}) => {
  const { homes, hub, desk, cache, stats } = options
  const noStore = { headers: { "cache-control": "no-store" } }

  const states = Effect.flatMap(SubscriptionRef.get(homes.all), (all) =>
    Effect.forEach([...all.values()], ({ state }) => SubscriptionRef.get(state)),
  )

  /** Ready to be shown: there is an account, and each was seen at least once. */
  const ready = Effect.gen(function* () {
    const known = yield* states
    const isReady = known.length > 0 && known.every(({ asOf }) => asOf !== null)
    return HttpServerResponse.jsonUnsafe({ ready: isReady }, { status: isReady ? 200 : 503, ...noStore })
  })

  const metrics = Effect.gen(function* () {
    const { newest } = yield* Effect.orDie(homes.log.bounds)
    const queueBytes = [...hub.lines].reduce((sum, { outlet }) => sum + outlet.waiting, 0)
    const own = formatStats(stats, {
      seq: newest,
      queueBytes,
      cacheBytes: cache.bytes(),
      underWay: desk.underWay(),
      callsLeft: (yield* states).reduce<number | null>(
        (least, { budget: { callsLeft } }) => Math.min(least ?? callsLeft, callsLeft),
        null,
      ),
    })
    const others = yield* PrometheusMetrics.format()
    return HttpServerResponse.text(own + others, {
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      ...noStore,
    })
  })

  return [
    HttpRouter.route("GET", "/healthz", Effect.succeed(HttpServerResponse.jsonUnsafe({ ok: true }, noStore))),
    HttpRouter.route("GET", "/readyz", ready),
    HttpRouter.route("GET", "/metrics", metrics),
  ] as const
}
