import { Schema } from "effect"

/** What an `error` frame or a failed `result` carries. The correlation id finds the line in the server's log. */
export const ProtocolError = Schema.Struct({
  code: Schema.String,
  category: Schema.Literals(["client", "auth", "throttled", "busy", "upstream", "timeout", "internal"]),
  retryable: Schema.Boolean,
  retryAfterMs: Schema.optionalKey(Schema.Int),
  message: Schema.String,
  correlationId: Schema.String,
  details: Schema.optionalKey(Schema.Json),
})
export type ProtocolError = typeof ProtocolError.Type
