import { type BlinkError, blinkError, Session, SignedOut } from "@blink-streams/core"
import { Effect, Redacted, SubscriptionRef } from "effect"

/** Input that a person has to provide. `attempt` counts from 1. */
export type SignInPrompt =
  | { readonly kind: "email"; readonly attempt: number }
  | { readonly kind: "password"; readonly attempt: number }
  | { readonly kind: "two_factor"; readonly attempt: number; readonly channel: string }

/** Requests input from a person. The value is used once and not kept. */
export type PromptUser = (prompt: SignInPrompt) => Effect.Effect<Redacted.Redacted, BlinkError>

const submitCode = (promptUser: PromptUser, attempt: number): Effect.Effect<void, BlinkError, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const { state, channel = "sms" } = yield* SubscriptionRef.get(session.state)
    if (state !== "awaiting_pin") return
    const pin = yield* promptUser({ kind: "two_factor", attempt, channel })
    const next = yield* session.submitPin(pin).pipe(
      Effect.as(1),
      // The sign-in still waits for the right code, unless the cloud has ended it.
      Effect.catchIf(
        ({ reason }) => reason._tag === "InvalidPin" && !reason.restart,
        () => Effect.succeed(attempt + 1),
      ),
    )
    // A right code may be followed by the code of another step.
    yield* submitCode(promptUser, next)
  })

/**
 * Makes sure that there is a session: resumes a saved one, or a sign-in that waits for its code, or starts a sign-in. A
 * wrong password is not requested again, because repeated sign-ins get accounts locked.
 */
export const signIn = (promptUser: PromptUser): Effect.Effect<void, BlinkError, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const { state } = yield* SubscriptionRef.get(session.state)
    if (state === "signed_out") {
      const email = Redacted.value(yield* promptUser({ kind: "email", attempt: 1 }))
      const password = yield* promptUser({ kind: "password", attempt: 1 })
      yield* session.signIn({ email, password })
    }
    yield* submitCode(promptUser, 1)
  })

/** Rejects every prompt with `SignedOut`, for unattended programs. */
export const rejectPrompts: PromptUser = () => Effect.fail(blinkError("sign in", new SignedOut({}), "no"))
