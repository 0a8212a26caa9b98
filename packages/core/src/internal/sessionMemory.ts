import type { SessionState } from "@blink-streams/model/HomeState"
import { toMillis } from "@blink-streams/model/Timestamp"
import { Clock, Duration, Effect, Equal, Semaphore, SubscriptionRef } from "effect"
import { type BlinkError, blinkError, PinRequired, SessionLost, SignedOut } from "../BlinkError.ts"
import type { StoredGrant, StoredSession } from "../StoredSession.ts"
import { TokenStore } from "../TokenStore.ts"

/** A code is good for ten minutes; a sign-in that has waited this long was given up. */
const pendingLife = Duration.toMillis("1 hour")

/** A sign-in that waits for a code shows before a session that still works meanwhile. */
const stateOf = ({ grant, pending }: StoredSession): SessionState => {
  if (pending !== null) {
    return { state: "awaitingPin", channel: pending.channel, resendAfter: pending.resendAfter }
  }
  return { state: grant === null ? "signedOut" : "active" }
}

export const sessionLost = blinkError("use session", new SessionLost({}))

/** The cloud has ended the session: nothing but a person gets out of this. */
export const ended: SessionState = { state: "signedOut", reason: sessionLost.advice }

const isSameGrant = (one: StoredGrant, other: StoredGrant | null): boolean =>
  other !== null && Equal.equals(one.accessToken, other.accessToken)

const fresh = Effect.sync((): StoredSession => ({
  version: 1,
  hardwareId: crypto.randomUUID().toUpperCase(),
  grant: null,
  pending: null,
  signIns: [],
}))

/** What is on disk is the truth. What is in memory is a copy of it, and what is shown is made from that. */
export const makeSessionMemory = Effect.gen(function* () {
  const store = yield* TokenStore
  const oneAtATime = yield* Semaphore.make(1)

  const load = Effect.gen(function* () {
    const stored = (yield* store.load) ?? (yield* fresh)
    const now = yield* Clock.currentTimeMillis
    // Either way: a clock that was set back must not keep a sign-in waiting for years.
    const isStale =
      stored.pending !== null && Math.abs(now - toMillis(stored.pending.startedAt)) > pendingLife
    return isStale ? { ...stored, pending: null } : stored
  })

  const first = yield* Effect.result(load)
  let stored: StoredSession = first._tag === "Success" ? first.success : yield* fresh
  /** Nobody knows whether somebody is signed in. */
  let unreadable = first._tag === "Failure" ? first.failure : null
  let changes = 0
  /** How the cloud ended the session; `null` while it has not. Nobody having signed in yet is no loss. */
  let lost: SessionState | null = stored.grant === null && stored.lost !== undefined ? ended : null
  const stateNow = () => (lost !== null && stored.pending === null ? lost : stateOf(stored))
  const state = yield* SubscriptionRef.make<SessionState>(
    unreadable === null ? stateNow() : { state: "blocked", reason: unreadable.advice },
  )

  /** Told once, however often it is the case. */
  const show = (next: SessionState) =>
    Effect.suspend(() =>
      Equal.equals(SubscriptionRef.getUnsafe(state), next) ? Effect.void : SubscriptionRef.set(state, next),
    )

  /** As it is on disk, after something else was shown for a while. A loss may not be on disk, but is no less true. */
  const showStored = Effect.suspend(() => show(stateNow()))

  /** Takes over what is on disk. */
  const adopt = (next: StoredSession) =>
    Effect.suspend(() => {
      // Only another token ends a loss: the one that was rejected stays on disk while a person signs in again.
      if (next.grant !== null && !isSameGrant(next.grant, stored.grant)) lost = null
      stored = next
      unreadable = null
      changes += 1
      return showStored
    })

  /** On disk first, then in memory and in the open. */
  const keep = (next: StoredSession) => Effect.andThen(store.save(next), adopt(next))

  /** The session has ended, in the sense of `how`: until somebody signs in, nothing is sent. */
  const lose = (how: SessionState) =>
    Effect.suspend(() => {
      lost = how
      return show(how)
    })

  /** The grant to work with now. */
  const grant = () => (lost === null ? stored.grant : null)

  /** The same where there is none here: a person may have signed in with another program in the meantime. */
  const grantOnDisk = Effect.gen(function* () {
    const before = changes
    const onDisk = yield* Effect.option(load)
    if (onDisk._tag === "None" || before !== changes) return grant()
    const isNew = onDisk.value.grant !== null && !isSameGrant(onDisk.value.grant, stored.grant)
    if (isNew || unreadable !== null) yield* adopt(onDisk.value)
    return grant()
  })

  /** A person has signed out: nothing is lost any more. */
  const forgive = Effect.suspend(() => {
    lost = null
    return showStored
  })

  /** Changes what is on disk, alone among callers and processes. */
  const exclusively = <A, E, R>(
    change: (onDisk: StoredSession) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E | BlinkError, R> =>
    oneAtATime.withPermit(store.withLock(Effect.flatMap(load, change)))

  /** Why there is no session to use. */
  const missing: Effect.Effect<never, BlinkError> = Effect.suspend(() => {
    if (unreadable !== null) return Effect.fail(unreadable)
    if (stored.pending !== null)
      return Effect.fail(blinkError("use session", new PinRequired({ channel: stored.pending.channel })))
    return Effect.fail(lost === null ? blinkError("use session", new SignedOut({})) : sessionLost)
  })

  return {
    state,
    show,
    showStored,
    adopt,
    keep,
    /** Saved without being shown. */
    note: (next: StoredSession) => store.save(next),
    lose,
    forgive,
    exclusively,
    missing,
    grant,
    grantOnDisk,
  }
})

export type SessionMemory = Effect.Success<typeof makeSessionMemory>
