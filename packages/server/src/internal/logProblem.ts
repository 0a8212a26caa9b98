import type { ProtocolError } from "@blink-streams/protocol/ProtocolError"
import { Effect } from "effect"

/** The mistakes of clients are many and theirs; they are shown to whoever turns on `debug`. */
const isTheirs = { client: true, auth: true, throttled: true, busy: true } as const

/** The line that a correlation id finds. The messages are sentences of ours: nothing that was sent is in them. */
export const logProblem = ({ category, code, message, correlationId }: ProtocolError): Effect.Effect<void> =>
  (category in isTheirs ? Effect.logDebug(message) : Effect.logWarning(message)).pipe(
    Effect.annotateLogs({ code, correlationId }),
  )
