import { Schema } from "effect"
import { ErrorCategory, ErrorCode, errorCodes } from "./ErrorCode.ts"

/** Error of an `error` message or a failed `result`. The server's log entry contains the correlation id. */
export const ProtocolError = Schema.Struct({
  code: ErrorCode,
  category: ErrorCategory,
  retryable: Schema.Boolean,
  /** Minimum delay before a retry, in milliseconds. */
  retryAfterMs: Schema.optionalKey(Schema.Int),
  /** A sentence for users. */
  message: Schema.String,
  correlationId: Schema.String,
  details: Schema.optionalKey(Schema.Json),
})
export type ProtocolError = typeof ProtocolError.Type

/** Builds the error of `code` with its category and `retryable` flag. */
export const protocolError = (
  code: ErrorCode,
  message: string,
  correlationId: string,
  extra: Pick<ProtocolError, "retryAfterMs" | "details"> = {},
): ProtocolError => {
  const { category, retryable } = errorCodes[code]
  return { code, category, retryable, message, correlationId, ...extra }
}
