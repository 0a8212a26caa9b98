import { Effect, Stream } from "effect"
import { open, rename, rm, stat } from "node:fs/promises"
import { BlinkApi } from "./BlinkApi.ts"
import { type BlinkError, blinkError, TokenStoreError, UnexpectedResponse } from "./BlinkError.ts"

/** How far a download has come, in bytes. */
export interface DownloadProgress {
  readonly received: number
  /** `null` when the cloud does not say how much there is. */
  readonly total: number | null
  /** The file stands under its own name, whole. */
  readonly done: boolean
}

const diskOperation = <A>(run: () => Promise<A>): Effect.Effect<A, BlinkError> =>
  Effect.tryPromise({ try: run, catch: (cause) => blinkError("download", new TokenStoreError({ cause })) })

const sizeOf = (file: string) =>
  Effect.promise(() =>
    stat(file).then(
      ({ size }) => size,
      () => 0,
    ),
  )

/**
 * Downloads a clip or picture to `file`. It grows beside it as `file.part`, goes on where an earlier try broke
 * off, is measured against what the cloud announced, and only then gets its name. A broken connection fails
 * with `Unreachable` and leaves the part: run it again to go on. `StoreFailed` when the disk refuses.
 *
 * Leave a second between files: bulk downloads got accounts suspended.
 */
export const downloadTo = (
  path: string,
  file: string,
): Stream.Stream<DownloadProgress, BlinkError, BlinkApi> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const api = yield* BlinkApi
      const part = `${file}.part`
      const start = yield* sizeOf(part)
      const download = yield* api.stream(path, start > 0 ? { start } : undefined).pipe(
        // Nothing follows: an earlier try broke off at the very end, or the part is of another file.
        Effect.catchReason("BlinkError", "Rejected", ({ status }, error) =>
          status === 416 && start > 0 ? api.stream(path) : Effect.fail(error),
        ),
      )
      // Where the range was not granted the file comes from its beginning.
      const offset = download.partial ? start : 0
      const total = download.length === null ? null : offset + download.length
      const fileHandle = yield* Effect.acquireRelease(
        diskOperation(() => open(part, offset > 0 ? "a" : "w", 0o600)),
        (handle) => Effect.promise(() => handle.close()),
      )
      let received = offset
      const chunks = Stream.mapEffect(download.bytes, (bytes) =>
        Effect.map(
          diskOperation(() => fileHandle.appendFile(bytes)),
          (): DownloadProgress => {
            received += bytes.length
            return { received, total, done: false }
          },
        ),
      )
      const finish = Effect.gen(function* () {
        if (received === 0 || (total !== null && received !== total)) {
          yield* diskOperation(() => rm(part, { force: true }))
          const detail = `${received} bytes arrived where ${total ?? "some"} were announced`
          return yield* blinkError("download", new UnexpectedResponse({ status: 200, detail }))
        }
        yield* diskOperation(() => fileHandle.sync())
        yield* diskOperation(() => rename(part, file))
        return { received, total: received, done: true } satisfies DownloadProgress
      })
      return Stream.concat(chunks, Stream.fromEffect(finish))
    }),
  )
