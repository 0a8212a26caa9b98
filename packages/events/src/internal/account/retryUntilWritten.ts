import { Effect, Schedule } from "effect"
import type { LogError } from "../../LogError.ts"

/** Retries until the log has taken it, because no later poll reports it again. */
export const retryUntilWritten = (write: Effect.Effect<void, LogError>): Effect.Effect<void> =>
  write.pipe(
    Effect.catchDefect((cause) => Effect.fail(new Error("the event log failed unexpectedly", { cause }))),
    Effect.tapError((error) => Effect.logError(error.message)),
    Effect.retry(Schedule.spaced("15 seconds")),
    Effect.orDie,
  )
