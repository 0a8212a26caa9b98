import type { ClipId } from "@blink-streams/model"
import { Context, type Effect, Layer } from "effect"
import type { BlinkApi } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"
import { makeLocalStorage } from "./internal/localStorage/clips.ts"
import type { NetworkQueue } from "./NetworkQueue.ts"
import type { UsbManifest, UsbStorage } from "./UsbStorage.ts"

/**
 * Clips on USB storage of a Sync Module 2. Each call is a job of the module, which runs one at a time: it is
 * queued, takes seconds and delays commands. Not available in the legacy API.
 *
 * @example
 * ```ts
 * const program = Effect.gen(function* () {
 *   const local = yield* LocalStorage
 *   const manifest = yield* local.clips({ network, syncModule })
 *   return yield* local.bytes({ network, syncModule }, manifest, manifest.clips[0]!.id)
 * })
 * ```
 */
export class LocalStorage extends Context.Service<
  LocalStorage,
  {
    /** Current manifest. Clip ids are renumbered when the module restarts, so do not keep old manifests. */
    clips(storage: UsbStorage): Effect.Effect<UsbManifest, BlinkError>
    /** One clip as MP4. Fails with `NotFound` when the manifest does not contain it. */
    bytes(storage: UsbStorage, manifest: UsbManifest, clip: ClipId): Effect.Effect<Uint8Array, BlinkError>
    /** Deletes one clip. Manifests may list it for another minute. */
    remove(storage: UsbStorage, manifest: UsbManifest, clip: ClipId): Effect.Effect<void, BlinkError>
  }
>()("@blink-streams/core/LocalStorage") {
  static readonly layer: Layer.Layer<LocalStorage, never, BlinkApi | NetworkQueue> = Layer.effect(
    LocalStorage,
    makeLocalStorage,
  )
}
