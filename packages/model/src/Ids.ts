import { Schema } from "effect"

/** The cloud's number of an account. */
export const AccountId = Schema.Int.pipe(Schema.brand("AccountId"))
export type AccountId = typeof AccountId.Type

/** The cloud's number of a network: a group of cameras that is armed as one. */
export const NetworkId = Schema.Int.pipe(Schema.brand("NetworkId"))
export type NetworkId = typeof NetworkId.Type

/** The cloud's number of a sync module. */
export const SyncModuleId = Schema.Int.pipe(Schema.brand("SyncModuleId"))
export type SyncModuleId = typeof SyncModuleId.Type

/** The cloud's number of a camera. Unique per kind only: name a camera by kind *and* id. */
export const CameraId = Schema.Int.pipe(Schema.brand("CameraId"))
export type CameraId = typeof CameraId.Type

/** `camera` runs on batteries beside a sync module, `mini` on mains, `doorbell` has a button. */
export const CameraKind = Schema.Literals(["camera", "mini", "doorbell"])
export type CameraKind = typeof CameraKind.Type

/** The cloud's media id as a string; `local:<manifest clip id>` for a clip on a USB stick. */
export const ClipId = Schema.String.pipe(Schema.brand("ClipId"))
export type ClipId = typeof ClipId.Type

/** The cloud's number of an accepted command: what one asks after. */
export const CommandId = Schema.Int.pipe(Schema.brand("CommandId"))
export type CommandId = typeof CommandId.Type

export { cameraKey } from "./cameraKey.ts"
