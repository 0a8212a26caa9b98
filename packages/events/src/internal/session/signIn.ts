import { type BlinkError, blinkError, Session, SignedOut } from "@blink-streams/core"
import { Effect, Redacted, SubscriptionRef } from "effect"

/** What a person has to type in. `attempt` counts from 1. */
export type SignInPrompt =
  | { readonly kind: "email"; readonly attempt: number }
  | { readonly kind: "password"; readonly attempt: number }
  | { readonly kind: "two_factor"; readonly attempt: number; readonly channel: string }

/** Asks a person. The answer is used once and not kept. */
export type PromptUser = (prompt: SignInPrompt) => Effect.Effect<Redacted.Redacted, BlinkError>

const submitCode = (promptUser: PromptUser, attempt: number): Effect.Effect<void, BlinkError, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const { state, channel = "sms" } = yield* SubscriptionRef.get(session.state)
    if (state !== "awaitingPin") return
    const pin = yield* promptUser({ kind: "two_factor", attempt, channel })
    const next = yield* session.submitPin(pin).pipe(
      Effect.as(1),
      // The sign-in still waits for the right code, unless this was one too many.
      Effect.catchIf(
        ({ reason }) => reason._tag === "InvalidPin" && !reason.restart,
        () => Effect.succeed(attempt + 1),
      ),
    )
    // A right one may be followed by the code of another step.
    yield* submitCode(promptUser, next)
  })

/**
 * Sees to it that somebody is signed in: goes on with a saved session, or with a sign-in that waits for its code, or
 * begins one. A wrong password is not asked for again: repeated sign-ins are what gets accounts locked.
 */
export const signIn = (promptUser: PromptUser): Effect.Effect<void, BlinkError, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const { state } = yield* SubscriptionRef.get(session.state)
    if (state === "signedOut") {
      const email = Redacted.value(yield* promptUser({ kind: "email", attempt: 1 }))
      const password = yield* promptUser({ kind: "password", attempt: 1 })
      yield* session.signIn({ email, password })
    }
    yield* submitCode(promptUser, 1)
  })

/** For programs that nobody watches: whatever would have to be asked is an error. */
export const rejectPrompts: PromptUser = () => Effect.fail(blinkError("sign in", new SignedOut({})))
