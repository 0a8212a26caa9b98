import { AccountMonitors, type LogChange } from "@blink-streams/events"
import type { Seq } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol"
import { Clock, Context, Effect, FiberSet, Layer } from "effect"
import { FrameWriter } from "../hub/FrameWriter.ts"
import type { StateFeed } from "../hub/StateFeed.ts"
import type { Subscriber, SubscriptionCursor } from "../hub/Subscriber.ts"
import { MediaUrls } from "../media/MediaUrls.ts"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { textFrames } from "../socket/frames.ts"
import { LiveCursors } from "./LiveCursors.ts"
import { replayCursor } from "./replayCursor.ts"
import type { ReplayPages } from "./ReplayPages.ts"
import { startCursor } from "./startCursor.ts"
import { OutgoingEvent } from "./SubscriptionGroup.ts"

type Services =
  | AccountMonitors
  | FrameWriter
  | LiveCursors
  | MediaUrls
  | ReplayPages
  | ServerMetrics
  | StateFeed

/** Makes the function that continues the replay of a cursor in a fiber of its own, unless one does already. */
const makeDrain = Effect.gen(function* () {
  const run = yield* FiberSet.makeRuntime<Services, void, never>()
  return (cursor: SubscriptionCursor): void => {
    if (cursor.draining) return
    cursor.draining = true
    const done = Effect.sync(() => {
      cursor.draining = false
    })
    run(Effect.ensuring(replayCursor(cursor), done))
  }
})

const makeSubscriptionCursors = Effect.gen(function* () {
  const { log } = yield* AccountMonitors
  const live = yield* LiveCursors
  const writer = yield* FrameWriter
  const metrics = yield* ServerMetrics
  const mediaUrls = yield* MediaUrls
  const clock = yield* Clock.Clock
  const services = yield* Effect.context<Services>()
  const drain = yield* makeDrain

  /** Switches a cursor to replay: the log is its queue, so nothing is buffered for it. */
  const switchToReplay = (cursor: SubscriptionCursor, sentUpTo: Seq) => {
    live.leave(cursor)
    cursor.mode = "replay"
    cursor.sentUpTo = sentUpTo
    cursor.replayedUntil = Number.POSITIVE_INFINITY
    drain(cursor)
  }

  /** Drains the cursors that the published position has reached. */
  const promoteAhead = () => {
    for (const cursor of live.ahead)
      if (cursor.sentUpTo <= live.seq) {
        live.ahead.delete(cursor)
        drain(cursor)
      }
  }

  const sendToGroup = (cursors: ReadonlySet<SubscriptionCursor>, frameTexts: ReadonlyArray<string>) => {
    if (frameTexts.length === 0) return
    const frames = textFrames(frameTexts)
    for (const cursor of cursors) {
      writer.write(cursor.subscriber, frames, frameTexts.length)
      if (cursor.subscriber.backpressured !== null) switchToReplay(cursor, live.seq)
    }
  }

  return SubscriptionCursors.of({
    publish: ({ events, seq: newest }) => {
      if (events.length === 0) return
      const from = live.seq
      live.seq = newest
      metrics.events += events.length
      const now = clock.currentTimeMillisUnsafe()
      const outgoingEvents = events.map(
        ({ seq, event }) =>
          new OutgoingEvent(
            mediaUrls,
            now,
            { seq, text: JSON.stringify(event), backfilled: event.backfilled === true },
            event,
          ),
      )
      const isContiguous = events[0]?.seq === from + 1
      for (const { group, cursors } of live.groups)
        if (isContiguous)
          sendToGroup(
            cursors,
            group.frames(outgoingEvents, log.epoch, () => false),
          )
        else for (const cursor of cursors) switchToReplay(cursor, from)
      promoteAhead()
    },
    advanceTo: (newest) => {
      if (newest <= live.seq) return
      const from = live.seq
      live.seq = newest
      for (const { cursors } of live.groups) for (const cursor of cursors) switchToReplay(cursor, from)
      promoteAhead()
    },
    subscribe: (subscriber, request) =>
      startCursor(subscriber, request).pipe(
        Effect.map((cursor) => (cursor === null ? undefined : drain(cursor))),
        Effect.provideContext(services),
      ),
    unsubscribe: (subscriber, id) => {
      for (const cursor of subscriber.cursors) {
        const remaining = cursor.subscriptions.filter((subscription) => subscription.id !== id)
        if (remaining.length === cursor.subscriptions.length) continue
        if (remaining.length === 0) live.remove(cursor)
        else {
          live.regroup(cursor, remaining)
          if (cursor.mode === "replay") drain(cursor)
        }
      }
    },
    resume: (subscriber) => {
      for (const cursor of subscriber.cursors) if (cursor.mode === "replay") drain(cursor)
    },
  })
})

/** Cursors of all subscriptions. Live cursors receive each batch as it is committed, the others replay the log. */
export class SubscriptionCursors extends Context.Service<
  SubscriptionCursors,
  {
    /** Delivers a committed batch. */
    publish(change: LogChange): void
    /** Moves to `newest` when the log advanced without the feed. Live cursors replay the difference. */
    advanceTo(newest: Seq): void
    /** Replies to the request and starts to deliver events. */
    readonly subscribe: (subscriber: Subscriber, request: Subscribe) => Effect.Effect<void>
    readonly unsubscribe: (subscriber: Subscriber, id: string) => void
    /** Continues the replay of a subscriber that has drained. */
    resume(subscriber: Subscriber): void
  }
>()("@blink-streams/server/SubscriptionCursors") {
  static readonly layer: Layer.Layer<SubscriptionCursors, never, Services> = Layer.effect(
    SubscriptionCursors,
    makeSubscriptionCursors,
  )
}
