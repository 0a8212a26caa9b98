import { AccountMonitors } from "@blink-streams/events"
import { Effect, SubscriptionRef } from "effect"
import { HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import { route } from "./route.ts"

const noStore = { headers: { "cache-control": "no-store" } }

const getHealth = Effect.succeed(HttpServerResponse.jsonUnsafe({ ok: true }, noStore))

/** Responds with 200 when there is an account and each has been polled at least once, otherwise with 503. */
const getReadiness = Effect.gen(function* () {
  const monitors = yield* SubscriptionRef.get((yield* AccountMonitors).monitors)
  const states = yield* Effect.forEach([...monitors.values()], ({ state }) => SubscriptionRef.get(state))
  const isReady = states.length > 0 && states.every(({ asOf }) => asOf !== null)
  return HttpServerResponse.jsonUnsafe({ ready: isReady }, { status: isReady ? 200 : 503, ...noStore })
})

const getMetrics = Effect.map(PrometheusMetrics.format(), (text) =>
  HttpServerResponse.text(text, { contentType: "text/plain; version=0.0.4; charset=utf-8", ...noStore }),
)

/** Health, readiness and metrics. They contain no account or camera data. */
export const operationsRoutes = [
  route("GET /healthz", getHealth),
  route("GET /readyz", getReadiness),
  route("GET /metrics", getMetrics),
] as const
