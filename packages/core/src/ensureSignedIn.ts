import { Effect, type Redacted, SubscriptionRef } from "effect"
import type { BlinkError } from "./BlinkError.ts"
import { Session } from "./Session.ts"

/** Source of e-mail address, password and code: the environment, a user, an emulator. Each is read only when needed. */
export interface CredentialProvider<E> {
  /** A user started this sign-in: the rate limit for automatic sign-ins does not apply. */
  readonly attended: boolean
  readonly email: Effect.Effect<string, E>
  readonly password: Effect.Effect<Redacted.Redacted, E>
  /** The code that Blink sent. */
  pin(request: PinRequest): Effect.Effect<Redacted.Redacted, E>
}

export interface PinRequest {
  /** Channel by which the code was sent, such as `sms`. */
  readonly channel: string
  /** Counts from 1; higher after a wrong code. */
  readonly attempt: number
  /** The code was sent to an earlier process; no new one is sent. */
  readonly sentEarlier: boolean
}

/** True when the saved session is valid or can be renewed without user input. */
const hasSession = (session: Session["Service"]): Effect.Effect<boolean> =>
  session.current.pipe(
    Effect.as(true),
    Effect.catch(({ category }) =>
      Effect.succeed(category !== "needs_user" && category !== "session_expired"),
    ),
  )

/** Submits codes until the sign-in no longer waits for one. A right code may be followed by that of another step. */
const submitPins = Effect.fnUntraced(function* <E>(
  session: Session["Service"],
  credentials: CredentialProvider<E>,
  sentEarlier: boolean,
): Effect.fn.Return<void, E | BlinkError> {
  const state = SubscriptionRef.get(session.state)
  let attempt = 1
  for (let current = yield* state; current.state === "awaiting_pin"; current = yield* state) {
    const pin = yield* credentials.pin({ channel: current.channel ?? "message", attempt, sentEarlier })
    attempt = yield* session.submitPin(pin).pipe(
      Effect.as(1),
      // The sign-in still waits for the right code, unless the cloud has ended it.
      Effect.catchReason("BlinkError", "InvalidPin", (reason, error) =>
        reason.restart ? Effect.fail(error) : Effect.succeed(attempt + 1),
      ),
    )
  }
})

/**
 * Signs in unless the saved session is usable. Reads only the credentials that it needs: none with a usable session,
 * the code alone when a sign-in already waits for one. A wrong password is not requested again, because repeated
 * sign-ins get accounts locked. **Errors.** `BlinkError`, and those of `credentials`.
 *
 * @example
 * ```ts
 * const program = ensureSignedIn({
 *   attended: false,
 *   email: Effect.succeed("me@example.com"),
 *   password: Effect.succeed(Redacted.make(password)),
 *   pin: () => Effect.succeed(Redacted.make(pin)),
 * })
 * ```
 */
export const ensureSignedIn = Effect.fn("ensureSignedIn")(function* <E>(
  credentials: CredentialProvider<E>,
): Effect.fn.Return<void, E | BlinkError, Session> {
  const session = yield* Session
  const { state, channel } = yield* SubscriptionRef.get(session.state)
  if (state === "active" || state === "renewing") return
  // A browser sign-in was opened but not finished: no code was sent, and the previous session is still valid.
  const browserAbandoned = state === "awaiting_pin" && channel === "browser"
  if (browserAbandoned && (yield* hasSession(session))) return
  const sentEarlier = state === "awaiting_pin" && !browserAbandoned
  if (!sentEarlier)
    yield* session.signIn({
      email: yield* credentials.email,
      password: yield* credentials.password,
      attended: credentials.attended,
    })
  yield* submitPins(session, credentials, sentEarlier)
})
