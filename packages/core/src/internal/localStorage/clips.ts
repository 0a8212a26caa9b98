import type { ClipId } from "@blink-streams/model"
import { Duration, Effect, Schedule } from "effect"
import { BlinkApi } from "../../BlinkApi.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { NetworkQueue } from "../../NetworkQueue.ts"
import { NotReady, OutcomeUnknown } from "../../Reason.ts"
import type { UsbManifest, UsbStorage } from "../../UsbStorage.ts"
import { pollCommand } from "../commands/pollCommand.ts"
import { requireListed, toLocalClip, wireClipId } from "./manifest.ts"

const jobTimeoutMs = Duration.toMillis("60 seconds")
const maxRetries = 30

/**
 * Retries `read` every 2 seconds, up to 30 times, while the cloud responds 400 or 404, which mean "not yet"
 * here.
 */
const retryUntilReady = <A>(name: string, detail: string, read: Effect.Effect<A, BlinkError>) =>
  read.pipe(
    Effect.catchIf(
      ({ category }) => category === "rejected" || category === "not_found" || category === "not_supported",
      () => Effect.fail(blinkError(name, new NotReady({ detail }), "yes")),
    ),
    Effect.retry({
      while: ({ reason }) => reason._tag === "NotReady",
      schedule: Schedule.spaced("2 seconds"),
      times: maxRetries,
    }),
  )

/** `LocalStorage`: jobs of sync modules, queued per network. */
export const makeLocalStorage = Effect.gen(function* () {
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
      return yield* blinkError(
        name,
        new NotReady({ detail: "the sync module did not accept the job" }),
        "yes",
      )
    }
    const outcome = yield* pollCommand(api, { name, network: storage.network }, id, jobTimeoutMs, Effect.void)
    return outcome === null
      ? yield* blinkError(
          name,
          new OutcomeUnknown({ detail: "the sync module reported no outcome in time" }),
          "yes",
        )
      : id
  })

  const clips = Effect.fn("LocalStorage.clips")((storage: UsbStorage) =>
    withQueue(
      storage,
      Effect.gen(function* () {
        const requestId = yield* runJob("list local clips", storage, api.call("requestManifest", storage))
        const read = api.call("manifest", { ...storage, request: requestId })
        const wireManifest = yield* retryUntilReady("list local clips", "the sync module's manifest", read)
        const { cameras } = yield* api.snapshot
        return {
          manifestId: wireManifest.manifest_id,
          clips: wireManifest.clips.flatMap((row) => toLocalClip(storage, row, cameras)),
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
