import type { Clip, NetworkId, SyncModuleId } from "@blink-streams/model"

/** Camera name as a manifest of USB storage lists it: its letters and digits, here in lower case. */
export const manifestCameraName = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase()

/** USB storage, identified by the sync module it is plugged into. */
export interface UsbStorage {
  readonly network: NetworkId
  readonly syncModule: SyncModuleId
}

/** Manifest of USB storage as the sync module listed it. Clips are fetched by `manifestId`. */
export interface UsbManifest {
  readonly manifestId: string
  readonly clips: ReadonlyArray<Clip>
}
