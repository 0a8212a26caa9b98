import type { AccountMonitors } from "@blink-streams/events"
import type { ServerMessage, Subscribe } from "@blink-streams/protocol"
import { Context, Effect, Layer } from "effect"
import type { MediaUrls } from "../media/MediaUrls.ts"
import { observeGauge } from "../metrics/observe.ts"
import type { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { LiveCursors } from "../replay/LiveCursors.ts"
import { ReplayPages } from "../replay/ReplayPages.ts"
import { SubscriptionCursors } from "../replay/SubscriptionCursors.ts"
import type { ServerConfig } from "../ServerConfig.ts"
import { checkBackpressure } from "./checkBackpressure.ts"
import { followLog } from "./followLog.ts"
import { FrameWriter } from "./FrameWriter.ts"
import { sendHeartbeats } from "./sendHeartbeats.ts"
import { sendPrompts } from "./sendPrompts.ts"
import { StateFeed } from "./StateFeed.ts"
import { type Subscriber, Subscribers } from "./Subscriber.ts"

const makeHub = Effect.gen(function* () {
  const subscribers = yield* Subscribers
  const writer = yield* FrameWriter
  const states = yield* StateFeed
  const live = yield* LiveCursors
  const cursors = yield* SubscriptionCursors
  writer.onDrained((subscriber) => {
    cursors.resume(subscriber)
    states.sendSkipped(subscriber)
  })
  yield* observeGauge("log_seq", "Newest position in the event log.", () => live.seq)
  yield* observeGauge("queue_bytes", "Bytes queued for peers in this process.", () =>
    [...subscribers].reduce((sum, { sink }) => sum + sink.queuedBytes, 0),
  )
  // Immediately: the feed must start at the position of the cursors.
  yield* Effect.forkScoped(followLog, { startImmediately: true })
  yield* Effect.forkScoped(sendPrompts, { startImmediately: true })
  yield* Effect.forkScoped(sendHeartbeats)
  yield* Effect.forkScoped(checkBackpressure)

  return Hub.of({
    send: writer.send,
    subscribe: cursors.subscribe,
    unsubscribe: cursors.unsubscribe,
    add: (subscriber) => void subscribers.add(subscriber),
    remove: (subscriber) => {
      subscriber.closed = true
      subscribers.delete(subscriber)
      live.removeAll(subscriber)
    },
  })
})

/** Delivers the event log to all peers. A batch is encoded once per subscription group and written to each peer in one write. */
export class Hub extends Context.Service<
  Hub,
  {
    add(subscriber: Subscriber): void
    remove(subscriber: Subscriber): void
    /** Replies to the request and starts to deliver events. */
    subscribe(subscriber: Subscriber, request: Subscribe): Effect.Effect<void>
    unsubscribe(subscriber: Subscriber, id: string): void
    send(subscriber: Subscriber, message: ServerMessage): void
  }
>()("@blink-streams/server/Hub") {
  static readonly layer: Layer.Layer<Hub, never, AccountMonitors | MediaUrls | ServerConfig | ServerMetrics> =
    Layer.effect(Hub, makeHub).pipe(
      Layer.provide(SubscriptionCursors.layer),
      Layer.provide(StateFeed.layer),
      Layer.provide([FrameWriter.layer, LiveCursors.layer, ReplayPages.layer, Subscribers.layer]),
    )
}
