import { type BlinkAccount, type BlinkError, Session } from "@blink-streams/core"
import { Effect, Layer, type Redacted, type Scope, SubscriptionRef } from "effect"
import { type AccountConfig, accountServices } from "./accountServices.ts"

/** Source of e-mail address, password and code: the environment, a user, an emulator. Each is read only when needed. */
export interface CredentialProvider<E> {
  /** A user started this sign-in: the rate limit for automatic sign-ins does not apply. */
  readonly attended: boolean
  readonly email: Effect.Effect<string, E>
  readonly password: Effect.Effect<Redacted.Redacted, E>
  /**
   * The code that Blink sent. `channel`: how it was sent, such as `sms`. `rejected`: the previous code was wrong.
   * `sentEarlier`: the code was sent to an earlier process; no new one is sent.
   */
  pin(request: {
    readonly channel: string
    readonly rejected: boolean
    readonly sentEarlier: boolean
  }): Effect.Effect<Redacted.Redacted, E>
}

/** True when the saved session is valid or can be renewed without user input. */
const hasSession = (session: Session["Service"]): Effect.Effect<boolean> =>
  session.current.pipe(
    Effect.as(true),
    Effect.catch(({ category }) =>
      Effect.succeed(category !== "needs_user" && category !== "session_expired"),
    ),
  )

/**
 * Signs in unless the saved session is usable. Reads only the credentials that it needs: none with a usable session,
 * the code alone when a sign-in already waits for one. **Errors.** `BlinkError`, and those of `credentials`.
 */
export const ensureSignedIn = <E>(
  credentials: CredentialProvider<E>,
): Effect.Effect<void, E | BlinkError, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const state = SubscriptionRef.get(session.state)
    const initial = yield* state
    if (initial.state === "active" || initial.state === "renewing") return
    // A browser sign-in was opened but not finished: no code was sent, and the previous session is still valid.
    const browserAbandoned = initial.state === "awaiting_pin" && initial.channel === "browser"
    if (browserAbandoned && (yield* hasSession(session))) return
    const sentEarlier = initial.state === "awaiting_pin" && !browserAbandoned
    if (!sentEarlier)
      yield* session.signIn({
        email: yield* credentials.email,
        password: yield* credentials.password,
        attended: credentials.attended,
      })
    let rejected = false
    for (let current = yield* state; current.state === "awaiting_pin"; current = yield* state) {
      const pin: Redacted.Redacted = yield* credentials.pin({
        channel: current.channel ?? "message",
        rejected,
        sentEarlier,
      })
      rejected = yield* session.submitPin(pin).pipe(
        Effect.as(false),
        Effect.catchReason("BlinkError", "InvalidPin", (reason, error) =>
          reason.restart ? Effect.fail(error) : Effect.succeed(true),
        ),
      )
    }
  })

/** The services of one account after `ensureSignedIn`, until the scope closes. */
export const signedIn = <E>(
  config: AccountConfig,
  credentials: CredentialProvider<E>,
): Effect.Effect<Layer.Layer<BlinkAccount.BlinkServices>, E | BlinkError, Scope.Scope> =>
  Effect.gen(function* () {
    const context = yield* Layer.build(accountServices(config))
    yield* ensureSignedIn(credentials).pipe(Effect.provideContext(context))
    return Layer.succeedContext(context)
  })
