import type { Clip, NetworkId, SyncModuleId } from "@blink-streams/model"

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
