import { Schema } from "effect"
import { ErrorCategory, ErrorCode, errorCodes } from "./ErrorCode.ts"

/** What an `error` frame or a failed `result` carries. The correlation id finds the line in the server's log. */
export const ProtocolError = Schema.Struct({
  code: ErrorCode,
  category: ErrorCategory,
  retryable: Schema.Boolean,
  /** The least wait before asking again, in milliseconds. */
  retryAfterMs: Schema.optionalKey(Schema.Int),
  /** A sentence for a person. */
  message: Schema.String,
  correlationId: Schema.String,
  details: Schema.optionalKey(Schema.Json),
})
export type ProtocolError = typeof ProtocolError.Type

/** The error of one code; category and `retryable` follow from it. */
export const protocolError = (
  code: ErrorCode,
  message: string,
  correlationId: string,
  extra: Pick<ProtocolError, "retryAfterMs" | "details"> = {},
): ProtocolError => {
  const { category, retryable } = errorCodes[code]
  return { code, category, retryable, message, correlationId, ...extra }
}
