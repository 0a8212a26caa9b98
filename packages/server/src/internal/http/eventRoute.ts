import { formatCursor } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { type Permissions, maySeeEvent } from "../../Permissions.ts"
import { problem } from "../errors/Problem.ts"
import { matchesSubscription } from "../replay/matchesSubscription.ts"
import { eventMessage } from "../views/httpMessages.ts"
import type { Authorize } from "./authorize.ts"
import { EventQuery, parsePosition, toSubscription } from "./eventQuery.ts"
import { eventStream, type EventStreamOptions } from "./eventStream.ts"

export interface EventRouteOptions extends EventStreamOptions {
  readonly authorize: Authorize
}

/** Events per page. The default of `limit` is 100. */
const maxPageSize = 1_000
const noStore = { headers: { "cache-control": "no-store" } }

/** `GET /v1/events`: a page of events as JSON when `after` is given, otherwise Server-Sent Events. */
export const eventRoute = (options: EventRouteOptions) => {
  const { monitors, mediaUrls, authorize } = options
  const { log } = monitors

  const getPage = Effect.fnUntraced(function* (permissions: Permissions, query: EventQuery, after: string) {
    const logSnapshot = yield* Effect.orDie(log.snapshot)
    const position = parsePosition(after, logSnapshot)
    const limit = Math.min(maxPageSize, Number(query.limit ?? 100))
    if (position === null || !(Number.isInteger(limit) && limit >= 1))
      return yield* problem("malformed", "`after` must be `epoch:seq`, `limit` a positive integer")
    if (position.epoch !== logSnapshot.epoch || position.seq > logSnapshot.seq)
      return yield* problem("cursor_expired", "the cursor belongs to another log")
    const subscription = yield* toSubscription(query)
    const events = yield* log
      .read(position.seq, limit)
      .pipe(
        Effect.catchReason("LogError", "CursorExpired", () =>
          problem("cursor_expired", "events after the cursor are no longer kept"),
        ),
      )
    const now = yield* Clock.currentTimeMillis
    const lastSeq = events.at(-1)?.seq ?? position.seq
    return HttpServerResponse.jsonUnsafe(
      {
        events: events
          .filter(({ event }) => maySeeEvent(permissions, event) && matchesSubscription(subscription, event))
          .map((recorded) => eventMessage(mediaUrls, recorded, now, true)),
        next: formatCursor({ epoch: logSnapshot.epoch, seq: lastSeq }),
        more: lastSeq < logSnapshot.seq,
      },
      noStore,
    )
  })

  const getEvents = Effect.gen(function* () {
    const authToken = yield* authorize("read")
    const request = yield* HttpServerRequest.HttpServerRequest
    const query = yield* HttpServerRequest.schemaSearchParams(EventQuery)
    const wantsStream = (request.headers["accept"] ?? "").includes("text/event-stream")
    return query.after !== undefined && !wantsStream
      ? yield* getPage(authToken.permissions, query, query.after)
      : yield* eventStream(options, authToken, query, request.headers["last-event-id"] ?? query.after)
  })

  return HttpRouter.route("GET", "/v1/events", getEvents)
}
