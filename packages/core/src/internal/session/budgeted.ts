import type { Effect } from "effect"
import type { BlinkError } from "../../BlinkError.ts"
import { Budget } from "../../Budget.ts"

/** Counts and queues a request of the sign-in like all others. */
export const budgeted = <A, E, R>(
  request: Effect.Effect<A, E | BlinkError, R>,
): Effect.Effect<A, E | BlinkError, R | Budget> => Budget.use(({ spend }) => spend("command")(request))
