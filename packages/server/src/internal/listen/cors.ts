import type { IncomingMessage, ServerResponse } from "node:http"

/**
 * Sets the CORS headers for an origin that was admitted. Returns `true` when the request was a preflight
 * (`OPTIONS`) and its response has been sent.
 */
export const handleCors = (request: IncomingMessage, response: ServerResponse): boolean => {
  const { origin } = request.headers
  if (origin === undefined) return false
  response.setHeader("access-control-allow-origin", origin)
  response.setHeader("vary", "origin")
  if (request.method !== "OPTIONS") return false
  response.writeHead(204, {
    "access-control-allow-headers": "authorization, content-type, last-event-id",
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-max-age": "600",
  })
  response.end()
  return true
}
