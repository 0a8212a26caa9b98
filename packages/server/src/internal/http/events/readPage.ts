import { AccountMonitors } from "@blink-streams/events"
import { formatCursor, Seq } from "@blink-streams/model"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { maySeeEvent, type Permissions } from "../../../Permissions.ts"
import { problem } from "../../errors/Problem.ts"
import { positionInLog } from "../../replay/cursorPosition.ts"
import { matchesSubscription } from "../../replay/matchesSubscription.ts"
import { startAfter } from "../../replay/startAfter.ts"
import { eventMessage } from "../../views/httpMessages.ts"
import { type EventQuery, toSubscription } from "./eventQuery.ts"

/** Events per page. The default of `limit` is 100. */
const maxPageSize = 1_000

/** Reads the last `limit` retained events up to a position. */
const readUntil = Effect.fnUntraced(function* (until: Seq, limit: number) {
  const { log } = yield* AccountMonitors
  const { oldest } = yield* log.bounds
  const after = Seq.make(Math.max(until - limit, Math.min(oldest - 1, until)))
  const events = after === until ? [] : yield* log.read(after, until - after)
  return { events, previous: after, next: until, more: after >= oldest }
})

/** Reads the first `limit` events after a position. */
const readSince = Effect.fnUntraced(function* (since: Seq, newest: Seq, limit: number) {
  const { log } = yield* AccountMonitors
  const events = yield* log.read(since, limit)
  const next = events.at(-1)?.seq ?? since
  return { events, previous: since, next, more: next < newest }
})

/** Checks the range of a page and returns its size. Fails with `malformed`. */
const pageSize = Effect.fnUntraced(function* ({ since, until, limit = "100" }: EventQuery) {
  const size = Math.min(maxPageSize, Number(limit))
  if (!(Number.isInteger(size) && size >= 1))
    return yield* problem("malformed", "`limit` must be a positive integer")
  if (since !== undefined && until !== undefined)
    return yield* problem("malformed", "`since` and `until` exclude each other")
  return size
})

/** Responds with a page of the log. Fails with `malformed`, `unsupported` or `cursor_expired`. */
export const readPage = Effect.fn("readPage")(function* (permissions: Permissions, query: EventQuery) {
  const { log } = yield* AccountMonitors
  const limit = yield* pageSize(query)
  const subscription = yield* toSubscription(query)
  const logSnapshot = yield* Effect.orDie(log.snapshot)
  const { epoch, seq } = logSnapshot
  const position =
    query.since === undefined
      ? query.until === undefined
        ? seq
        : positionInLog(query.until, logSnapshot)
      : yield* startAfter(query.since, logSnapshot)
  if (position === null) return yield* problem("cursor_expired", "the text is no cursor of this log")
  const page = yield* (
    query.since === undefined ? readUntil(position, limit) : readSince(position, seq, limit)
  ).pipe(
    Effect.catchReason("LogError", "CursorExpired", () =>
      problem("cursor_expired", "events after the cursor are no longer kept"),
    ),
  )
  const visible = page.events.filter(
    ({ event }) => maySeeEvent(permissions, event) && matchesSubscription(subscription, event),
  )
  return HttpServerResponse.jsonUnsafe(
    {
      events: yield* Effect.forEach(visible, (recorded) => eventMessage(recorded, true)),
      previous: formatCursor({ epoch, seq: page.previous }),
      next: formatCursor({ epoch, seq: page.next }),
      more: page.more,
    },
    { headers: { "cache-control": "no-store" } },
  )
})
