import type { ErrorCode, ProtocolError } from "@blink-streams/protocol"

/**
 * Error of a command or prompt. Code `connection_closed` means that the client was closed before the outcome
 * arrived.
 */
export class CommandError extends Error {
  override readonly name = "CommandError"
  readonly code: ErrorCode | "connection_closed"
  /** True when the same request may succeed later without user action. */
  readonly retryable: boolean
  /** Minimum delay before a retry, in milliseconds; `null` when the server sends none. */
  readonly retryAfterMs: number | null
  /** Id of the server's log entry; `null` when the error originates in the client. */
  readonly correlationId: string | null

  constructor(error: Pick<ProtocolError, "message" | "retryable"> & Partial<ProtocolError>) {
    super(error.message)
    this.code = error.code ?? "connection_closed"
    this.retryable = error.retryable
    this.retryAfterMs = error.retryAfterMs ?? null
    this.correlationId = error.correlationId ?? null
  }
}
