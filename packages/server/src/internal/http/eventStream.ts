import { formatCursor } from "@blink-streams/model"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Clock, Effect, Schedule, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { maySeeEvent } from "../../Permissions.ts"
import { matchesSubscription } from "../replay/matchesSubscription.ts"
import type { AuthenticatedToken } from "../../Tokens.ts"
import { type EventQuery, parsePosition, toSubscription } from "./eventQuery.ts"
import { eventMessage, snapshotMessage } from "../views/httpMessages.ts"
import type { EventRoutesOptions } from "./eventRoutes.ts"
import { problem } from "./Problem.ts"

const formatSse = (id: string | null, data: unknown) =>
  `${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

/** What `Last-Event-ID` says, held against the log: where to go on, or what has to be told first. */
const planResume = Effect.fnUntraced(function* (
  options: EventRoutesOptions,
  { permissions }: AuthenticatedToken,
  lastEventId: string | undefined,
) {
  const { log } = options.monitors
  const logSnapshot = yield* Effect.orDie(log.snapshot)
  const { oldest } = yield* Effect.orDie(log.bounds)
  const requested = lastEventId === undefined ? null : parsePosition(lastEventId, logSnapshot)
  if (lastEventId !== undefined && requested === null)
    return yield* problem("malformed", "`Last-Event-ID` is `epoch:seq`")
  const isCurrentLog =
    requested !== null && requested.epoch === logSnapshot.epoch && requested.seq <= logSnapshot.seq
  if (isCurrentLog && requested.seq + 1 >= oldest) return { after: requested.seq, logSnapshot, opening: [] }
  const gap = {
    type: "gap",
    from: isCurrentLog ? requested.seq : 0,
    to: logSnapshot.seq,
    reason: isCurrentLog ? "cursor_expired" : "restart",
    action: "snapshot_follows",
  }
  const snapshot = formatSse(
    formatCursor(logSnapshot),
    yield* snapshotMessage(options, permissions, logSnapshot),
  )
  return {
    after: logSnapshot.seq,
    logSnapshot,
    opening: requested === null ? [snapshot] : [formatSse(null, gap), snapshot],
  }
})

/** Holds one of the places that an address has for connections, until the response is over. */
const acquireConnectionSlot = Effect.fnUntraced(function* ({ admission }: EventRoutesOptions) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const address = admission.addressOf(NodeHttpServerRequest.toIncomingMessage(request))
  const rejection = yield* Effect.acquireRelease(
    Effect.sync(() => admission.acquireConnection(address)),
    (rejection) =>
      Effect.sync(() => {
        if (rejection === null) admission.releaseConnection(address)
      }),
  )
  yield* rejection === null ? Effect.void : problem("rate_limited", rejection.reason)
})

/**
 * Closes a response that takes nothing for as long as a websocket may. There is always something for it: signs of life
 * come of themselves. Answers what notes that it has asked for more.
 */
const closeWhenStalled = Effect.fnUntraced(function* ({ limits }: EventRoutesOptions) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const response = NodeHttpServerRequest.toServerResponse(request)
  let lastPullAt = yield* Clock.currentTimeMillis
  const check = Effect.map(Clock.currentTimeMillis, (now) => {
    if (now - lastPullAt >= limits.heartbeatMs + limits.slowDeadlineMs) response.destroy()
  })
  yield* Effect.forkScoped(Effect.repeat(check, Schedule.spaced("5 seconds")))
  return (now: number) => {
    lastPullAt = now
  }
})

/**
 * Server-Sent Events: the state unless the reader only has to go on, then each event, for as long as the token is good.
 * The ids are cursors. Signs of life carry one too, so that whoever filters comes back to a place that is still kept.
 */
export const eventStream = Effect.fnUntraced(function* (
  options: EventRoutesOptions,
  authToken: AuthenticatedToken,
  query: EventQuery,
  lastEventId: string | undefined,
) {
  const { monitors, limits, mediaUrls, tokens } = options
  const subscription = yield* toSubscription(query)
  yield* acquireConnectionSlot(options)
  const recordPull = yield* closeWhenStalled(options)
  const { after, logSnapshot, opening } = yield* planResume(options, authToken, lastEventId)
  const recordedEvents = monitors.log.follow(after)
  const heartbeats = Stream.fromEffectSchedule(Effect.succeed(null), Schedule.spaced(limits.heartbeatMs))
  let cursor = formatCursor({ epoch: logSnapshot.epoch, seq: after })
  const updates = Stream.merge(recordedEvents, heartbeats, { haltStrategy: "left" }).pipe(
    Stream.mapEffect((next) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        recordPull(now)
        // After the merge, so that a place is only told when everything up to it was.
        if (next === null) return `: still here\nid: ${cursor}\n\n`
        cursor = formatCursor(next)
        return maySeeEvent(authToken.permissions, next.event) && matchesSubscription(subscription, next.event)
          ? formatSse(cursor, eventMessage(mediaUrls, next, now, next.seq <= logSnapshot.seq))
          : ""
      }),
    ),
    Stream.filter((text) => text !== ""),
  )
  const text = Stream.concat(Stream.fromIterable(["retry: 2000\n\n", ...opening]), updates).pipe(
    Stream.interruptWhen(tokens.awaitInvalid(authToken)),
  )
  return HttpServerResponse.stream(Stream.encodeText(text), {
    contentType: "text/event-stream",
    headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
  })
})
