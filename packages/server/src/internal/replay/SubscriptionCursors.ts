import type { EventLog, LogChange } from "@blink-streams/events"
import { formatCursor, Seq } from "@blink-streams/model"
import type { Resume, ServerMessage, Subscribe } from "@blink-streams/protocol"
import { Effect, FiberSet, Random } from "effect"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import type { Stats } from "../metrics/Stats.ts"
import { textFrames } from "../socket/frames.ts"
import type { LogSnapshot } from "../views/snapshotBody.ts"
import { positionFields, positionInLog } from "./cursorPosition.ts"
import type { FrameWriter } from "./frameWriter.ts"
import { makeReplayPages } from "./replayPages.ts"
import type { Subscriber, SubscriptionCursor } from "./Subscriber.ts"
import { OutgoingEvent, SubscriptionGroup } from "./SubscriptionGroup.ts"

export interface SubscriptionCursorsOptions {
  readonly log: EventLog["Service"]
  readonly mediaUrls: MediaUrlSigner
  readonly stats: Stats
  readonly writer: FrameWriter
  readonly now: () => number
  makeSnapshot(
    subscriber: Subscriber,
    request: Subscribe,
    logSnapshot: LogSnapshot,
    resume: Resume,
    replayed: number,
  ): ServerMessage
  /** Called when a cursor of the subscriber has caught up. */
  onCaughtUp(subscriber: Subscriber): void
}

/** Cursors of all subscriptions. Live cursors receive each batch as it is committed, the others replay the log. */
interface SubscriptionCursors {
  /** Newest published position. */
  readonly seq: () => Seq
  /** Delivers a committed batch. */
  publish(change: LogChange): void
  /** Moves to `newest` when the log advanced without the feed. Live cursors replay the difference. */
  advanceTo(newest: Seq): void
  /** Replies to the request and starts to deliver events. */
  readonly subscribe: (subscriber: Subscriber, request: Subscribe) => Effect.Effect<void>
  readonly unsubscribe: (subscriber: Subscriber, id: string) => void
  /** Continues the replay of a subscriber that has drained. */
  resume(subscriber: Subscriber): void
  removeAll(subscriber: Subscriber): void
}

/** Reconnect delay in milliseconds when the log cannot be read. Random, because all peers reconnect. */
const reconnectDelayMs = { minimum: 2_000, maximum: 10_000 }

export const makeSubscriptionCursors = Effect.fnUntraced(function* (options: SubscriptionCursorsOptions) {
  const { log, mediaUrls, stats, now, writer } = options
  const run = yield* FiberSet.makeRuntime<never, void, never>()
  const readPage = yield* makeReplayPages(log, mediaUrls, now)
  /** Live cursors by group key. */
  const groups = new Map<
    string,
    { readonly group: SubscriptionGroup; readonly cursors: Set<SubscriptionCursor> }
  >()
  /** Cursors past the published position: their snapshot includes a batch that the feed has not delivered yet. */
  const ahead = new Set<SubscriptionCursor>()
  let seq = (yield* Effect.orDie(log.bounds)).newest

  const addToGroup = (cursor: SubscriptionCursor) => {
    const { key } = cursor.group
    const existing = groups.get(key)
    if (existing) {
      cursor.group = existing.group
      cursor.subscriptions = existing.group.subscriptions
      existing.cursors.add(cursor)
    } else groups.set(key, { group: cursor.group, cursors: new Set([cursor]) })
  }
  const removeFromGroup = (cursor: SubscriptionCursor) => {
    const existing = groups.get(cursor.group.key)
    existing?.cursors.delete(cursor)
    if (existing?.cursors.size === 0) groups.delete(cursor.group.key)
    ahead.delete(cursor)
  }

  /** Switches a cursor to live and merges it with the other live cursors of its subscriber. */
  const switchToLive = (cursor: SubscriptionCursor) => {
    cursor.mode = "live"
    cursor.replayedUntil = seq
    const { subscriber } = cursor
    for (const other of subscriber.cursors)
      if (other !== cursor && other.mode === "live") {
        removeFromGroup(other)
        subscriber.cursors = subscriber.cursors.filter((candidate) => candidate !== other)
        cursor.subscriptions = [...other.subscriptions, ...cursor.subscriptions]
      }
    cursor.group = new SubscriptionGroup(subscriber.permissions, cursor.subscriptions)
    addToGroup(cursor)
    options.onCaughtUp(subscriber)
  }

  /** Switches a cursor to replay: the log is its queue, so nothing is buffered for it. */
  const switchToReplay = (cursor: SubscriptionCursor, sentUpTo: Seq) => {
    removeFromGroup(cursor)
    cursor.mode = "replay"
    cursor.sentUpTo = sentUpTo
    cursor.replayedUntil = Number.POSITIVE_INFINITY
    drain(cursor)
  }

  const promoteAhead = () => {
    for (const cursor of ahead)
      if (cursor.sentUpTo <= seq) {
        ahead.delete(cursor)
        drain(cursor)
      }
  }

  const sendToGroup = (cursors: ReadonlySet<SubscriptionCursor>, frameTexts: ReadonlyArray<string>) => {
    if (frameTexts.length === 0) return
    const frames = textFrames(frameTexts)
    for (const cursor of cursors) {
      writer.write(cursor.subscriber, frames)
      stats.frames += frameTexts.length
      if (cursor.subscriber.backpressured !== null) switchToReplay(cursor, seq)
    }
  }

  const publish = ({ events, seq: newest }: LogChange) => {
    if (events.length === 0) return
    const from = seq
    seq = newest
    stats.events += events.length
    const at = now()
    const outgoingEvents = events.map(
      ({ seq, event }) => new OutgoingEvent(mediaUrls, at, seq, JSON.stringify(event), event),
    )
    const isContiguous = events[0]?.seq === from + 1
    for (const { group, cursors } of groups.values())
      if (isContiguous)
        sendToGroup(
          cursors,
          group.frames(outgoingEvents, log.epoch, () => false),
        )
      else for (const cursor of cursors) switchToReplay(cursor, from)
    promoteAhead()
  }

  /** Reports a gap to each subscription of a cursor, with a snapshot to continue from. */
  const resetWithGap = (
    cursor: SubscriptionCursor,
    reason: "cursor_expired" | "slow_consumer" | "restart",
    from: Seq,
  ) =>
    Effect.map(Effect.orDie(log.snapshot), (logSnapshot) => {
      const { subscriber } = cursor
      // The peer may have disconnected or unsubscribed meanwhile.
      if (!subscriber.cursors.includes(cursor)) return
      subscriber.sink.cork()
      for (const request of cursor.subscriptions) {
        stats.gaps += 1
        const { id } = request
        writer.send(subscriber, {
          type: "gap",
          id,
          from: formatCursor({ epoch: logSnapshot.epoch, seq: from }),
          to: formatCursor(logSnapshot),
          reason,
          action: "snapshot_follows",
        })
        writer.send(subscriber, options.makeSnapshot(subscriber, request, logSnapshot, "cannot_replay", 0))
      }
      subscriber.sink.uncork()
      cursor.sentUpTo = logSnapshot.seq
      cursor.replayedUntil = logSnapshot.seq
    })

  /** Sends the next page of the log. */
  const sendPage = (cursor: SubscriptionCursor) =>
    Effect.gen(function* () {
      const { subscriber, group } = cursor
      const page = yield* readPage(cursor)
      // Discards the page when a subscription that its frames name has ended, or the socket is full.
      if (cursor.group !== group || !subscriber.cursors.includes(cursor) || subscriber.backpressured !== null)
        return
      for (const chunk of page.chunks) writer.write(subscriber, chunk)
      stats.frames += page.frames
      cursor.sentUpTo = page.lastSeq
      yield* Effect.yieldNow
    }).pipe(
      Effect.catchReason("LogError", "CursorExpired", () =>
        resetWithGap(cursor, "slow_consumer", cursor.sentUpTo),
      ),
      Effect.catchTag("LogError", (error) =>
        Effect.gen(function* () {
          if (!cursor.subscriber.cursors.includes(cursor)) return
          yield* Effect.logError("the event log can't be read", error)
          const reconnectAfterMs = yield* Random.nextIntBetween(
            reconnectDelayMs.minimum,
            reconnectDelayMs.maximum,
          )
          writer.send(cursor.subscriber, { type: "shutdown", reconnectAfterMs })
          cursor.subscriber.sink.close(1001, "the event log can't be read")
          removeAll(cursor.subscriber)
        }),
      ),
    )

  const replayUntilLive = Effect.fnUntraced(function* (cursor: SubscriptionCursor) {
    while (
      cursor.mode === "replay" &&
      cursor.subscriber.cursors.includes(cursor) &&
      cursor.subscriber.backpressured === null
    ) {
      if (cursor.sentUpTo < seq) yield* sendPage(cursor)
      else if (cursor.sentUpTo === seq) switchToLive(cursor)
      else {
        ahead.add(cursor)
        break
      }
    }
  })

  const drain = (cursor: SubscriptionCursor) => {
    if (cursor.draining) return
    cursor.draining = true
    const done = Effect.sync(() => {
      cursor.draining = false
    })
    run(Effect.ensuring(replayUntilLive(cursor), done))
  }

  const subscribe = Effect.fnUntraced(function* (subscriber: Subscriber, request: Subscribe) {
    const { id, since } = request
    const logSnapshot = yield* Effect.orDie(log.snapshot)
    const { oldest } = yield* Effect.orDie(log.bounds)
    if (subscriber.closed) return
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
    const start = since === undefined ? logSnapshot.seq : positionInLog(since, logSnapshot)
    if (start === null || (since !== undefined && start + 1 < oldest)) {
      yield* resetWithGap(cursor, start === null ? "restart" : "cursor_expired", start ?? Seq.make(0))
      drain(cursor)
      return
    }
    const replayed = logSnapshot.seq - start
    const resume = since === undefined ? "live" : replayed === 0 ? "up_to_date" : "replayed"
    cursor.sentUpTo = start
    writer.send(
      subscriber,
      request.snapshot === "none"
        ? { type: "subscribed", id, ...positionFields(logSnapshot), resume, replayed }
        : options.makeSnapshot(subscriber, request, logSnapshot, resume, replayed),
    )
    drain(cursor)
  })

  const unsubscribe = (subscriber: Subscriber, id: string) => {
    for (const cursor of subscriber.cursors) {
      if (!cursor.subscriptions.some((subscription) => subscription.id === id)) continue
      const remaining = cursor.subscriptions.filter((subscription) => subscription.id !== id)
      removeFromGroup(cursor)
      if (remaining.length === 0) {
        subscriber.cursors = subscriber.cursors.filter((candidate) => candidate !== cursor)
        continue
      }
      cursor.subscriptions = remaining
      cursor.group = new SubscriptionGroup(subscriber.permissions, remaining)
      if (cursor.mode === "live") addToGroup(cursor)
      else drain(cursor)
    }
  }

  const removeAll = (subscriber: Subscriber) => {
    for (const cursor of subscriber.cursors) removeFromGroup(cursor)
    subscriber.cursors = []
  }

  const subscriptionCursors: SubscriptionCursors = {
    publish,
    subscribe,
    unsubscribe,
    removeAll,
    seq: () => seq,
    resume: (subscriber) => {
      for (const cursor of subscriber.cursors) if (cursor.mode === "replay") drain(cursor)
    },
    advanceTo: (newest) => {
      if (newest <= seq) return
      const from = seq
      seq = newest
      for (const { cursors } of groups.values()) for (const cursor of cursors) switchToReplay(cursor, from)
      promoteAhead()
    },
  }
  return subscriptionCursors
})
