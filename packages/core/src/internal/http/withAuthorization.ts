import { Effect } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Session } from "../../Session.ts"

type Attempt<A> = (context: AuthContext) => Effect.Effect<A, BlinkError>

/**
 * Marks the errors of a request that only prepares another, such as a renewal: the other one was not sent, or
 * was turned away for its token or tier.
 */
export const beforeSending = <A>(effect: Effect.Effect<A, BlinkError>): Effect.Effect<A, BlinkError> =>
  Effect.mapError(effect, ({ operation, reason }) => blinkError(operation, reason, "no"))

/** Repeats a rejected request at the account's tier, if that has changed. Fails with `error` otherwise. */
const retryAtNewTier = <A>(
  session: Session["Service"],
  attempt: Attempt<A>,
  rejected: AuthContext,
  error: BlinkError,
): Effect.Effect<A, BlinkError> =>
  Effect.flatMap(beforeSending(session.refreshTier(rejected)), (moved) =>
    moved.tier === rejected.tier ? Effect.fail(error) : attempt(moved),
  )

const retryWithNewToken = <A>(
  session: Session["Service"],
  attempt: Attempt<A>,
  rejected: AuthContext,
): Effect.Effect<A, BlinkError> =>
  Effect.flatMap(beforeSending(session.renew(rejected)), (renewed) =>
    attempt(renewed).pipe(
      Effect.catchReason("BlinkError", "SessionExpired", (_, error) =>
        Effect.tapError(retryAtNewTier(session, attempt, renewed, error), ({ reason }) =>
          reason._tag === "SessionExpired" ? session.invalidate(renewed) : Effect.void,
        ),
      ),
    ),
  )

/**
 * Sends a request with the account's token. Repeats it once with a renewed token after a 401, and once at
 * another tier when the account has moved. Never a third time: a token that is rejected right after its
 * renewal ends the session.
 */
export const withAuthorization = <A>(
  session: Session["Service"],
  attempt: Attempt<A>,
): Effect.Effect<A, BlinkError> =>
  Effect.flatMap(beforeSending(session.current), (context) =>
    attempt(context).pipe(
      Effect.catchReason("BlinkError", "SessionExpired", () => retryWithNewToken(session, attempt, context)),
      Effect.catchReason("BlinkError", "AccessDenied", (_, error) =>
        retryAtNewTier(session, attempt, context, error),
      ),
    ),
  )
