import { Effect, type Redacted } from "effect"
import { BlinkConfig } from "../../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../../BlinkError.ts"
import { InvalidPin, Rejected, SignedOut } from "../../../Reason.ts"
import type { PendingSignIn, StoredSession } from "../../../StoredSession.ts"
import { budgeted } from "../budgeted.ts"
import { verifyRegistrationPin } from "../clientRegistration.ts"
import { toAuthContext } from "../grants.ts"
import type { SignInFlow } from "../oauth/signInFlow.ts"
import { submitCode } from "../oauth/submitCode.ts"
import { finishPasswordSignIn } from "../oauth/tokens.ts"
import { SessionStateStore } from "../store/SessionStateStore.ts"
import { completeSignIn, whileAuthorizing } from "./signInSteps.ts"

const operation = "verify code"
const maxWrongPins = 3

const verifyPin = Effect.fnUntraced(function* (
  stored: StoredSession,
  pending: PendingSignIn,
  pin: Redacted.Redacted,
) {
  const settings = yield* BlinkConfig
  const sessionState = yield* SessionStateStore
  const { grant, verifier, csrf, cookies } = pending
  if (grant?.location) {
    yield* budgeted(verifyRegistrationPin(toAuthContext(settings, grant, grant.location), pin))
    return yield* sessionState.persist({ ...stored, grant, pending: null })
  }
  if (!verifier || !csrf || !cookies)
    return yield* blinkError(operation, new InvalidPin({ restart: true }), "no")
  const flow: SignInFlow = { verifier, csrf, cookies }
  const verified = yield* budgeted(submitCode(flow, pin))
  const tokens = finishPasswordSignIn(verified, stored.hardwareId)
  return yield* completeSignIn(stored, tokens, settings.identity.clientId)
})

/** Counts wrong codes. The sign-in ends after the third, or when the vendor requires a new code. */
const countWrongPin = Effect.fnUntraced(function* (
  stored: StoredSession,
  pending: PendingSignIn,
  { restart }: InvalidPin,
  sent: BlinkError["sent"],
) {
  const sessionState = yield* SessionStateStore
  const wrongPins = pending.wrongPins + 1
  const isOver = restart || wrongPins >= maxWrongPins
  yield* sessionState.persist({ ...stored, pending: isOver ? null : { ...pending, wrongPins } })
  return yield* blinkError(operation, new InvalidPin({ restart: isOver }), sent)
})

/** Error when no code can be submitted: the vendor's page asks for it itself, and an active session needs none. */
const noPinAwaited = ({ grant, pending }: StoredSession) =>
  blinkError(
    operation,
    grant === null && pending === null
      ? new SignedOut({})
      : new Rejected({ status: 0, code: null, detail: "no code is expected" }),
    "no",
  )

/** Submits the code of a pending sign-in. */
export const submitPin = Effect.fn("Session.submitPin")(function* (pin: Redacted.Redacted) {
  const { withLock } = yield* SessionStateStore
  yield* withLock(
    Effect.fnUntraced(function* (stored: StoredSession) {
      const { pending } = stored
      if (pending === null || pending.dialect === "hosted") return yield* noPinAwaited(stored)
      return yield* whileAuthorizing(verifyPin(stored, pending, pin)).pipe(
        Effect.catchReason("BlinkError", "InvalidPin", (reason, { sent }) =>
          countWrongPin(stored, pending, reason, sent),
        ),
      )
    }),
  )
})
