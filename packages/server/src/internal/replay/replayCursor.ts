import { AccountMonitors, type LogError } from "@blink-streams/events"
import { formatCursor, type Seq } from "@blink-streams/model"
import { Effect, Random } from "effect"
import { FrameWriter } from "../hub/FrameWriter.ts"
import { StateFeed } from "../hub/StateFeed.ts"
import type { SubscriptionCursor } from "../hub/Subscriber.ts"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { makeSnapshotBody } from "../views/snapshotBody.ts"
import { LiveCursors } from "./LiveCursors.ts"
import { ReplayPages } from "./ReplayPages.ts"

/** Reconnect delay in milliseconds when the log cannot be read. Random, because all peers reconnect. */
const reconnectDelayMs = { minimum: 2_000, maximum: 10_000 }

/** False once the peer has disconnected or unsubscribed. */
const isActive = (cursor: SubscriptionCursor): boolean => cursor.subscriber.cursors.includes(cursor)

/** Reports a gap to each subscription of a cursor, with a snapshot to continue from. */
export const resetWithGap = Effect.fnUntraced(function* (
  cursor: SubscriptionCursor,
  reason: "cursor_expired" | "slow_consumer" | "restart",
  from: Seq,
) {
  const { log } = yield* AccountMonitors
  const writer = yield* FrameWriter
  const metrics = yield* ServerMetrics
  const snapshotBody = yield* makeSnapshotBody
  const logSnapshot = yield* Effect.orDie(log.snapshot)
  const { subscriber } = cursor
  if (!isActive(cursor)) return
  subscriber.sink.cork()
  for (const { id, filter = {} } of cursor.subscriptions) {
    metrics.gaps += 1
    writer.send(subscriber, {
      type: "gap",
      id,
      from: formatCursor({ epoch: logSnapshot.epoch, seq: from }),
      to: formatCursor(logSnapshot),
      reason,
      action: "snapshot_follows",
    })
    const body = snapshotBody(subscriber.permissions, filter, logSnapshot)
    writer.send(subscriber, { type: "snapshot", id, ...body, resume: "cannot_replay", replayed: 0 })
  }
  subscriber.sink.uncork()
  cursor.sentUpTo = logSnapshot.seq
  cursor.replayedUntil = logSnapshot.seq
})

/** Disconnects the peer of a cursor, because the log cannot be read. */
const disconnect = Effect.fnUntraced(function* (cursor: SubscriptionCursor, error: LogError) {
  if (!isActive(cursor)) return
  const writer = yield* FrameWriter
  const live = yield* LiveCursors
  yield* Effect.logError("the event log can't be read", error)
  const { minimum, maximum } = reconnectDelayMs
  const reconnectAfterMs = yield* Random.nextIntBetween(minimum, maximum)
  writer.send(cursor.subscriber, { type: "shutdown", reconnectAfterMs })
  cursor.subscriber.sink.close(1001, "the event log can't be read")
  live.removeAll(cursor.subscriber)
})

/** Sends the next page of the log. */
const sendPage = Effect.fnUntraced(
  function* (cursor: SubscriptionCursor) {
    const pages = yield* ReplayPages
    const writer = yield* FrameWriter
    const { subscriber, group } = cursor
    const page = yield* pages.read(cursor)
    // Discards the page when a subscription that its frames name has ended, or the socket is full.
    if (cursor.group !== group || !isActive(cursor) || subscriber.backpressured !== null) return
    for (const { bytes, frames } of page.chunks) writer.write(subscriber, bytes, frames)
    cursor.sentUpTo = page.lastSeq
    yield* Effect.yieldNow
  },
  (effect, cursor) =>
    effect.pipe(
      Effect.catchReason("LogError", "CursorExpired", () =>
        resetWithGap(cursor, "slow_consumer", cursor.sentUpTo),
      ),
      Effect.catchTag("LogError", (error) => disconnect(cursor, error)),
    ),
)

/** Replays the log until the cursor is live, its peer is under backpressure, or the subscriptions have ended. */
export const replayCursor = Effect.fnUntraced(function* (cursor: SubscriptionCursor) {
  const live = yield* LiveCursors
  const states = yield* StateFeed
  while (cursor.mode === "replay" && isActive(cursor) && cursor.subscriber.backpressured === null) {
    if (cursor.sentUpTo < live.seq) yield* sendPage(cursor)
    else if (cursor.sentUpTo === live.seq) {
      live.join(cursor)
      states.sendSkipped(cursor.subscriber)
    } else {
      live.ahead.add(cursor)
      break
    }
  }
})
