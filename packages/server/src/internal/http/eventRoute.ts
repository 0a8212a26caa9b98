import { formatCursor, Seq } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { type Permissions, maySeeEvent } from "../../Permissions.ts"
import { problem } from "../errors/Problem.ts"
import { positionInLog } from "../replay/cursorPosition.ts"
import { matchesSubscription } from "../replay/matchesSubscription.ts"
import { eventMessage } from "../views/httpMessages.ts"
import type { Authorize } from "./authorize.ts"
import { EventQuery, toSubscription } from "./eventQuery.ts"
import { eventStream, type EventStreamOptions } from "./eventStream.ts"

export interface EventRouteOptions extends EventStreamOptions {
  readonly authorize: Authorize
}

/** Events per page. The default of `limit` is 100. */
const maxPageSize = 1_000
const noStore = { headers: { "cache-control": "no-store" } }

/** `GET /v1/events`: a page of events as JSON when its range is given, otherwise Server-Sent Events. */
export const eventRoute = (options: EventRouteOptions) => {
  const { monitors, mediaUrls, authorize } = options
  const { log } = monitors

  /** Reads the last `limit` retained events up to a position. */
  const readUntil = (until: Seq, limit: number) =>
    Effect.gen(function* () {
      const { oldest } = yield* log.bounds
      const after = Seq.make(Math.max(until - limit, Math.min(oldest - 1, until)))
      const events = after === until ? [] : yield* log.read(after, until - after)
      return { events, previous: after, next: until, more: after >= oldest }
    })

  /** Reads the first `limit` events after a position. */
  const readSince = (since: Seq, newest: Seq, limit: number) =>
    Effect.map(log.read(since, limit), (events) => {
      const next = events.at(-1)?.seq ?? since
      return { events, previous: since, next, more: next < newest }
    })

  const getPage = Effect.fnUntraced(function* (permissions: Permissions, query: EventQuery) {
    const { since, until } = query
    const limit = Math.min(maxPageSize, Number(query.limit ?? 100))
    if (!(Number.isInteger(limit) && limit >= 1))
      return yield* problem("malformed", "`limit` must be a positive integer")
    if (since !== undefined && until !== undefined)
      return yield* problem("malformed", "`since` and `until` exclude each other")
    const subscription = yield* toSubscription(query)
    const logSnapshot = yield* Effect.orDie(log.snapshot)
    const { epoch, seq } = logSnapshot
    const cursor = since ?? until
    const position = cursor === undefined ? seq : positionInLog(cursor, logSnapshot)
    if (position === null) return yield* problem("cursor_expired", "the text is no cursor of this log")
    const page = yield* (
      since === undefined ? readUntil(position, limit) : readSince(position, seq, limit)
    ).pipe(
      Effect.catchReason("LogError", "CursorExpired", () =>
        problem("cursor_expired", "events after the cursor are no longer kept"),
      ),
    )
    const now = yield* Clock.currentTimeMillis
    return HttpServerResponse.jsonUnsafe(
      {
        events: page.events
          .filter(({ event }) => maySeeEvent(permissions, event) && matchesSubscription(subscription, event))
          .map((recorded) => eventMessage(mediaUrls, recorded, now, true)),
        previous: formatCursor({ epoch, seq: page.previous }),
        next: formatCursor({ epoch, seq: page.next }),
        more: page.more,
      },
      noStore,
    )
  })

  const getEvents = Effect.gen(function* () {
    const authToken = yield* authorize("read")
    const request = yield* HttpServerRequest.HttpServerRequest
    const query = yield* HttpServerRequest.schemaSearchParams(EventQuery)
    const wantsStream = (request.headers["accept"] ?? "").includes("text/event-stream")
    const hasRange = (query.since ?? query.until ?? query.limit) !== undefined
    return hasRange && !wantsStream
      ? yield* getPage(authToken.permissions, query)
      : yield* eventStream(options, authToken, query, request.headers["last-event-id"] ?? query.since)
  })

  return HttpRouter.route("GET", "/v1/events", getEvents)
}
