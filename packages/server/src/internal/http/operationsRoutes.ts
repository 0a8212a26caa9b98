import type { AccountMonitors } from "@blink-streams/events"
import { Effect, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import type { CommandService } from "../commands/CommandService.ts"
import type { MediaCache } from "../media/MediaCache.ts"
import { formatStats } from "../metrics/formatStats.ts"
import type { Stats } from "../metrics/Stats.ts"
import type { Hub } from "../replay/Hub.ts"

/** `GET /healthz`, `/readyz` and `/metrics`. They need no token and contain no account or camera data. */
export const operationsRoutes = (options: {
  readonly monitors: AccountMonitors["Service"]
  readonly hub: Hub
  readonly commands: CommandService
  readonly mediaCache: MediaCache
  readonly stats: Stats
}) => {
  const { monitors, hub, commands, mediaCache, stats } = options
  const noStore = { headers: { "cache-control": "no-store" } }

  const states = Effect.flatMap(SubscriptionRef.get(monitors.monitors), (all) =>
    Effect.forEach([...all.values()], ({ state }) => SubscriptionRef.get(state)),
  )

  /** 200 when there is an account and each has been polled at least once, otherwise 503. */
  const ready = Effect.gen(function* () {
    const known = yield* states
    const isReady = known.length > 0 && known.every(({ asOf }) => asOf !== null)
    return HttpServerResponse.jsonUnsafe({ ready: isReady }, { status: isReady ? 200 : 503, ...noStore })
  })

  const metrics = Effect.gen(function* () {
    const { newest } = yield* Effect.orDie(monitors.log.bounds)
    const queueBytes = [...hub.subscribers].reduce((sum, { sink }) => sum + sink.queuedBytes, 0)
    const serverMetrics = formatStats(stats, {
      seq: newest,
      queueBytes,
      cacheBytes: mediaCache.bytes(),
      activeCommands: commands.activeCount(),
      callsLeft: (yield* states).reduce<number | null>(
        (least, { budget: { callsLeft } }) => Math.min(least ?? callsLeft, callsLeft),
        null,
      ),
    })
    const effectMetrics = yield* PrometheusMetrics.format()
    return HttpServerResponse.text(serverMetrics + effectMetrics, {
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
