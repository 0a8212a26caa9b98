import { Effect } from "effect"
import { HttpServerRequest } from "effect/http"
import { EventQuery } from "./eventQuery.ts"
import { eventStream } from "./eventStream.ts"
import { readPage } from "./readPage.ts"
import { RequestToken, route } from "../route.ts"

/** Responds with a page of events as JSON when its range is given, otherwise with Server-Sent Events. */
const getEvents = Effect.gen(function* () {
  const authToken = yield* RequestToken
  const { headers } = yield* HttpServerRequest.HttpServerRequest
  const query = yield* HttpServerRequest.schemaSearchParams(EventQuery)
  const wantsStream = (headers["accept"] ?? "").includes("text/event-stream")
  const hasRange = (query.since ?? query.until ?? query.limit) !== undefined
  return hasRange && !wantsStream
    ? yield* readPage(authToken.permissions, query)
    : yield* eventStream(authToken, query, headers["last-event-id"] ?? query.since)
})

export const eventRoute = route("GET /v1/events", getEvents)
