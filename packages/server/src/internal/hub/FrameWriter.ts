import type { ServerMessage } from "@blink-streams/protocol"
import { Clock, Context, Effect, Layer } from "effect"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { ServerConfig } from "../ServerConfig.ts"
import { textFrames } from "../socket/frames.ts"
import type { Subscriber } from "./Subscriber.ts"

const makeFrameWriter = Effect.gen(function* () {
  const { highWaterBytes } = (yield* ServerConfig).limits
  const metrics = yield* ServerMetrics
  const clock = yield* Clock.Clock
  const drainListeners: Array<(subscriber: Subscriber) => void> = []

  /** Marks a peer as behind until the bytes in its queue have been sent. */
  const applyBackpressure = (subscriber: Subscriber) => {
    const { sink } = subscriber
    subscriber.backpressured = { since: clock.currentTimeMillisUnsafe(), queuedBytes: sink.queuedBytes }
    sink.pause()
    sink.onceDrained(() => {
      subscriber.backpressured = null
      sink.resume()
      if (!subscriber.closed) for (const listener of drainListeners) listener(subscriber)
    })
  }

  const write = (subscriber: Subscriber, frames: Buffer, count: number) => {
    if (subscriber.closed) return
    const { sink } = subscriber
    metrics.frames += count
    metrics.writes += 1
    metrics.bytes += frames.length
    sink.write(frames)
    // Added bytes raise the reference too, so that any byte the peer reads counts as progress.
    if (subscriber.backpressured !== null) subscriber.backpressured.queuedBytes += frames.length
    else if (sink.queuedBytes > highWaterBytes) applyBackpressure(subscriber)
  }

  return FrameWriter.of({
    write,
    send: (subscriber, message) => write(subscriber, textFrames([JSON.stringify(message)]), 1),
    onDrained: (listener) => void drainListeners.push(listener),
  })
})

/**
 * Writes to subscribers and applies backpressure: while more than `highWaterBytes` are queued, nothing is read
 * from the peer, because its requests would only queue more replies.
 */
export class FrameWriter extends Context.Service<
  FrameWriter,
  {
    /** Writes encoded frames, `count` in number. */
    readonly write: (subscriber: Subscriber, frames: Buffer, count: number) => void
    /** Encodes and writes a message. */
    readonly send: (subscriber: Subscriber, message: ServerMessage) => void
    /** Calls `listener` whenever a backpressured peer has drained. */
    readonly onDrained: (listener: (subscriber: Subscriber) => void) => void
  }
>()("@blink-streams/server/FrameWriter") {
  static readonly layer: Layer.Layer<FrameWriter, never, ServerConfig | ServerMetrics> = Layer.effect(
    FrameWriter,
    makeFrameWriter,
  )
}
