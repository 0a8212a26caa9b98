import { AccountMonitors } from "@blink-streams/events"
import { Seq } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol"
import { Effect } from "effect"
import { FrameWriter } from "../hub/FrameWriter.ts"
import type { Subscriber, SubscriptionCursor } from "../hub/Subscriber.ts"
import { makeSnapshotBody } from "../views/snapshotBody.ts"
import { positionFields } from "./cursorPosition.ts"
import { resetWithGap } from "./replayCursor.ts"
import { startAfter } from "./startAfter.ts"
import { SubscriptionGroup } from "./SubscriptionGroup.ts"

/**
 * Replies to a `subscribe` with a snapshot or `subscribed`, first with a gap when events after `since` are missing. Returns
 * the cursor that continues from there; `null` when the peer has disconnected.
 */
export const startCursor = Effect.fnUntraced(function* (subscriber: Subscriber, request: Subscribe) {
  const { id, since, filter = {} } = request
  const { log } = yield* AccountMonitors
  const writer = yield* FrameWriter
  const snapshotBody = yield* makeSnapshotBody
  const logSnapshot = yield* Effect.orDie(log.snapshot)
  const { oldest } = yield* Effect.orDie(log.bounds)
  if (subscriber.closed) return null
  const cursor: SubscriptionCursor = {
    subscriber,
    group: new SubscriptionGroup(subscriber.permissions, [request]),
    subscriptions: [request],
    mode: "replay",
    sentUpTo: logSnapshot.seq,
    replayedUntil: logSnapshot.seq,
    draining: false,
  }
  subscriber.cursors = [...subscriber.cursors, cursor]
  const start = since === undefined ? logSnapshot.seq : yield* startAfter(since, logSnapshot)
  if (start === null || (since !== undefined && start + 1 < oldest)) {
    yield* resetWithGap(cursor, start === null ? "restart" : "cursor_expired", start ?? Seq.make(0))
    return cursor
  }
  const replayed = logSnapshot.seq - start
  const resume = since === undefined ? "live" : replayed === 0 ? "up_to_date" : "replayed"
  cursor.sentUpTo = start
  writer.send(
    subscriber,
    request.snapshot === "none"
      ? { type: "subscribed", id, ...positionFields(logSnapshot), resume, replayed }
      : {
          type: "snapshot",
          id,
          ...snapshotBody(subscriber.permissions, filter, logSnapshot),
          resume,
          replayed,
        },
  )
  return cursor
})
