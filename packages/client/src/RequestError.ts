import type { ErrorCode, ProtocolError } from "@blink-streams/protocol"

/**
 * Error of a request: a command, a prompt, or any request over HTTP. Besides the codes of the server:
 * `connection_closed` when the client was closed before the outcome arrived, `no_response` when no server responds in time,
 * `invalid_response` when the response is not one of a blink-streams server.
 */
export class RequestError extends Error {
  override readonly name = "RequestError"
  readonly code: ErrorCode | "connection_closed" | "no_response" | "invalid_response"
  /** True when the same request may succeed later without user action. */
  readonly retryable: boolean
  /** Minimum delay before a retry, in milliseconds; `null` when the server sends none. */
  readonly retryAfterMs: number | null
  /** Id of the server's log entry; `null` when the error originates in the client. */
  readonly correlationId: string | null

  constructor(
    error: Pick<RequestError, "code" | "message" | "retryable"> &
      Partial<Pick<ProtocolError, "retryAfterMs" | "correlationId">>,
  ) {
    super(error.message)
    this.code = error.code
    this.retryable = error.retryable
    this.retryAfterMs = error.retryAfterMs ?? null
    this.correlationId = error.correlationId ?? null
  }
}
