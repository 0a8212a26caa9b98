import { Schema } from "effect"

/** Account id of the cloud. */
export const AccountId = Schema.Int.pipe(Schema.brand("AccountId"))
export type AccountId = typeof AccountId.Type

/** Network id of the cloud. The Blink app calls a network a system: cameras that are armed as one. */
export const NetworkId = Schema.Int.pipe(Schema.brand("NetworkId"))
export type NetworkId = typeof NetworkId.Type

/** Sync module id of the cloud. */
export const SyncModuleId = Schema.Int.pipe(Schema.brand("SyncModuleId"))
export type SyncModuleId = typeof SyncModuleId.Type

/** Camera id of the cloud. Unique only within a `CameraKind`: identify a camera by kind *and* id. */
export const CameraId = Schema.Int.pipe(Schema.brand("CameraId"))
export type CameraId = typeof CameraId.Type

/**
 * Device family: `camera` runs on batteries with a sync module, `mini` on mains power, `doorbell` has a
 * button.
 */
export const CameraKind = Schema.Literals(["camera", "mini", "doorbell"])
export type CameraKind = typeof CameraKind.Type

/** Media id of the cloud as text; `local:<manifest clip id>` for a clip on USB storage. */
export const ClipId = Schema.String.pipe(Schema.brand("ClipId"))
export type ClipId = typeof ClipId.Type

/** Command id of the cloud, used to poll the status of an accepted command. */
export const CommandId = Schema.Int.pipe(Schema.brand("CommandId"))
export type CommandId = typeof CommandId.Type
