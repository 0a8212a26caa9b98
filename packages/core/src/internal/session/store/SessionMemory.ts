import type { SessionState } from "@blink-streams/model"
import { Equal } from "effect"
import { type BlinkError, blinkError } from "../../../BlinkError.ts"
import { PinRequired, SessionExpired, SignedOut } from "../../../Reason.ts"
import type { StoredGrant, StoredSession } from "../../../StoredSession.ts"

export const sessionExpired = blinkError("use session", new SessionExpired({}), "no")

/** State after the cloud has ended the session. Only a new sign-in leaves it. */
export const expiredState: SessionState = { state: "signed_out", reason: sessionExpired.hint }

/** A pending sign-in is shown even while an earlier session still works. */
const stateOf = ({ grant, pending }: StoredSession): SessionState => {
  if (pending !== null) {
    return { state: "awaiting_pin", channel: pending.channel, resendAfter: pending.resendAfter }
  }
  return { state: grant === null ? "signed_out" : "active" }
}

const isSameGrant = (one: StoredGrant, other: StoredGrant | null): boolean =>
  other !== null && Equal.equals(one.accessToken, other.accessToken)

/** Copy of the stored session in memory, from which the published state is derived. */
export class SessionMemory {
  #stored: StoredSession
  /** Set while the stored session could not be read. */
  #unreadable: BlinkError | null
  /** State after the session has ended; `null` otherwise, also before the first sign-in. */
  #lostState: SessionState | null
  /** Number of replacements so far. */
  revision = 0

  constructor(stored: StoredSession, unreadable: BlinkError | null) {
    this.#stored = stored
    this.#unreadable = unreadable
    this.#lostState = stored.grant === null && stored.lost !== undefined ? expiredState : null
  }

  get state(): SessionState {
    return this.#lostState !== null && this.#stored.pending === null ? this.#lostState : stateOf(this.#stored)
  }

  /** State at the start, when the stored session may be unreadable. */
  get initialState(): SessionState {
    return this.#unreadable === null ? this.state : { state: "blocked", reason: this.#unreadable.hint }
  }

  /** Current grant; `null` when the session has ended or a user must sign in. */
  get grant(): StoredGrant | null {
    return this.#lostState === null ? this.#stored.grant : null
  }

  /** Reason why there is no usable session. */
  get noSession(): BlinkError {
    if (this.#unreadable !== null) return this.#unreadable
    const { pending } = this.#stored
    if (pending !== null)
      return blinkError("use session", new PinRequired({ channel: pending.channel }), "no")
    return this.#lostState === null ? blinkError("use session", new SignedOut({}), "no") : sessionExpired
  }

  /** True when `onDisk` has another grant, or the stored session was unreadable before. */
  isOutdatedBy(onDisk: StoredSession): boolean {
    return (
      this.#unreadable !== null || (onDisk.grant !== null && !isSameGrant(onDisk.grant, this.#stored.grant))
    )
  }

  replace(next: StoredSession): void {
    // Only another token revives an ended session: the rejected one stays stored during a new sign-in.
    if (next.grant !== null && !isSameGrant(next.grant, this.#stored.grant)) this.#lostState = null
    this.#stored = next
    this.#unreadable = null
    this.revision += 1
  }

  /** Ends the session with the given state. Nothing is sent until a user signs in. */
  invalidate(reason: SessionState): void {
    this.#lostState = reason
  }

  /** Clears an ended session after a sign-out. */
  clearLost(): void {
    this.#lostState = null
  }
}
