import { type SessionState, timestampToMillis } from "@blink-streams/model"
import { Clock, Duration, Effect, Equal, Semaphore, SubscriptionRef } from "effect"
import { type BlinkError, blinkError, PinRequired, SessionExpired, SignedOut } from "../../BlinkError.ts"
import type { StoredGrant, StoredSession } from "../../StoredSession.ts"
import { TokenStore } from "../../TokenStore.ts"

/** A code is good for ten minutes; a sign-in that has waited this long was given up. */
const pendingLife = Duration.toMillis("1 hour")

/** A sign-in that waits for a code shows before a session that still works meanwhile. */
const stateOf = ({ grant, pending }: StoredSession): SessionState => {
  if (pending !== null) {
    return { state: "awaitingPin", channel: pending.channel, resendAfter: pending.resendAfter }
  }
  return { state: grant === null ? "signedOut" : "active" }
}

export const sessionExpired = blinkError("use session", new SessionExpired({}))

/** The cloud has ended the session: nothing but a person gets out of this. */
export const expiredState: SessionState = { state: "signedOut", reason: sessionExpired.hint }

const isSameGrant = (one: StoredGrant, other: StoredGrant | null): boolean =>
  other !== null && Equal.equals(one.accessToken, other.accessToken)

const newSession = Effect.sync((): StoredSession => ({
  version: 1,
  hardwareId: crypto.randomUUID().toUpperCase(),
  grant: null,
  pending: null,
  signIns: [],
}))

/** What is on disk is the truth. What is in memory is a copy of it, and what is shown is made from that. */
export const makeSessionState = Effect.gen(function* () {
  const store = yield* TokenStore
  const lock = yield* Semaphore.make(1)

  const load = Effect.gen(function* () {
    const stored = (yield* store.load) ?? (yield* newSession)
    const now = yield* Clock.currentTimeMillis
    // Either way: a clock that was set back must not keep a sign-in waiting for years.
    const isStale =
      stored.pending !== null && Math.abs(now - timestampToMillis(stored.pending.startedAt)) > pendingLife
    return isStale ? { ...stored, pending: null } : stored
  })

  const initial = yield* Effect.result(load)
  let stored: StoredSession = initial._tag === "Success" ? initial.success : yield* newSession
  /** Nobody knows whether somebody is signed in. */
  let unreadable = initial._tag === "Failure" ? initial.failure : null
  let revision = 0
  /** How the cloud ended the session; `null` while it has not. Nobody having signed in yet is no loss. */
  let lostState: SessionState | null =
    stored.grant === null && stored.lost !== undefined ? expiredState : null
  const currentState = () => (lostState !== null && stored.pending === null ? lostState : stateOf(stored))
  const state = yield* SubscriptionRef.make<SessionState>(
    unreadable === null ? currentState() : { state: "blocked", reason: unreadable.hint },
  )

  /** Told once, however often it is the case. */
  const publishState = (next: SessionState) =>
    Effect.suspend(() =>
      Equal.equals(SubscriptionRef.getUnsafe(state), next) ? Effect.void : SubscriptionRef.set(state, next),
    )

  /** As it is on disk, after something else was shown for a while. A loss may not be on disk, but is no less true. */
  const publishStored = Effect.suspend(() => publishState(currentState()))

  /** Takes over what is on disk. */
  const replace = (next: StoredSession) =>
    Effect.suspend(() => {
      // Only another token ends a loss: the one that was rejected stays on disk while a person signs in again.
      if (next.grant !== null && !isSameGrant(next.grant, stored.grant)) lostState = null
      stored = next
      unreadable = null
      revision += 1
      return publishStored
    })

  /** On disk first, then in memory and in the open. */
  const persist = (next: StoredSession) => Effect.andThen(store.save(next), replace(next))

  /** The session has ended, in the sense of `how`: until somebody signs in, nothing is sent. */
  const invalidate = (reason: SessionState) =>
    Effect.suspend(() => {
      lostState = reason
      return publishState(reason)
    })

  /** The grant to work with now. */
  const grant = () => (lostState === null ? stored.grant : null)

  /** The same where there is none here: a person may have signed in with another program in the meantime. */
  const grantOnDisk = Effect.gen(function* () {
    const before = revision
    const onDisk = yield* Effect.option(load)
    if (onDisk._tag === "None" || before !== revision) return grant()
    const isNew = onDisk.value.grant !== null && !isSameGrant(onDisk.value.grant, stored.grant)
    if (isNew || unreadable !== null) yield* replace(onDisk.value)
    return grant()
  })

  /** A person has signed out: nothing is lost any more. */
  const clearLost = Effect.suspend(() => {
    lostState = null
    return publishStored
  })

  /** Changes what is on disk, alone among callers and processes. */
  const withLock = <A, E, R>(
    change: (onDisk: StoredSession) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E | BlinkError, R> => lock.withPermit(store.withLock(Effect.flatMap(load, change)))

  /** Why there is no session to use. */
  const noSession: Effect.Effect<never, BlinkError> = Effect.suspend(() => {
    if (unreadable !== null) return Effect.fail(unreadable)
    if (stored.pending !== null)
      return Effect.fail(blinkError("use session", new PinRequired({ channel: stored.pending.channel })))
    return Effect.fail(lostState === null ? blinkError("use session", new SignedOut({})) : sessionExpired)
  })

  return {
    state,
    publishState,
    publishStored,
    replace,
    persist,
    /** Saved without being shown. */
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
