import type { SessionState } from "@blink-streams/model"
import { Context, type Effect, Layer, type Redacted, type SubscriptionRef } from "effect"
import type { HttpClient } from "effect/http"
import type { AuthContext, Credentials } from "./AuthContext.ts"
import type { BlinkConfig } from "./BlinkConfig.ts"
import type { BlinkError } from "./BlinkError.ts"
import type { Budget } from "./Budget.ts"
import { Transport } from "./internal/http/Transport.ts"
import { makeSession } from "./internal/session/makeSession.ts"
import { SessionStateStore } from "./internal/session/store/SessionStateStore.ts"
import { TokenRenewal } from "./internal/session/TokenRenewal.ts"
import type { TokenStore } from "./TokenStore.ts"

/**
 * Sign-in of one account as a state machine: `signed_out → authorizing → awaiting_pin → active → renewing →
 * blocked`.
 *
 * A new refresh token is stored before it is used. Only a user starts a sign-in, also after an expired
 * session, because repeated sign-ins get accounts locked.
 *
 * @example
 * ```ts
 * const program = Effect.gen(function* () {
 *   const session = yield* Session
 *   yield* session.signIn({ email, password: Redacted.make(password), attended: true })
 *   yield* session.submitPin(Redacted.make(pin))
 * })
 * ```
 */
export class Session extends Context.Service<
  Session,
  {
    readonly state: SubscriptionRef.SubscriptionRef<SessionState>

    /**
     * Signs in with a password. Ends in `active`, or in `awaiting_pin` when the vendor sent a code.
     *
     * **Errors.** `InvalidCredentials`, `SignInPaused` (nothing was sent), `EdgeBlocked`, `Throttled`,
     * `Unreachable`.
     */
    signIn(credentials: Credentials): Effect.Effect<void, BlinkError>

    /**
     * Submits the code. The sign-in keeps waiting after `InvalidPin` and ends with the third one. Ends in
     * `active`, or in `awaiting_pin` again when the account wants this client verified by another code.
     */
    submitPin(pin: Redacted.Redacted): Effect.Effect<void, BlinkError>

    /**
     * Starts a sign-in on the vendor's page and returns its address for a browser. Sends nothing. The page
     * redirects to an address that the browser may not be able to open; pass that address to `finishHosted`.
     */
    readonly startHosted: Effect.Effect<string, BlinkError>

    /**
     * Finishes a sign-in on the vendor's page. `finalUrl` is the address to which the page redirected. It
     * contains a one-time code.
     */
    finishHosted(finalUrl: Redacted.Redacted): Effect.Effect<void, BlinkError>

    /**
     * Valid token with its account and base address. An expiring token is renewed first; concurrent callers
     * share one renewal.
     */
    readonly current: Effect.Effect<AuthContext, BlinkError>

    /** Renews the token after a 401 with `rejected`. Concurrent callers share one renewal. */
    renew(rejected: AuthContext): Effect.Effect<AuthContext, BlinkError>

    /**
     * Ends the session after a renewed token was rejected as well. Nothing is sent until a user signs in, or
     * until the next start of this program, which tries once.
     */
    invalidate(rejected: AuthContext): Effect.Effect<void>

    /** Asks for the account's tier again, because the account may have moved. */
    refreshTier(rejected: AuthContext): Effect.Effect<AuthContext, BlinkError>

    /** Ends the session in the cloud, if it can be reached, and deletes it locally. */
    readonly logout: Effect.Effect<void, BlinkError>
  }
>()("@blink-streams/core/Session") {
  static readonly layer: Layer.Layer<
    Session,
    never,
    BlinkConfig | TokenStore | Budget | HttpClient.HttpClient
  > = Layer.effect(Session, makeSession).pipe(
    Layer.provide(TokenRenewal.layer),
    Layer.provide([SessionStateStore.layer, Transport.layer]),
  )
}
