import {
  type Camera,
  type Clip,
  ClipId,
  type NetworkId,
  type SyncModuleId,
  timestampFromMillis,
} from "@blink-streams/model"
import { Context, Duration, Effect, Layer, Schedule } from "effect"
import { BlinkApi } from "./BlinkApi.ts"
import { type BlinkError, blinkError } from "./BlinkError.ts"
import { oauth } from "./internal/endpoints/catalog.ts"
import { pollCommand } from "./internal/commands/pollCommand.ts"
import { NetworkQueue } from "./NetworkQueue.ts"
import type { Manifest } from "./internal/wire/media.ts"
import { NotFound, NotReady, OutcomeUnknown } from "./Reason.ts"

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

const jobTimeoutMs = Duration.toMillis("60 seconds")
const maxRetries = 30

/** Camera name as in a manifest: letters and digits only. */
const normalizeName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase()

const toClip = (
  storage: UsbStorage,
  row: Manifest["clips"][number],
  cameras: ReadonlyArray<Camera>,
): ReadonlyArray<Clip> => {
  const millis = Date.parse(row.created_at)
  if (Number.isNaN(millis)) return []
  const at = timestampFromMillis(millis)
  const matches = cameras.filter(
    (camera) =>
      camera.networkId === storage.network &&
      normalizeName(camera.name) === normalizeName(row.camera_name ?? ""),
  )
  // Two camera names may be equal after normalization; then neither is assigned.
  const [camera] = matches.length === 1 ? matches : []
  return [
    {
      id: ClipId.make(`local:${row.id}`),
      storage: "local",
      networkId: storage.network,
      camera: camera === undefined ? null : { kind: camera.kind, id: camera.id },
      cameraName: camera?.name ?? row.camera_name ?? "",
      source: "unknown",
      createdAt: at,
      updatedAt: at,
      durationSeconds: null,
      partial: false,
      watched: false,
      deleted: false,
      thumbnail: null,
      media: null,
    },
  ]
}

/**
 * Retries `read` every 2 seconds, up to 30 times, while the cloud responds 400 or 404, which mean "not yet"
 * here.
 */
const retryUntilReady = <A>(name: string, detail: string, read: Effect.Effect<A, BlinkError>) =>
  read.pipe(
    Effect.catchIf(
      ({ category }) => category === "refused" || category === "wrongTarget" || category === "notSupported",
      () => Effect.fail(blinkError(name, new NotReady({ detail }))),
    ),
    Effect.retry({
      while: ({ reason }) => reason._tag === "NotReady",
      schedule: Schedule.spaced("2 seconds"),
      times: maxRetries,
    }),
  )

const wireClipId = (clip: ClipId): string => clip.replace(/^local:/, "")

const requireListed = (manifest: UsbManifest, clip: ClipId) =>
  manifest.clips.some(({ id }) => id === clip)
    ? Effect.void
    : Effect.fail(
        blinkError(
          "local clip",
          new NotFound({ code: null, detail: "the manifest does not contain this clip" }),
        ),
      )

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
    Effect.gen(function* () {
      const api = yield* BlinkApi
      const queue = yield* NetworkQueue

      const withQueue = <A, E>(storage: UsbStorage, effect: Effect.Effect<A, E>) =>
        Effect.scoped(Effect.andThen(queue.acquire(storage.network), effect))

      /**
       * Runs `job` on the sync module and waits until it is done. Retries every 5 seconds, up to 4 times,
       * while the module is busy.
       */
      const runJob = Effect.fnUntraced(function* (
        name: string,
        storage: UsbStorage,
        job: Effect.Effect<{ readonly id?: number | null }, BlinkError>,
      ) {
        const { id } = yield* Effect.retry(job, {
          while: ({ category }) => category === "busy",
          schedule: Schedule.spaced("5 seconds"),
          times: 4,
        })
        if (id === null || id === undefined) {
          return yield* blinkError(name, new NotReady({ detail: "the sync module did not accept the job" }))
        }
        const outcome = yield* pollCommand(
          api,
          { name, network: storage.network },
          id,
          jobTimeoutMs,
          Effect.void,
        )
        return outcome === null
          ? yield* blinkError(
              name,
              new OutcomeUnknown({ detail: "the sync module reported no outcome in time" }),
            )
          : id
      })

      const clips = Effect.fn("LocalStorage.clips")((storage: UsbStorage) =>
        withQueue(
          storage,
          Effect.gen(function* () {
            const requestId = yield* runJob(
              "list local clips",
              storage,
              api.call(oauth.requestManifest, storage),
            )
            const read = api.call(oauth.manifest, { ...storage, request: requestId })
            const wireManifest = yield* retryUntilReady(
              "list local clips",
              "the sync module's manifest",
              read,
            )
            const { cameras } = yield* api.snapshot
            return {
              manifestId: wireManifest.manifest_id,
              clips: wireManifest.clips.flatMap((row) => toClip(storage, row, cameras)),
            } satisfies UsbManifest
          }),
        ),
      )

      const bytes = Effect.fn("LocalStorage.bytes")(
        (storage: UsbStorage, manifest: UsbManifest, clip: ClipId) =>
          withQueue(
            storage,
            Effect.gen(function* () {
              yield* requireListed(manifest, clip)
              const input = { ...storage, manifest: manifest.manifestId, clip: wireClipId(clip) }
              yield* runJob("fetch local clip", storage, api.call(oauth.requestClip, input))
              const path = yield* api.path(oauth.localClip, input)
              return yield* retryUntilReady("fetch local clip", "the upload of the clip", api.bytes(path))
            }),
          ),
      )

      const remove = Effect.fn("LocalStorage.remove")(
        (storage: UsbStorage, manifest: UsbManifest, clip: ClipId) =>
          withQueue(
            storage,
            Effect.andThen(
              requireListed(manifest, clip),
              runJob(
                "delete local clip",
                storage,
                api.call(oauth.deleteLocalClip, {
                  ...storage,
                  manifest: manifest.manifestId,
                  clip: wireClipId(clip),
                }),
              ),
            ),
          ).pipe(Effect.asVoid),
      )

      return { clips, bytes, remove }
    }),
  )
}
