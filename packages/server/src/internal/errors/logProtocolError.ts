import type { ProtocolError } from "@blink-streams/protocol"
import { Effect } from "effect"

/** Categories of client mistakes, which are logged at `debug`. */
const clientCategories = { client: true, auth: true, throttled: true, busy: true } as const

/**
 * Logs an error with its code and correlation id: client mistakes at `debug`, others at `warn`. Messages contain
 * no tokens, arguments or prompt values.
 */
export const logProtocolError = ({
  category,
  code,
  message,
  correlationId,
}: ProtocolError): Effect.Effect<void> =>
  (category in clientCategories ? Effect.logDebug(message) : Effect.logWarning(message)).pipe(
    Effect.annotateLogs({ code, correlationId }),
  )
