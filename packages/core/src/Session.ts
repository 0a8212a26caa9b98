import type { AccountId, SessionState } from "@blink-streams/model"
import { Context, type Effect, Layer, type Redacted, type SubscriptionRef } from "effect"
import type { HttpClient } from "effect/http"
import type { BlinkConfig } from "./BlinkConfig.ts"
import type { BlinkError } from "./BlinkError.ts"
import type { Budget } from "./Budget.ts"
import { makeSession } from "./internal/session/makeSession.ts"
import type { TokenStore } from "./TokenStore.ts"

/** What one request needs: whose account, where, and the token. */
export interface AuthContext {
  readonly dialect: "oauth" | "legacy"
  readonly accountId: AccountId
  readonly tier: string
  /** Base address without a trailing slash. The token goes nowhere else. */
  readonly baseUrl: string
  readonly token: Redacted.Redacted
  readonly registrationId: number | null
}

export interface Credentials {
  readonly email: string
  readonly password: Redacted.Redacted
  /**
   * A person asked for this just now. Without one there is at most one sign-in in 10 minutes and 5 in a day:
   * a program that is restarted over and over must not lock the account.
   */
  readonly attended?: boolean
}

/**
 * The sign-in of one account as a state machine:
 * `signedOut → authorizing → awaitingPin → active → renewing → blocked`.
 *
 * A new refresh token is on disk before it is used. Nobody but a person starts a sign-in: not even a lost
 * session does, because sign-in loops are what gets accounts locked.
 */
export class Session extends Context.Service<
  Session,
  {
    readonly state: SubscriptionRef.SubscriptionRef<SessionState>

    /**
     * Signs in with a password. Ends in `active`, or in `awaitingPin` when the vendor sent a code.
     *
     * **Errors.** `WrongPassword`, `SignInPaused` (nothing was sent),
     * `EdgeBlocked`, `Throttled`, `Unreachable`.
     */
    signIn(credentials: Credentials): Effect.Effect<void, BlinkError>

    /**
     * Hands in the code. `WrongPin` leaves the sign-in waiting, three of them end it. Ends in `active`, or in
     * `awaitingPin` once more where the account wants this install verified by a code of its own.
     */
    submitPin(pin: Redacted.Redacted): Effect.Effect<void, BlinkError>

    /**
     * Starts a sign-in on the vendor's own page: returns its address, for a browser. Nothing is sent. The page
     * ends at an address that the browser may not be able to open; hand that to `finishHosted`.
     */
    readonly startHosted: Effect.Effect<string, BlinkError>

    /** `finalUrl` is the address at which the vendor's page ended. It holds a one-time code. */
    finishHosted(finalUrl: Redacted.Redacted): Effect.Effect<void, BlinkError>

    /** A grant that works now; renewed first when it is about to expire. Many callers cause one renewal. */
    readonly current: Effect.Effect<AuthContext, BlinkError>

    /** After a 401 with `rejected`: another grant, by one renewal for all callers. */
    renew(rejected: AuthContext): Effect.Effect<AuthContext, BlinkError>

    /**
     * A token that was renewed just now is rejected as well. Nothing is sent any more until a person signs in, or
     * this program starts anew and tries once.
     */
    invalidate(rejected: AuthContext): Effect.Effect<void>

    /** Asks again where the account lives: it may have moved to another tier. */
    refreshTier(rejected: AuthContext): Effect.Effect<AuthContext, BlinkError>

    /** Ends the session at the cloud, as far as it can be reached, and forgets it here. */
    readonly logout: Effect.Effect<void, BlinkError>
  }
>()("@blink-streams/core/Session") {
  static readonly layer: Layer.Layer<
    Session,
    never,
    BlinkConfig | TokenStore | Budget | HttpClient.HttpClient
  > = Layer.effect(Session, makeSession)
}
