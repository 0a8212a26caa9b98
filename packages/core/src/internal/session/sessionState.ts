import { type SessionState, timestampToMillis } from "@blink-streams/model"
import { Clock, Duration, Effect, Equal, Semaphore, SubscriptionRef } from "effect"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { StoredGrant, StoredSession } from "../../StoredSession.ts"
import { TokenStore } from "../../TokenStore.ts"
import { PinRequired, SessionExpired, SignedOut } from "../../Reason.ts"

/** Codes are valid for ten minutes. A sign-in that has waited this long was abandoned. */
const pendingLife = Duration.toMillis("1 hour")

/** A pending sign-in is shown even while an earlier session still works. */
const stateOf = ({ grant, pending }: StoredSession): SessionState => {
  if (pending !== null) {
    return { state: "awaiting_pin", channel: pending.channel, resendAfter: pending.resendAfter }
  }
  return { state: grant === null ? "signed_out" : "active" }
}

export const sessionExpired = blinkError("use session", new SessionExpired({}), "no")

/** State after the cloud has ended the session. Only a new sign-in leaves it. */
export const expiredState: SessionState = { state: "signed_out", reason: sessionExpired.hint }

const isSameGrant = (one: StoredGrant, other: StoredGrant | null): boolean =>
  other !== null && Equal.equals(one.accessToken, other.accessToken)

const newSession = Effect.sync((): StoredSession => ({
  version: 1,
  hardwareId: crypto.randomUUID().toUpperCase(),
  grant: null,
  pending: null,
  signIns: [],
}))

/**
 * Session state. The stored session is authoritative; memory holds a copy, from which the published state is
 * derived.
 */
export const makeSessionState = Effect.gen(function* () {
  const store = yield* TokenStore
  const lock = yield* Semaphore.make(1)

  const load = Effect.gen(function* () {
    const stored = (yield* store.load) ?? (yield* newSession)
    const now = yield* Clock.currentTimeMillis
    // In both directions: a clock that was set back must not keep a sign-in pending for years.
    const isStale =
      stored.pending !== null && Math.abs(now - timestampToMillis(stored.pending.startedAt)) > pendingLife
    return isStale ? { ...stored, pending: null } : stored
  })

  const initial = yield* Effect.result(load)
  let stored: StoredSession = initial._tag === "Success" ? initial.success : yield* newSession
  /** Set while the stored session could not be read. */
  let unreadable = initial._tag === "Failure" ? initial.failure : null
  let revision = 0
  /** State after the session has ended; `null` otherwise, also before the first sign-in. */
  let lostState: SessionState | null =
    stored.grant === null && stored.lost !== undefined ? expiredState : null
  const currentState = () => (lostState !== null && stored.pending === null ? lostState : stateOf(stored))
  const state = yield* SubscriptionRef.make<SessionState>(
    unreadable === null ? currentState() : { state: "blocked", reason: unreadable.hint },
  )

  /** Publishes a state, unless it is the current one. */
  const publishState = (next: SessionState) =>
    Effect.suspend(() =>
      Equal.equals(SubscriptionRef.getUnsafe(state), next) ? Effect.void : SubscriptionRef.set(state, next),
    )

  /**
   * Publishes the stored state again. An ended session may not be stored as ended, but is published as such.
   */
  const publishStored = Effect.suspend(() => publishState(currentState()))

  /** Replaces the copy in memory by the stored session. */
  const replace = (next: StoredSession) =>
    Effect.suspend(() => {
      // Only another token revives an ended session: the rejected one stays stored during a new sign-in.
      if (next.grant !== null && !isSameGrant(next.grant, stored.grant)) lostState = null
      stored = next
      unreadable = null
      revision += 1
      return publishStored
    })

  /** Stores the session, then replaces the copy in memory and publishes it. */
  const persist = (next: StoredSession) => Effect.andThen(store.save(next), replace(next))

  /** Ends the session with the given state. Nothing is sent until a user signs in. */
  const invalidate = (reason: SessionState) =>
    Effect.suspend(() => {
      lostState = reason
      return publishState(reason)
    })

  /** Current grant; `null` when the session has ended or a user must sign in. */
  const grant = () => (lostState === null ? stored.grant : null)

  /** Grant from the store, when memory has none: a user may have signed in with another program. */
  const grantOnDisk = Effect.gen(function* () {
    const before = revision
    const onDisk = yield* Effect.option(load)
    if (onDisk._tag === "None" || before !== revision) return grant()
    const isNew = onDisk.value.grant !== null && !isSameGrant(onDisk.value.grant, stored.grant)
    if (isNew || unreadable !== null) yield* replace(onDisk.value)
    return grant()
  })

  /** Clears an ended session after a sign-out. */
  const clearLost = Effect.suspend(() => {
    lostState = null
    return publishStored
  })

  /** Changes the stored session while no other caller or process does. */
  const withLock = <A, E, R>(
    change: (onDisk: StoredSession) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E | BlinkError, R> => lock.withPermit(store.withLock(Effect.flatMap(load, change)))

  /** Fails with the reason why there is no usable session. */
  const noSession: Effect.Effect<never, BlinkError> = Effect.suspend(() => {
    if (unreadable !== null) return Effect.fail(unreadable)
    if (stored.pending !== null)
      return Effect.fail(
        blinkError("use session", new PinRequired({ channel: stored.pending.channel }), "no"),
      )
    return Effect.fail(
      lostState === null ? blinkError("use session", new SignedOut({}), "no") : sessionExpired,
    )
  })

  return {
    state,
    publishState,
    publishStored,
    replace,
    persist,
    /** Stores the session without publishing it. */
    saveUnpublished: (next: StoredSession) => store.save(next),
    invalidate,
    clearLost,
    withLock,
    noSession,
    grant,
    grantOnDisk,
  }
})

export type SessionStateStore = Effect.Success<typeof makeSessionState>
