import type { ErrorCode, ProtocolError } from "@blink-streams/protocol"

/** Why a command or an answer failed. `connection_closed` is ours: the client was closed before the verdict came. */
export class CommandError extends Error {
  override readonly name = "CommandError"
  readonly code: ErrorCode | "connection_closed"
  /** Whether the same request may succeed later with nobody acting. */
  readonly retryable: boolean
  /** The least wait before asking again, in milliseconds. */
  readonly retryAfterMs: number | null
  /** Finds the line in the server's log; `null` when the server did not answer. */
  readonly correlationId: string | null

  constructor(error: Pick<ProtocolError, "message" | "retryable"> & Partial<ProtocolError>) {
    super(error.message)
    this.code = error.code ?? "connection_closed"
    this.retryable = error.retryable
    this.retryAfterMs = error.retryAfterMs ?? null
    this.correlationId = error.correlationId ?? null
  }
}
