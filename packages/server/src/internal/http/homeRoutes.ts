import type { Homes } from "@blink-streams/events/Homes"
import { formatCursor } from "@blink-streams/model"
import { commandFields } from "@blink-streams/protocol/ClientMessage"
import { Clock, Effect, Result, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { CommandDesk } from "../../CommandDesk.ts"
import { type Grant, maySeeEvent } from "../../Grant.ts"
import type { Limits } from "../../Limits.ts"
import type { MediaAddress } from "../../MediaAddress.ts"
import { wants } from "../../Subscription.ts"
import type { Tokens } from "../../Tokens.ts"
import type { Admission } from "../admission.ts"
import type { Authorize } from "./authorize.ts"
import { EventQuery, parsePlace, wantedOf } from "./eventQuery.ts"
import { eventStream } from "./eventStream.ts"
import { eventFrame, snapshotFrame } from "./homeFrames.ts"
import { problem, problemResponse } from "./Problem.ts"

export interface HomeRoutesOptions {
  readonly homes: Homes["Service"]
  readonly desk: CommandDesk
  readonly media: MediaAddress
  readonly limits: Limits
  readonly tokens: Tokens["Service"]
  readonly admission: Admission
  readonly authorize: Authorize
}

const largestPage = 1_000
const noStore = { headers: { "cache-control": "no-store" } }

/** The doors for those who have no websocket, over the same log and the same commands. */
export const homeRoutes = (options: HomeRoutesOptions) => {
  const { homes, desk, media, authorize } = options
  const { log } = homes

  const state = Effect.gen(function* () {
    const { grant } = yield* authorize("read")
    const snapshot = yield* snapshotFrame(options, grant, yield* Effect.orDie(log.cut))
    return HttpServerResponse.jsonUnsafe(snapshot, noStore)
  })

  const page = Effect.fnUntraced(function* (grant: Grant, query: EventQuery, after: string) {
    const cut = yield* Effect.orDie(log.cut)
    const place = parsePlace(after, cut)
    const limit = Math.min(largestPage, Number(query.limit ?? 100))
    if (place === null || !(Number.isInteger(limit) && limit >= 1))
      return yield* problem("malformed", "`after` is `epoch:seq`, `limit` a whole number from 1 on")
    if (place.epoch !== cut.epoch || place.seq > cut.seq)
      return yield* problem("cursor_expired", "that place is of another log")
    const wanted = yield* wantedOf(query)
    const events = yield* log
      .read(place.seq, limit)
      .pipe(
        Effect.catchReason("LogError", "CursorExpired", () =>
          problem("cursor_expired", "events after that place are no longer kept"),
        ),
      )
    const now = yield* Clock.currentTimeMillis
    const last = events.at(-1)?.seq ?? place.seq
    return HttpServerResponse.jsonUnsafe(
      {
        events: events
          .filter(({ event }) => maySeeEvent(grant, event) && wants(wanted, event))
          .map((recorded) => eventFrame(media, recorded, now, true)),
        next: formatCursor({ epoch: cut.epoch, seq: last }),
        more: last < cut.seq,
      },
      noStore,
    )
  })

  const events = Effect.gen(function* () {
    const bearer = yield* authorize("read")
    const request = yield* HttpServerRequest.HttpServerRequest
    const query = yield* HttpServerRequest.schemaSearchParams(EventQuery)
    const streamed = (request.headers["accept"] ?? "").includes("text/event-stream")
    return query.after !== undefined && !streamed
      ? yield* page(bearer.grant, query, query.after)
      : yield* eventStream(options, bearer, query, request.headers["last-event-id"] ?? query.after)
  })

  const command = Effect.gen(function* () {
    const bearer = yield* authorize("control")
    const wish = yield* HttpServerRequest.schemaBodyJson(Schema.Struct(commandFields))
    const submission = yield* desk.submit(bearer, wish, () => {})
    const outcome = yield* submission.outcome
    return Result.isSuccess(outcome)
      ? HttpServerResponse.jsonUnsafe({ value: outcome.success })
      : problemResponse(outcome.failure)
  })

  return [
    HttpRouter.route("GET", "/v1/state", state),
    HttpRouter.route("GET", "/v1/events", events),
    HttpRouter.route("POST", "/v1/commands", command),
  ] as const
}
