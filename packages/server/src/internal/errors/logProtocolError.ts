import type { ProtocolError } from "@blink-streams/protocol"
import { Effect } from "effect"

/** The mistakes of clients are many and theirs; they are shown to whoever turns on `debug`. */
const clientCategories = { client: true, auth: true, throttled: true, busy: true } as const

/** The line that a correlation id finds. The messages are sentences of ours: nothing that was sent is in them. */
export const logProtocolError = ({
  category,
  code,
  message,
  correlationId,
}: ProtocolError): Effect.Effect<void> =>
  (category in clientCategories ? Effect.logDebug(message) : Effect.logWarning(message)).pipe(
    Effect.annotateLogs({ code, correlationId }),
  )
