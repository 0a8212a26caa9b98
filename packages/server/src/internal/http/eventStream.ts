import type { AccountMonitors } from "@blink-streams/events"
import { formatCursor, Seq } from "@blink-streams/model"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Clock, Effect, Schedule, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Limits } from "../../Limits.ts"
import { maySeeEvent } from "../../Permissions.ts"
import type { AuthenticatedToken, Tokens } from "../../Tokens.ts"
import { problem } from "../errors/Problem.ts"
import type { Admission } from "../listen/admission.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { positionInLog } from "../replay/cursorPosition.ts"
import { matchesSubscription } from "../replay/matchesSubscription.ts"
import { eventMessage, snapshotMessage } from "../views/httpMessages.ts"
import { type EventQuery, toSubscription } from "./eventQuery.ts"

export interface EventStreamOptions {
  readonly monitors: AccountMonitors["Service"]
  readonly mediaUrls: MediaUrlSigner
  readonly limits: Limits
  readonly tokens: Tokens["Service"]
  readonly admission: Admission
}

const formatSse = (id: string | null, data: unknown) =>
  `${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

/**
 * Returns the position after which the stream continues, and its first messages: none when it resumes, a snapshot
 * when it starts, a gap and a snapshot when events are missing.
 */
const planResume = Effect.fnUntraced(function* (
  options: EventStreamOptions,
  { permissions }: AuthenticatedToken,
  since: string | undefined,
) {
  const { log } = options.monitors
  const logSnapshot = yield* Effect.orDie(log.snapshot)
  const { oldest } = yield* Effect.orDie(log.bounds)
  const start = since === undefined ? null : positionInLog(since, logSnapshot)
  if (start !== null && start + 1 >= oldest) return { after: start, logSnapshot, opening: [] }
  const gap = {
    type: "gap",
    from: formatCursor({ epoch: logSnapshot.epoch, seq: start ?? Seq.make(0) }),
    to: formatCursor(logSnapshot),
    reason: start === null ? "restart" : "cursor_expired",
    action: "snapshot_follows",
  }
  const snapshot = formatSse(
    formatCursor(logSnapshot),
    yield* snapshotMessage(options, permissions, logSnapshot),
  )
  return {
    after: logSnapshot.seq,
    logSnapshot,
    opening: since === undefined ? [snapshot] : [formatSse(null, gap), snapshot],
  }
})

/** Counts the response among the connections of its address until the scope closes. */
const acquireConnectionSlot = Effect.fnUntraced(function* ({ admission }: EventStreamOptions) {
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
 * Closes a response when the client reads nothing for `heartbeatMs + slowDeadlineMs`. Heartbeats ensure that there
 * is always something to read. Returns a function that records a read.
 */
const closeWhenStalled = Effect.fnUntraced(function* ({ limits }: EventStreamOptions) {
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
 * Streams Server-Sent Events while the token is valid: a snapshot, unless the client resumes, then each matching
 * event. Ids are cursors. Heartbeats carry an id too, so that a client with a narrow filter resumes at a recent
 * position. `since` is the cursor to resume after.
 */
export const eventStream = Effect.fnUntraced(function* (
  options: EventStreamOptions,
  authToken: AuthenticatedToken,
  query: EventQuery,
  since: string | undefined,
) {
  const { monitors, limits, mediaUrls, tokens } = options
  const subscription = yield* toSubscription(query)
  yield* acquireConnectionSlot(options)
  const recordPull = yield* closeWhenStalled(options)
  const { after, logSnapshot, opening } = yield* planResume(options, authToken, since)
  const recordedEvents = monitors.log.follow(after)
  const heartbeats = Stream.fromEffectSchedule(Effect.succeed(null), Schedule.spaced(limits.heartbeatMs))
  let cursor = formatCursor({ epoch: logSnapshot.epoch, seq: after })
  const updates = Stream.merge(recordedEvents, heartbeats, { haltStrategy: "left" }).pipe(
    Stream.mapEffect((next) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        recordPull(now)
        // After the merge, so that a heartbeat follows all events up to its cursor.
        if (next === null) return `: heartbeat\nid: ${cursor}\n\n`
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
