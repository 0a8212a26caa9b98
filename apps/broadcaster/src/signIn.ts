import { type BlinkError, Session } from "@blink-streams/core"
import { Effect, Layer, type Redacted, SubscriptionRef } from "effect"
import { type AccountPlace, accountServices } from "./accountServices.ts"

/** Where e-mail address, password and code come from: the environment, a person, an emulator. */
export interface Answers<E> {
  /** A person is there and asked for it just now: then the brake on sign-ins does not hold. */
  readonly attended: boolean
  readonly email: Effect.Effect<string, E>
  readonly password: Effect.Effect<Redacted.Redacted, E>
  /**
   * `channel` says how the code was sent; `wrong` that the one before was not accepted; `earlier` that it was sent to
   * another process, and that none will come for this one.
   */
  pin(asked: {
    readonly channel: string
    readonly wrong: boolean
    readonly earlier: boolean
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
export const ensureSignedIn = <E>(answers: Answers<E>): Effect.Effect<void, E | BlinkError, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const state = SubscriptionRef.get(session.state)
    const before = yield* state
    if (before.state === "active" || before.state === "renewing") return
    // The vendor's page was opened and left: nobody has sent a code, and a session that there was is still good.
    const leftPage = before.state === "awaitingPin" && before.channel === "browser"
    if (leftPage && (yield* hasSession(session))) return
    const earlier = before.state === "awaitingPin" && !leftPage
    if (!earlier)
      yield* session.signIn({
        email: yield* answers.email,
        password: yield* answers.password,
        attended: answers.attended,
      })
    let wrong = false
    for (let now = yield* state; now.state === "awaitingPin"; now = yield* state) {
      const pin: Redacted.Redacted = yield* answers.pin({ channel: now.channel ?? "message", wrong, earlier })
      wrong = yield* session.answerPin(pin).pipe(
        Effect.as(false),
        Effect.catchReason("BlinkError", "WrongPin", (reason, error) =>
          reason.restart ? Effect.fail(error) : Effect.succeed(true),
        ),
      )
    }
  })

/** The services of one account, signed in: they live as long as the scope. */
export const signedIn = <E>(place: AccountPlace, answers: Answers<E>) =>
  Effect.gen(function* () {
    const context = yield* Layer.build(accountServices(place))
    yield* ensureSignedIn(answers).pipe(Effect.provideContext(context))
    return Layer.succeedContext(context)
  })
