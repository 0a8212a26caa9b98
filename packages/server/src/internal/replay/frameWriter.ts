import type { ServerMessage } from "@blink-streams/protocol"
import type { Stats } from "../metrics/Stats.ts"
import { textFrames } from "../socket/frames.ts"
import type { Subscriber } from "./Subscriber.ts"

export interface FrameWriter {
  /** Writes encoded frames. */
  readonly write: (subscriber: Subscriber, frames: Buffer) => void
  /** Encodes and writes a message. */
  readonly send: (subscriber: Subscriber, message: ServerMessage) => void
}

/**
 * Writes to subscribers and applies backpressure: while more than `highWaterBytes` are queued, nothing is read
 * from the peer, because its requests would only queue more replies.
 */
export const makeFrameWriter = (options: {
  readonly highWaterBytes: number
  readonly stats: Stats
  readonly now: () => number
  /** Called when a backpressured peer has drained. */
  readonly onDrained: (subscriber: Subscriber) => void
}): FrameWriter => {
  const { highWaterBytes, stats, now, onDrained } = options

  const write = (subscriber: Subscriber, frames: Buffer) => {
    if (subscriber.closed) return
    const { sink } = subscriber
    stats.writes += 1
    stats.bytes += frames.length
    sink.write(frames)
    // Added bytes raise the reference too, so that any byte the peer reads counts as progress.
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
