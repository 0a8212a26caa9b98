import { Schema } from "effect"
import { AccountId } from "./Ids.ts"
import { ArmState, Camera, Network, SyncModule } from "./Snapshot.ts"
import { Timestamp } from "./Timestamp.ts"

/** How one source of looks is doing. `nextPollAt` is `null` while it does not know. */
export const SourceHealth = Schema.Struct({
  state: Schema.Literals(["starting", "ok", "stale", "throttled", "waiting", "off"]),
  lastOkAt: Schema.NullOr(Timestamp),
  nextPollAt: Schema.NullOr(Timestamp),
  /** What went wrong, in a sentence for a person. */
  reason: Schema.NullOr(Schema.String),
})
export type SourceHealth = typeof SourceHealth.Type

/** Where the sign-in stands. `awaitingPin` and `blocked` wait for a person. */
export const SessionState = Schema.Struct({
  state: Schema.Literals(["signedOut", "authorizing", "awaitingPin", "active", "renewing", "blocked"]),
  /** `awaitingPin`: how the code was sent (`sms`, `email`, …). */
  channel: Schema.optionalKey(Schema.String),
  /** `awaitingPin`: when another code may be asked for. */
  resendAfter: Schema.optionalKey(Timestamp),
  /** `blocked`: why, in a sentence for a person. */
  reason: Schema.optionalKey(Schema.String),
  /** `blocked`: until when; absent when only a person can lift it. */
  until: Schema.optionalKey(Timestamp),
})
export type SessionState = typeof SessionState.Type

/** What is left of the account's request budget. */
export const BudgetState = Schema.Struct({
  /** Calls that may still be made in the present hour. */
  callsLeft: Schema.Int,
  throttledUntil: Schema.NullOr(Timestamp),
})
export type BudgetState = typeof BudgetState.Type

/** `arm` with the time of the look (or command) that told it. */
export const NetworkState = Schema.Struct({
  ...Network.fields,
  arm: Schema.Struct({ state: ArmState, asOf: Schema.NullOr(Timestamp) }),
})
export type NetworkState = typeof NetworkState.Type

export const CameraState = Schema.Struct({
  ...Camera.fields,
  /** Start of the latest motion clip or press; `null` when none is known. */
  lastMotionAt: Schema.NullOr(Timestamp),
})
export type CameraState = typeof CameraState.Type

/** One account as far as known. `asOf` is the last good look; `stale` once looks fail. */
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

/** Everything a screen shows. */
export const BlinkState = Schema.Struct({ accounts: Schema.Array(AccountState) })
export type BlinkState = typeof BlinkState.Type
