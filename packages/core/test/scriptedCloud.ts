import { Effect, Layer } from "effect"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"

/** Response to one request; `drop` breaks the connection. */
export type ScriptedResponse =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | "drop"

/** Cloud in memory, for tests that cover hours and days. Requests are recorded as `METHOD /path`. */
export const scriptedCloud = (respond: (request: string, count: number) => ScriptedResponse) => {
  const seen: Array<string> = []
  const counts = new Map<string, number>()
  const layer = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, url) =>
      Effect.suspend(() => {
        const endpoint = `${request.method} ${url.pathname}`
        seen.push(endpoint)
        const count = (counts.get(endpoint) ?? 0) + 1
        counts.set(endpoint, count)
        const response = respond(endpoint, count)
        if (response === "drop") {
          return Effect.fail(
            new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request }) }),
          )
        }
        const { status, body, headers } = response
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
  return { layer, seen, count: (endpoint: string) => counts.get(endpoint) ?? 0 }
}
