import { Schema } from "effect"
import { AccountId } from "./Ids.ts"
import { ArmState, Camera, Network, SyncModule } from "./Snapshot.ts"
import { Timestamp } from "./Timestamp.ts"

/** Health of one polled source. `nextPollAt` is `null` until the next poll is scheduled. */
export const SourceHealth = Schema.Struct({
  state: Schema.Literals(["starting", "ok", "stale", "throttled", "needs_user", "off"]),
  lastOkAt: Schema.NullOr(Timestamp),
  nextPollAt: Schema.NullOr(Timestamp),
  /** Description of the last failure, as a sentence for users. */
  reason: Schema.NullOr(Schema.String),
})
export type SourceHealth = typeof SourceHealth.Type

/** State of the session. `awaiting_pin` and `blocked` require a user to act. */
export const SessionState = Schema.Struct({
  state: Schema.Literals(["signed_out", "authorizing", "awaiting_pin", "active", "renewing", "blocked"]),
  /** `awaiting_pin`: channel of the verification code (`sms`, `email`, …). */
  channel: Schema.optionalKey(Schema.String),
  /** `awaiting_pin`: earliest time at which another code can be requested. */
  resendAfter: Schema.optionalKey(Timestamp),
  /** `blocked`: the reason, as a sentence for users. */
  reason: Schema.optionalKey(Schema.String),
  /** `blocked`: end of the block; absent when a user has to act. */
  until: Schema.optionalKey(Timestamp),
})
export type SessionState = typeof SessionState.Type

/** Remaining request budget of an account. */
export const BudgetState = Schema.Struct({
  /** Requests left in the current hour. */
  callsLeft: Schema.Int,
  throttledUntil: Schema.NullOr(Timestamp),
})
export type BudgetState = typeof BudgetState.Type

/** A network whose `arm` has the time of the poll or command that reported it (`asOf`). */
export const NetworkState = Schema.Struct({
  ...Network.fields,
  arm: Schema.Struct({ state: ArmState, asOf: Schema.NullOr(Timestamp) }),
})
export type NetworkState = typeof NetworkState.Type

export const CameraState = Schema.Struct({
  ...Camera.fields,
  /** Start of the latest motion clip or doorbell press; `null` when none is known. */
  lastMotionAt: Schema.NullOr(Timestamp),
})
export type CameraState = typeof CameraState.Type

/** State of one account. `asOf` is the time of the last successful poll; `stale` is true when polls fail. */
export const AccountState = Schema.Struct({
  account: AccountId,
  asOf: Schema.NullOr(Timestamp),
  stale: Schema.Boolean,
  session: SessionState,
  budget: BudgetState,
  sources: Schema.Record(Schema.String, SourceHealth),
  networks: Schema.Array(NetworkState),
  syncModules: Schema.Array(SyncModule),
  cameras: Schema.Array(CameraState),
})
export type AccountState = typeof AccountState.Type

/** State of all accounts. */
export const BlinkState = Schema.Struct({ accounts: Schema.Array(AccountState) })
export type BlinkState = typeof BlinkState.Type
