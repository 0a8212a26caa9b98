import type { ServerMessage } from "@blink-streams/protocol"
import { textFrames } from "../socket/frames.ts"
import type { Subscriber } from "./Subscriber.ts"
import type { Stats } from "../metrics/Stats.ts"

export interface FrameWriter {
  /** Frames as they are. */
  readonly write: (subscriber: Subscriber, frames: Buffer) => void
  readonly send: (subscriber: Subscriber, message: ServerMessage) => void
}

/**
 * Writes to peers and notices who takes less than it gets. Such a one is *stuck*: nothing more is read from it either,
 * since its requests would only make more answers wait.
 */
export const makeFrameWriter = (options: {
  readonly highWaterBytes: number
  readonly stats: Stats
  readonly now: () => number
  /** A peer that was stuck has taken everything. */
  readonly onDrained: (subscriber: Subscriber) => void
}): FrameWriter => {
  const { highWaterBytes, stats, now, onDrained } = options

  const write = (subscriber: Subscriber, frames: Buffer) => {
    if (subscriber.closed) return
    const { sink } = subscriber
    stats.writes += 1
    stats.bytes += frames.length
    sink.write(frames)
    // What comes on top is no sign that nothing was taken.
    if (subscriber.backpressured !== null) subscriber.backpressured.queuedBytes += frames.length
    if (subscriber.backpressured !== null || sink.queuedBytes <= highWaterBytes) return
    subscriber.backpressured = { since: now(), queuedBytes: sink.queuedBytes }
    sink.pause()
    sink.onceDrained(() => {
      subscriber.backpressured = null
      sink.resume()
      if (!subscriber.closed) onDrained(subscriber)
    })
  }

  return {
    write,
    send: (subscriber, message) => {
      stats.frames += 1
      write(subscriber, textFrames([JSON.stringify(message)]))
    },
  }
}
