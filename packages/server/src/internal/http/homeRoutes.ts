import type { Homes } from "@blink-streams/events/Homes"
import { formatCursor, parseCursor, type RecordedEvent, Seq } from "@blink-streams/model"
import { commandFields, Filter } from "@blink-streams/protocol/ClientMessage"
import { Clock, Effect, Result, Schedule, Schema, Stream, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { CommandDesk } from "../../CommandDesk.ts"
import { type Grant, maySeeEvent } from "../../Grant.ts"
import type { Limits } from "../../Limits.ts"
import type { MediaAddress } from "../../MediaAddress.ts"
import { wants } from "../../Subscription.ts"
import { type Cut, snapshotBody } from "../snapshotBody.ts"
import type { Authorize } from "./authorize.ts"
import { problem, problemResponse } from "./Problem.ts"

export interface HomeRoutesOptions {
  readonly homes: Homes["Service"]
  readonly desk: CommandDesk
  readonly media: MediaAddress
  readonly limits: Limits
  readonly authorize: Authorize
}

const largestPage = 1_000

/** `?topics=motion,arm&kinds=clip.*&networks=1,2&after=…`. */
const Query = Schema.Struct({
  topics: Schema.optionalKey(Schema.String),
  kinds: Schema.optionalKey(Schema.String),
  networks: Schema.optionalKey(Schema.String),
  cameras: Schema.optionalKey(Schema.String),
  minSeverity: Schema.optionalKey(Schema.String),
  after: Schema.optionalKey(Schema.String),
  limit: Schema.optionalKey(Schema.String),
})
type Query = typeof Query.Type

const numbers = (list: string) => list.split(",").map(Number)

const wantedOf = Effect.fnUntraced(function* ({ topics, kinds, networks, cameras, minSeverity }: Query) {
  const filter = yield* Schema.decodeUnknownEffect(Filter)({
    ...(kinds === undefined ? {} : { kinds: kinds.split(",") }),
    ...(networks === undefined ? {} : { networks: numbers(networks) }),
    ...(cameras === undefined ? {} : { cameras: numbers(cameras) }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
  }).pipe(Effect.catch(() => problem("malformed", "the filter can't be read")))
  return { topics: topics?.split(",") ?? ["*"], filter }
})

const parsePlace = (text: string, cut: Cut) =>
  /^\d{1,15}$/.test(text) ? { epoch: cut.epoch, seq: Seq.make(Number(text)) } : parseCursor(text)

const sse = (data: unknown, id: string | null) =>
  `${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

/** The doors for those who have no websocket, over the same log and the same commands. */
export const homeRoutes = ({ homes, desk, media, limits, authorize }: HomeRoutesOptions) => {
  const { log } = homes

  const frameOf = (recorded: RecordedEvent, now: number, replayed: boolean) => {
    const event = media.event(recorded.event, now)
    return {
      type: "event",
      epoch: recorded.epoch,
      seq: recorded.seq,
      event: { ...event, ...(replayed ? { replayed } : {}) },
    }
  }

  const snapshotOf = Effect.fnUntraced(function* (grant: Grant, cut: Cut) {
    const now = yield* Clock.currentTimeMillis
    const prompts = yield* SubscriptionRef.get(homes.prompts)
    return { type: "snapshot", ...snapshotBody(grant, {}, cut, prompts, media, now) }
  })

  const state = Effect.gen(function* () {
    const { grant } = yield* authorize("read")
    const snapshot = yield* snapshotOf(grant, yield* Effect.orDie(log.cut))
    return HttpServerResponse.jsonUnsafe(snapshot, { headers: { "cache-control": "no-store" } })
  })

  const page = Effect.fnUntraced(function* (grant: Grant, query: Query, after: string) {
    const cut = yield* Effect.orDie(log.cut)
    const place = parsePlace(after, cut)
    const limit = Math.min(largestPage, Number(query.limit ?? 100))
    if (place === null || !(limit >= 1))
      return yield* problem("malformed", "`after` is `epoch:seq`, `limit` a number")
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
          .map((recorded) => frameOf(recorded, now, true)),
        next: formatCursor({ epoch: cut.epoch, seq: last }),
        more: last < cut.seq,
      },
      { headers: { "cache-control": "no-store" } },
    )
  })

  /** Starts with the state, unless the reader only has to go on. */
  const follow = Effect.fnUntraced(function* (grant: Grant, query: Query, lastEventId: string | undefined) {
    const wanted = yield* wantedOf(query)
    const cut = yield* Effect.orDie(log.cut)
    const { oldest } = yield* Effect.orDie(log.bounds)
    const asked = lastEventId === undefined ? null : parsePlace(lastEventId, cut)
    if (lastEventId !== undefined && asked === null)
      return yield* problem("malformed", "`Last-Event-ID` is `epoch:seq`")
    const own = asked !== null && asked.epoch === cut.epoch && asked.seq <= cut.seq
    const resumes = own && asked.seq + 1 >= oldest
    const at = formatCursor(cut)
    const opening = resumes
      ? []
      : [
          ...(asked === null
            ? []
            : [
                sse(
                  {
                    type: "gap",
                    from: own ? asked.seq : 0,
                    to: cut.seq,
                    reason: own ? "cursor_expired" : "restart",
                    action: "snapshot_follows",
                  },
                  null,
                ),
              ]),
          sse(yield* snapshotOf(grant, cut), at),
        ]
    const events = log.follow(resumes ? asked.seq : cut.seq).pipe(
      Stream.filter(({ event }) => maySeeEvent(grant, event) && wants(wanted, event)),
      Stream.mapEffect((recorded) =>
        Effect.map(Clock.currentTimeMillis, (now) =>
          sse(frameOf(recorded, now, recorded.seq <= cut.seq), formatCursor(recorded)),
        ),
      ),
    )
    const heartbeats = Stream.fromEffectSchedule(
      Effect.succeed(": still here\n\n"),
      Schedule.spaced(limits.heartbeatMs),
    )
    const text = Stream.fromIterable(["retry: 2000\n\n", ...opening]).pipe(
      Stream.concat(Stream.merge(events, heartbeats, { haltStrategy: "left" })),
    )
    return HttpServerResponse.stream(Stream.encodeText(text), {
      contentType: "text/event-stream",
      headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
    })
  })

  const events = Effect.gen(function* () {
    const { grant } = yield* authorize("read")
    const request = yield* HttpServerRequest.HttpServerRequest
    const query = yield* HttpServerRequest.schemaSearchParams(Query)
    const streamed = (request.headers["accept"] ?? "").includes("text/event-stream")
    return query.after !== undefined && !streamed
      ? yield* page(grant, query, query.after)
      : yield* follow(grant, query, request.headers["last-event-id"] ?? query.after)
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
