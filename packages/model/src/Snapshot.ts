import { Schema } from "effect"
import { AccountId, CameraId, CameraKind, NetworkId, SyncModuleId } from "./Ids.ts"
import { Timestamp } from "./Timestamp.ts"

/**
 * Arm state of a network. `arming` and `disarming` while a command runs. Never display `unknown` as
 * `disarmed`.
 */
export const ArmState = Schema.Literals(["armed", "disarmed", "arming", "disarming", "unknown"])
export type ArmState = typeof ArmState.Type

export const OnlineState = Schema.Literals(["online", "offline", "unknown"])
export type OnlineState = typeof OnlineState.Type

/** Battery level; `mains` for cameras without a battery. */
export const BatteryState = Schema.Literals(["ok", "low", "mains", "unknown"])
export type BatteryState = typeof BatteryState.Type

/** Motion detection of a camera: `on` means it records motion while its network is armed. */
export const DetectionState = Schema.Literals(["on", "off", "unknown"])
export type DetectionState = typeof DetectionState.Type

export const Network = Schema.Struct({
  id: NetworkId,
  name: Schema.String,
  /** IANA time zone; `null` when the cloud sends none. */
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
  /** State of the USB storage as the cloud names it (`active`, `unavailable`, …); `null` when it sends none. */
  localStorage: Schema.NullOr(Schema.String),
})
export type SyncModule = typeof SyncModule.Type

/**
 * A camera temperature. The cloud sends no unit: `raw` is its number, `unit` the assumed unit, `basis` the
 * reason for that assumption.
 */
export const Temperature = Schema.Struct({
  celsius: Schema.Finite,
  raw: Schema.Finite,
  unit: Schema.Literals(["fahrenheit", "celsius"]),
  basis: Schema.Literals(["account", "plausibility", "default"]),
})
export type Temperature = typeof Temperature.Type

export const Thumbnail = Schema.Struct({
  /** Path of the cloud in the library; path of the blink-streams server on the websocket. */
  url: Schema.String,
  /** Parsed from the path; `null` when the path contains no time. */
  takenAt: Schema.NullOr(Timestamp),
})
export type Thumbnail = typeof Thumbnail.Type

export const Camera = Schema.Struct({
  kind: CameraKind,
  id: CameraId,
  networkId: NetworkId,
  name: Schema.String,
  /** Device type of the cloud (`sedona`, `owl`, `lotus`, …). New values appear without notice. */
  model: Schema.String,
  online: OnlineState,
  detection: DetectionState,
  battery: BatteryState,
  /** Bars 0-3. */
  batteryBars: Schema.NullOr(Schema.Int),
  /** Signal to the router, bars 0-5. */
  wifiBars: Schema.NullOr(Schema.Int),
  /** Signal to the sync module, bars 0-5. */
  hubBars: Schema.NullOr(Schema.Int),
  temperature: Schema.NullOr(Temperature),
  firmware: Schema.NullOr(Schema.String),
  /** True while notifications are muted; recording continues. `null` when the cloud sends no value. */
  snoozed: Schema.NullOr(Schema.Boolean),
  /** `null` when the camera has no thumbnail. */
  thumbnail: Schema.NullOr(Thumbnail),
})
export type Camera = typeof Camera.Type

/** State of one account at one instant, decoded from one poll. */
export const Snapshot = Schema.Struct({
  account: AccountId,
  takenAt: Timestamp,
  networks: Schema.Array(Network),
  syncModules: Schema.Array(SyncModule),
  cameras: Schema.Array(Camera),
})
export type Snapshot = typeof Snapshot.Type
