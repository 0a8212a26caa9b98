import { AccountMonitors } from "@blink-streams/events"
import { formatCursor, type RecordedEvent, Seq } from "@blink-streams/model"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Clock, Effect, Schedule, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { maySeeEvent } from "../../../Permissions.ts"
import { type AuthenticatedToken, Tokens } from "../../../Tokens.ts"
import { problem } from "../../errors/Problem.ts"
import { Admission } from "../../listen/Admission.ts"
import type { MediaUrls } from "../../media/MediaUrls.ts"
import { matchesSubscription } from "../../replay/matchesSubscription.ts"
import { startAfter } from "../../replay/startAfter.ts"
import { ServerConfig } from "../../ServerConfig.ts"
import { eventMessage, snapshotMessage } from "../../views/httpMessages.ts"
import { type EventQuery, toSubscription } from "./eventQuery.ts"

const formatSse = (id: string | null, data: unknown) =>
  `${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

/**
 * Returns the position after which the stream continues, and its first messages: none when it resumes, a snapshot
 * when it starts, a gap and a snapshot when events are missing.
 */
const planResume = Effect.fnUntraced(function* (
  { permissions }: AuthenticatedToken,
  since: string | undefined,
) {
  const { log } = yield* AccountMonitors
  const logSnapshot = yield* Effect.orDie(log.snapshot)
  const { oldest } = yield* Effect.orDie(log.bounds)
  const start = since === undefined ? null : yield* startAfter(since, logSnapshot)
  if (start !== null && start + 1 >= oldest) return { after: start, logSnapshot, opening: [] }
  const gap = {
    type: "gap",
    from: formatCursor({ epoch: logSnapshot.epoch, seq: start ?? Seq.make(0) }),
    to: formatCursor(logSnapshot),
    reason: start === null ? "restart" : "cursor_expired",
    action: "snapshot_follows",
  }
  const snapshot = formatSse(formatCursor(logSnapshot), yield* snapshotMessage(permissions, logSnapshot))
  return {
    after: logSnapshot.seq,
    logSnapshot,
    opening: since === undefined ? [snapshot] : [formatSse(null, gap), snapshot],
  }
})

/** Counts the response among the connections of its address until the scope closes. */
const acquireConnectionSlot = Effect.gen(function* () {
  const admission = yield* Admission
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
 * is always something to read. `record` records a read.
 */
const closeWhenStalled = Effect.gen(function* () {
  const { heartbeatMs, slowDeadlineMs } = (yield* ServerConfig).limits
  const request = yield* HttpServerRequest.HttpServerRequest
  const response = NodeHttpServerRequest.toServerResponse(request)
  let lastPullAt = yield* Clock.currentTimeMillis
  const check = Effect.map(Clock.currentTimeMillis, (now) => {
    if (now - lastPullAt >= heartbeatMs + slowDeadlineMs) response.destroy()
  })
  yield* Effect.forkScoped(Effect.repeat(check, Schedule.spaced("5 seconds")))
  const record = Effect.map(Clock.currentTimeMillis, (now) => {
    lastPullAt = now
  })
  return { record }
})

/** The events of the log after a position; `null` stands for a heartbeat. */
const followWithHeartbeats = Effect.fnUntraced(function* (after: Seq) {
  const { log } = yield* AccountMonitors
  const { heartbeatMs } = (yield* ServerConfig).limits
  const heartbeats = Stream.fromEffectSchedule(Effect.succeed(null), Schedule.spaced(heartbeatMs))
  return Stream.merge(log.follow(after), heartbeats, { haltStrategy: "left" })
})

/**
 * Streams Server-Sent Events while the token is valid: a snapshot, unless the client resumes, then each matching
 * event. Ids are cursors. Heartbeats carry an id too, so that a client with a narrow filter resumes at a recent
 * position. `since` is the cursor to resume after.
 */
export const eventStream = Effect.fn("eventStream")(function* (
  authToken: AuthenticatedToken,
  query: EventQuery,
  since: string | undefined,
) {
  const tokens = yield* Tokens
  const subscription = yield* toSubscription(query)
  yield* acquireConnectionSlot
  const pulls = yield* closeWhenStalled
  const { after, logSnapshot, opening } = yield* planResume(authToken, since)
  let cursor = formatCursor({ epoch: logSnapshot.epoch, seq: after })
  const formatNext = Effect.fnUntraced(function* (next: RecordedEvent | null) {
    yield* pulls.record
    // After the merge, so that a heartbeat follows all events up to its cursor.
    if (next === null) return `: heartbeat\nid: ${cursor}\n\n`
    cursor = formatCursor(next)
    return maySeeEvent(authToken.permissions, next.event) && matchesSubscription(subscription, next.event)
      ? formatSse(cursor, yield* eventMessage(next, next.seq <= logSnapshot.seq))
      : ""
  })
  const updates = (yield* followWithHeartbeats(after)).pipe(
    Stream.mapEffect(formatNext),
    Stream.filter((text) => text !== ""),
  )
  const text = Stream.concat(Stream.fromIterable(["retry: 2000\n\n", ...opening]), updates).pipe(
    Stream.interruptWhen(tokens.awaitInvalid(authToken)),
    Stream.provideContext(yield* Effect.context<MediaUrls>()),
  )
  return HttpServerResponse.stream(Stream.encodeText(text), {
    contentType: "text/event-stream",
    headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
  })
})
