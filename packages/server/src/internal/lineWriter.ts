import type { ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { textFrames } from "./frames.ts"
import type { Line } from "./Line.ts"
import type { Stats } from "./Stats.ts"

export interface LineWriter {
  /** Frames as they are. */
  readonly write: (line: Line, frames: Buffer) => void
  readonly send: (line: Line, message: ServerMessage) => void
}

/**
 * Writes to peers and notices who takes less than it gets. Such a one is *stuck*: nothing more is read from it either,
 * since its requests would only make more answers wait.
 */
export const makeLineWriter = (options: {
  readonly highWaterBytes: number
  readonly stats: Stats
  readonly now: () => number
  /** A peer that was stuck has taken everything. */
  readonly onDrained: (line: Line) => void
}): LineWriter => {
  const { highWaterBytes, stats, now, onDrained } = options

  const write = (line: Line, frames: Buffer) => {
    if (line.closed) return
    const { outlet } = line
    stats.writes += 1
    stats.bytes += frames.length
    outlet.write(frames)
    // What comes on top is no sign that nothing was taken.
    if (line.stuck !== null) line.stuck.waiting += frames.length
    if (line.stuck !== null || outlet.waiting <= highWaterBytes) return
    line.stuck = { since: now(), waiting: outlet.waiting }
    outlet.pause()
    outlet.onceDrained(() => {
      line.stuck = null
      outlet.resume()
      if (!line.closed) onDrained(line)
    })
  }

  return {
    write,
    send: (line, message) => {
      stats.frames += 1
      write(line, textFrames([JSON.stringify(message)]))
    },
  }
}
