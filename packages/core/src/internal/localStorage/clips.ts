import type { ClipId } from "@blink-streams/model"
import { Effect } from "effect"
import { BlinkApi } from "../../BlinkApi.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { NetworkQueue } from "../../NetworkQueue.ts"
import { NotReady, OutcomeUnknown } from "../../Reason.ts"
import type { UsbManifest, UsbStorage } from "../../UsbStorage.ts"
import { pollCommand } from "../commands/pollCommand.ts"
import { busyRetry, commandPollInterval, commandTimeout, notReadyRetry } from "../rateLimit/retryPolicy.ts"
import { requireListed, toLocalClips, wireClipId } from "./manifest.ts"

/** Retries `read` while the cloud responds 400 or 404, which mean "not yet" here. */
const retryUntilReady = <A>(name: string, detail: string, read: Effect.Effect<A, BlinkError>) =>
  read.pipe(
    Effect.catchIf(
      ({ category }) => category === "rejected" || category === "not_found" || category === "not_supported",
      () => Effect.fail(blinkError(name, new NotReady({ detail }), "yes")),
    ),
    Effect.retry(notReadyRetry),
  )

/** `LocalStorage`: jobs of sync modules, queued per network. */
export const makeLocalStorage = Effect.gen(function* () {
  const api = yield* BlinkApi
  const queue = yield* NetworkQueue

  const withQueue = <A, E>(storage: UsbStorage, effect: Effect.Effect<A, E>) =>
    Effect.scoped(Effect.andThen(queue.acquire(storage.network), effect))

  /** Runs `job` on the sync module and waits until it is done. Retries while the module is busy. */
  const runJob = Effect.fnUntraced(function* (
    name: string,
    storage: UsbStorage,
    job: Effect.Effect<{ readonly id?: number | null }, BlinkError>,
  ) {
    const { id } = yield* Effect.retry(job, busyRetry)
    if (id === null || id === undefined) {
      return yield* blinkError(
        name,
        new NotReady({ detail: "the sync module did not accept the job" }),
        "yes",
      )
    }
    const target = { name, network: storage.network }
    return yield* pollCommand(api, target, id, commandPollInterval, Effect.void).pipe(
      Effect.timeoutOrElse({
        duration: commandTimeout,
        orElse: () =>
          Effect.fail(
            blinkError(
              name,
              new OutcomeUnknown({ detail: "the sync module reported no outcome in time" }),
              "yes",
            ),
          ),
      }),
      Effect.as(id),
    )
  })

  const clips = Effect.fn("LocalStorage.clips")((storage: UsbStorage) =>
    withQueue(
      storage,
      Effect.gen(function* () {
        const requestId = yield* runJob("list local clips", storage, api.call("requestManifest", storage))
        const read = api.call("manifest", { ...storage, request: requestId })
        const wireManifest = yield* retryUntilReady("list local clips", "the sync module's manifest", read)
        return {
          manifestId: wireManifest.manifest_id,
          clips: toLocalClips(storage, wireManifest.clips, yield* api.cameras),
        } satisfies UsbManifest
      }),
    ),
  )

  const bytes = Effect.fn("LocalStorage.bytes")((storage: UsbStorage, manifest: UsbManifest, clip: ClipId) =>
    withQueue(
      storage,
      Effect.gen(function* () {
        yield* requireListed(manifest, clip)
        const input = { ...storage, manifest: manifest.manifestId, clip: wireClipId(clip) }
        yield* runJob("fetch local clip", storage, api.call("requestClip", input))
        const path = yield* api.path("localClip", input)
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
            api.call("deleteLocalClip", {
              ...storage,
              manifest: manifest.manifestId,
              clip: wireClipId(clip),
            }),
          ),
        ),
      ).pipe(Effect.asVoid),
  )

  return { clips, bytes, remove }
})
