/** Destination of frames. Keeps the hub independent of the socket library. */
export interface FrameSink {
  /** Writes bytes. Those that the operating system does not accept are queued in this process. */
  write(frames: Buffer): void
  /** Bytes queued in this process. */
  readonly queuedBytes: number
  /** Calls back once, when all queued bytes are flushed. */
  onceDrained(onDrained: () => void): void
  /** Buffers writes until `uncork`, so that they leave together. */
  cork(): void
  uncork(): void
  /** Stops reading messages of the peer until `resume`. */
  pause(): void
  resume(): void
  /** Sends a ping. Closes with 4408 when two pings had no pong. */
  ping(): void
  close(code: number, reason: string): void
  /** Closes without a close frame. */
  destroy(): void
}
