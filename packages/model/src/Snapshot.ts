import { Schema } from "effect"
import { AccountId, CameraId, CameraKind, NetworkId, SyncModuleId } from "./Ids.ts"
import { Timestamp } from "./Timestamp.ts"

/** `arming` and `disarming` while a command is under way; `unknown` is never shown as `disarmed`. */
export const ArmState = Schema.Literals(["armed", "disarmed", "arming", "disarming", "unknown"])
export type ArmState = typeof ArmState.Type

export const OnlineState = Schema.Literals(["online", "offline", "unknown"])
export type OnlineState = typeof OnlineState.Type

/** `mains` for cameras without a battery. */
export const BatteryState = Schema.Literals(["ok", "low", "mains", "unknown"])
export type BatteryState = typeof BatteryState.Type

/** Whether motion makes this camera record, once its network is armed. */
export const DetectionState = Schema.Literals(["on", "off", "unknown"])
export type DetectionState = typeof DetectionState.Type

export const Network = Schema.Struct({
  id: NetworkId,
  name: Schema.String,
  /** IANA name; `null` when the cloud names none. */
  timeZone: Schema.NullOr(Schema.String),
  arm: ArmState,
})
export type Network = typeof Network.Type

export const SyncModule = Schema.Struct({
  id: SyncModuleId,
  networkId: NetworkId,
  name: Schema.String,
  online: OnlineState,
  firmware: Schema.NullOr(Schema.String),
  /** Bars 0-5. */
  wifiBars: Schema.NullOr(Schema.Int),
  /** The cloud's own word for the USB stick (`active`, `unavailable`, …); `null` where it says none. */
  localStorage: Schema.NullOr(Schema.String),
})
export type SyncModule = typeof SyncModule.Type

/** The cloud names no unit, so the raw number, our guess and its ground stand beside the result. */
export const Temperature = Schema.Struct({
  celsius: Schema.Finite,
  raw: Schema.Finite,
  unit: Schema.Literals(["fahrenheit", "celsius"]),
  ground: Schema.Literals(["account", "plausibility", "default"]),
})
export type Temperature = typeof Temperature.Type

export const Thumbnail = Schema.Struct({
  /** Where the picture is: a path of the cloud in the library, an address of the broadcaster on the websocket. */
  url: Schema.String,
  /** Read out of the address; `null` when it carries no time. */
  takenAt: Schema.NullOr(Timestamp),
})
export type Thumbnail = typeof Thumbnail.Type

export const Camera = Schema.Struct({
  kind: CameraKind,
  id: CameraId,
  networkId: NetworkId,
  name: Schema.String,
  /** The cloud's type word (`sedona`, `owl`, `lotus`, …); new ones appear without warning. */
  model: Schema.String,
  online: OnlineState,
  detection: DetectionState,
  battery: BatteryState,
  /** Bars 0-3. */
  batteryBars: Schema.NullOr(Schema.Int),
  /** Bars 0-5 towards the router. */
  wifiBars: Schema.NullOr(Schema.Int),
  /** Bars 0-5 towards the sync module. */
  hubBars: Schema.NullOr(Schema.Int),
  temperature: Schema.NullOr(Temperature),
  firmware: Schema.NullOr(Schema.String),
  /** Notifications are silenced; recording goes on. `null` when the cloud does not say. */
  snoozed: Schema.NullOr(Schema.Boolean),
  /** `null` when there is no picture yet. */
  thumbnail: Schema.NullOr(Thumbnail),
})
export type Camera = typeof Camera.Type

/** One account at one instant, as one look at the cloud showed it. */
export const Snapshot = Schema.Struct({
  account: AccountId,
  takenAt: Timestamp,
  networks: Schema.Array(Network),
  syncModules: Schema.Array(SyncModule),
  cameras: Schema.Array(Camera),
})
export type Snapshot = typeof Snapshot.Type
