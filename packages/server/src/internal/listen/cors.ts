import type { IncomingMessage, ServerResponse } from "node:http"

/**
 * Lets a page that was admitted read what it asks for. Browsers hold back answers to pages of another origin, and ask
 * beforehand for requests with a token: `true` when that was all this one wanted.
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
