import { formatCursor } from "@blink-streams/model"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Clock, Effect, Schedule, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { maySeeEvent } from "../../Grant.ts"
import { wants } from "../../Subscription.ts"
import type { Bearer } from "../../Tokens.ts"
import { type EventQuery, parsePlace, wantedOf } from "./eventQuery.ts"
import { eventFrame, snapshotFrame } from "./homeFrames.ts"
import type { HomeRoutesOptions } from "./homeRoutes.ts"
import { problem } from "./Problem.ts"

const block = (id: string | null, data: unknown) =>
  `${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

/** What `Last-Event-ID` says, held against the log: where to go on, or what has to be told first. */
const openingOf = Effect.fnUntraced(function* (
  options: HomeRoutesOptions,
  { grant }: Bearer,
  lastEventId: string | undefined,
) {
  const { log } = options.homes
  const cut = yield* Effect.orDie(log.cut)
  const { oldest } = yield* Effect.orDie(log.bounds)
  const asked = lastEventId === undefined ? null : parsePlace(lastEventId, cut)
  if (lastEventId !== undefined && asked === null)
    return yield* problem("malformed", "`Last-Event-ID` is `epoch:seq`")
  const isOfThisLog = asked !== null && asked.epoch === cut.epoch && asked.seq <= cut.seq
  if (isOfThisLog && asked.seq + 1 >= oldest) return { after: asked.seq, cut, blocks: [] }
  const gap = {
    type: "gap",
    from: isOfThisLog ? asked.seq : 0,
    to: cut.seq,
    reason: isOfThisLog ? "cursor_expired" : "restart",
    action: "snapshot_follows",
  }
  const snapshot = block(formatCursor(cut), yield* snapshotFrame(options, grant, cut))
  return { after: cut.seq, cut, blocks: asked === null ? [snapshot] : [block(null, gap), snapshot] }
})

/** Holds one of the places that an address has for connections, until the response is over. */
const holdPlace = Effect.fnUntraced(function* ({ admission }: HomeRoutesOptions) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const address = admission.addressOf(NodeHttpServerRequest.toIncomingMessage(request))
  const rejection = yield* Effect.acquireRelease(
    Effect.sync(() => admission.enter(address)),
    (rejection) =>
      Effect.sync(() => {
        if (rejection === null) admission.leave(address)
      }),
  )
  yield* rejection === null ? Effect.void : problem("rate_limited", rejection.reason)
})

/**
 * Closes a response that takes nothing for as long as a websocket may. There is always something for it: signs of life
 * come of themselves. Answers what notes that it has asked for more.
 */
const closeIfStuck = Effect.fnUntraced(function* ({ limits }: HomeRoutesOptions) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const response = NodeHttpServerRequest.toServerResponse(request)
  let askedAt = yield* Clock.currentTimeMillis
  const check = Effect.map(Clock.currentTimeMillis, (now) => {
    if (now - askedAt >= limits.heartbeatMs + limits.slowDeadlineMs) response.destroy()
  })
  yield* Effect.forkScoped(Effect.repeat(check, Schedule.spaced("5 seconds")))
  return (now: number) => {
    askedAt = now
  }
})

/**
 * Server-Sent Events: the state unless the reader only has to go on, then each event, for as long as the token is good.
 * The ids are cursors. Signs of life carry one too, so that whoever filters comes back to a place that is still kept.
 */
export const eventStream = Effect.fnUntraced(function* (
  options: HomeRoutesOptions,
  bearer: Bearer,
  query: EventQuery,
  lastEventId: string | undefined,
) {
  const { homes, limits, media, tokens } = options
  const wanted = yield* wantedOf(query)
  yield* holdPlace(options)
  const hasAsked = yield* closeIfStuck(options)
  const { after, cut, blocks } = yield* openingOf(options, bearer, lastEventId)
  const recorded = homes.log.follow(after)
  const beats = Stream.fromEffectSchedule(Effect.succeed(null), Schedule.spaced(limits.heartbeatMs))
  let place = formatCursor({ epoch: cut.epoch, seq: after })
  const later = Stream.merge(recorded, beats, { haltStrategy: "left" }).pipe(
    Stream.mapEffect((next) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        hasAsked(now)
        // After the merge, so that a place is only told when everything up to it was.
        if (next === null) return `: still here\nid: ${place}\n\n`
        place = formatCursor(next)
        return maySeeEvent(bearer.grant, next.event) && wants(wanted, next.event)
          ? block(place, eventFrame(media, next, now, next.seq <= cut.seq))
          : ""
      }),
    ),
    Stream.filter((text) => text !== ""),
  )
  const text = Stream.concat(Stream.fromIterable(["retry: 2000\n\n", ...blocks]), later).pipe(
    Stream.interruptWhen(tokens.ended(bearer)),
  )
  return HttpServerResponse.stream(Stream.encodeText(text), {
    contentType: "text/event-stream",
    headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
  })
})
