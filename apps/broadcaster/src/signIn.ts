import { type BlinkError, Session } from "@blink-streams/core"
import { Effect, Layer, type Redacted, SubscriptionRef } from "effect"
import { type AccountConfig, accountServices } from "./accountServices.ts"

/** Where e-mail address, password and code come from: the environment, a person, an emulator. */
export interface CredentialProvider<E> {
  /** A person is there and asked for it just now: then the brake on sign-ins does not hold. */
  readonly attended: boolean
  readonly email: Effect.Effect<string, E>
  readonly password: Effect.Effect<Redacted.Redacted, E>
  /**
   * `channel` says how the code was sent; `wrong` that the one before was not accepted; `earlier` that it was sent to
   * another process, and that none will come for this one.
   */
  pin(request: {
    readonly channel: string
    readonly rejected: boolean
    readonly sentEarlier: boolean
  }): Effect.Effect<Redacted.Redacted, E>
}

/** Whether there is a session to work with, as far as that is known without a person. */
const hasSession = (session: Session["Service"]): Effect.Effect<boolean> =>
  session.current.pipe(
    Effect.as(true),
    Effect.catch(({ category }) => Effect.succeed(category !== "needsUser" && category !== "sessionLost")),
  )

/**
 * Ends with a session that works. Asks for nothing that is not needed: a saved session asks nothing, a sign-in
 * that waits for its code asks for the code only.
 */
export const ensureSignedIn = <E>(
  credentials: CredentialProvider<E>,
): Effect.Effect<void, E | BlinkError, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const state = SubscriptionRef.get(session.state)
    const initial = yield* state
    if (initial.state === "active" || initial.state === "renewing") return
    // The vendor's page was opened and left: nobody has sent a code, and a session that there was is still good.
    const browserAbandoned = initial.state === "awaitingPin" && initial.channel === "browser"
    if (browserAbandoned && (yield* hasSession(session))) return
    const sentEarlier = initial.state === "awaitingPin" && !browserAbandoned
    if (!sentEarlier)
      yield* session.signIn({
        email: yield* credentials.email,
        password: yield* credentials.password,
        attended: credentials.attended,
      })
    let rejected = false
    for (let current = yield* state; current.state === "awaitingPin"; current = yield* state) {
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

/** The services of one account, signed in: they live as long as the scope. */
export const signedIn = <E>(config: AccountConfig, credentials: CredentialProvider<E>) =>
  Effect.gen(function* () {
    const context = yield* Layer.build(accountServices(config))
    yield* ensureSignedIn(credentials).pipe(Effect.provideContext(context))
    return Layer.succeedContext(context)
  })
