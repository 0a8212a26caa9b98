import { Effect, Layer } from "effect"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"

/** What one request is answered with; `drop` cuts the connection. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | "drop"

/** A cloud in memory, for rules that are about hours and days: it sees each request as `METHOD /path`. */
export const scriptedCloud = (answer: (request: string, count: number) => Answer) => {
  const seen: Array<string> = []
  const counts = new Map<string, number>()
  const layer = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, url) =>
      Effect.suspend(() => {
        const place = `${request.method} ${url.pathname}`
        seen.push(place)
        const count = (counts.get(place) ?? 0) + 1
        counts.set(place, count)
        const given = answer(place, count)
        if (given === "drop") {
          return Effect.fail(
            new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request }) }),
          )
        }
        const { status, body, headers } = given
        const text = typeof body === "string" ? body : JSON.stringify(body ?? {})
        const type = { "content-type": typeof body === "string" ? "text/html" : "application/json" }
        return Effect.succeed(
          HttpClientResponse.fromWeb(
            request,
            new Response(status === 204 ? null : text, { status, headers: { ...type, ...headers } }),
          ),
        )
      }),
    ),
  )
  return { layer, seen, count: (place: string) => counts.get(place) ?? 0 }
}
