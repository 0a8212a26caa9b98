import type { AccountMonitors } from "@blink-streams/events"
import { formatCursor } from "@blink-streams/model"
import { commandFields } from "@blink-streams/protocol"
import { Clock, Effect, Result, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { CommandService } from "../commands/CommandService.ts"
import { type Permissions, maySeeEvent } from "../../Permissions.ts"
import type { Limits } from "../../Limits.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { matchesSubscription } from "../replay/matchesSubscription.ts"
import type { Tokens } from "../../Tokens.ts"
import type { Admission } from "../listen/admission.ts"
import type { Authorize } from "./authorize.ts"
import { EventQuery, parsePosition, toSubscription } from "./eventQuery.ts"
import { eventStream } from "./eventStream.ts"
import { eventMessage, snapshotMessage } from "../views/httpMessages.ts"
import { problem, problemResponse } from "./Problem.ts"

export interface EventRoutesOptions {
  readonly monitors: AccountMonitors["Service"]
  readonly commands: CommandService
  readonly mediaUrls: MediaUrlSigner
  readonly limits: Limits
  readonly tokens: Tokens["Service"]
  readonly admission: Admission
  readonly authorize: Authorize
}

const maxPageSize = 1_000
const noStore = { headers: { "cache-control": "no-store" } }

/** The doors for those who have no websocket, over the same log and the same commands. */
export const eventRoutes = (options: EventRoutesOptions) => {
  const { monitors, commands, mediaUrls, authorize } = options
  const { log } = monitors

  const getState = Effect.gen(function* () {
    const { permissions } = yield* authorize("read")
    const snapshot = yield* snapshotMessage(options, permissions, yield* Effect.orDie(log.snapshot))
    return HttpServerResponse.jsonUnsafe(snapshot, noStore)
  })

  const getPage = Effect.fnUntraced(function* (permissions: Permissions, query: EventQuery, after: string) {
    const logSnapshot = yield* Effect.orDie(log.snapshot)
    const position = parsePosition(after, logSnapshot)
    const limit = Math.min(maxPageSize, Number(query.limit ?? 100))
    if (position === null || !(Number.isInteger(limit) && limit >= 1))
      return yield* problem("malformed", "`after` is `epoch:seq`, `limit` a whole number from 1 on")
    if (position.epoch !== logSnapshot.epoch || position.seq > logSnapshot.seq)
      return yield* problem("cursor_expired", "that place is of another log")
    const subscription = yield* toSubscription(query)
    const events = yield* log
      .read(position.seq, limit)
      .pipe(
        Effect.catchReason("LogError", "CursorExpired", () =>
          problem("cursor_expired", "events after that place are no longer kept"),
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

  const postCommand = Effect.gen(function* () {
    const authToken = yield* authorize("control")
    const command = yield* HttpServerRequest.schemaBodyJson(Schema.Struct(commandFields))
    const handle = yield* commands.submit(authToken, command, () => {})
    const outcome = yield* handle.outcome
    return Result.isSuccess(outcome)
      ? HttpServerResponse.jsonUnsafe({ value: outcome.success })
      : problemResponse(outcome.failure)
  })

  return [
    HttpRouter.route("GET", "/v1/state", getState),
    HttpRouter.route("GET", "/v1/events", getEvents),
    HttpRouter.route("POST", "/v1/commands", postCommand),
  ] as const
}
