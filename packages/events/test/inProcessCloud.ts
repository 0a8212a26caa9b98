import { defaultSettings } from "../../emulator/src/EmulatorSettings.ts"
import { makeControl } from "../../emulator/src/internal/control/makeControl.ts"
import { Engine } from "../../emulator/src/internal/engine/Engine.ts"
import { bundledScenario } from "../../emulator/src/internal/scenarios/loadScenario.ts"
import type { EmulatorSettings } from "@blink-streams/emulator"
import { Clock, Effect, Layer, Result } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): Uint8Array =>
  body._tag === "Uint8Array" ? body.body : new Uint8Array()

/** Web responses deliver their body by promises, for which the test clock does not wait. */
const readSynchronously = (response: HttpClientResponse.HttpClientResponse, body: Uint8Array) =>
  Object.create(response, {
    text: { value: Effect.sync(() => new TextDecoder().decode(body)) },
    arrayBuffer: { value: Effect.sync(() => Uint8Array.from(body).buffer) },
  }) as HttpClientResponse.HttpClientResponse

/**
 * The emulated cloud without a socket, on the test clock. A request and its response take `latencyMs` each, so that a
 * fiber can be interrupted in between.
 */
export const makeInProcessCloud = Effect.fnUntraced(function* (options: {
  readonly seed: number
  readonly latencyMs: () => number
  readonly aheadMs?: number
  readonly settings?: Partial<EmulatorSettings>
}) {
  const clock = yield* Clock.Clock
  const { aheadMs = 0 } = options
  const engine = new Engine({
    realNow: () => clock.currentTimeMillisUnsafe(),
    startAt: clock.currentTimeMillisUnsafe() + aheadMs,
    relayPort: 0,
    speed: 1,
    config: {
      seed: options.seed,
      scenario: Result.getOrThrow(bundledScenario("quiet")),
      settings: { ...defaultSettings, ...options.settings },
    },
  })
  Result.getOrThrow(engine.startScenario())
  const http = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      yield* Effect.sleep(options.latencyMs())
      const delivery = engine.handle({
        method: request.method,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: bodyOf(request),
      })
      yield* Effect.sleep(delivery.delayMs + options.latencyMs())
      if (delivery.drop || delivery.truncate) {
        const reason = new HttpClientError.TransportError({ request, cause: new Error("connection dropped") })
        return yield* new HttpClientError.HttpClientError({ reason })
      }
      const { status, body } = delivery.response
      const headers = new Headers({ date: new Date(engine.now).toUTCString() })
      for (const [name, value] of Object.entries(delivery.response.headers))
        for (const one of typeof value === "string" ? [value] : value) headers.append(name, one)
      const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
      const web = new Response(status === 204 || status === 304 ? null : Uint8Array.from(bytes), {
        status,
        headers,
      })
      return readSynchronously(HttpClientResponse.fromWeb(request, web), bytes)
    }),
  )
  return { engine, aheadMs, control: makeControl(engine), layer: Layer.succeed(HttpClient.HttpClient, http) }
})
export type InProcessCloud = Effect.Success<ReturnType<typeof makeInProcessCloud>>
