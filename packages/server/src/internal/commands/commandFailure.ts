import { type ProtocolError, protocolError } from "@blink-streams/protocol"
import { Cause, Effect, Result } from "effect"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { logProtocolError } from "../errors/logProtocolError.ts"

/** Logs an error and returns it as the outcome of a command. */
export const commandFailure = Effect.fnUntraced(function* ({
  code,
  message,
  details,
}: Pick<ProtocolError, "code" | "message" | "details">) {
  const failure = protocolError(
    code,
    message,
    yield* makeCorrelationId,
    details === undefined ? {} : { details },
  )
  yield* logProtocolError(failure)
  return Result.fail(failure)
})

/** Returns the outcome of a command that was interrupted or died. */
export const causeOutcome = Effect.fnUntraced(function* (cause: Cause.Cause<never>) {
  if (Cause.hasInterruptsOnly(cause))
    return yield* commandFailure({
      code: "cancelled",
      message: "the command was cancelled; it may still take effect",
    })
  const correlationId = yield* makeCorrelationId
  yield* Effect.logError("command failed with a defect", cause).pipe(Effect.annotateLogs({ correlationId }))
  return Result.fail(protocolError("internal", "internal server error", correlationId))
})
