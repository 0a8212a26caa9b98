import { Effect, Stream } from "effect"
import { open, rename, rm, stat } from "node:fs/promises"
import { BlinkApi } from "./BlinkApi.ts"
import { type BlinkError, blinkError } from "./BlinkError.ts"
import { TokenStoreError, UnexpectedResponse } from "./Reason.ts"

/** Progress of a download in bytes. */
export interface DownloadProgress {
  readonly received: number
  /** `null` when the cloud does not report the size. */
  readonly total: number | null
  /** True when the complete file exists under its final name. */
  readonly done: boolean
}

const diskOperation = <A>(run: () => Promise<A>): Effect.Effect<A, BlinkError> =>
  Effect.tryPromise({
    try: run,
    catch: (cause) => blinkError("download", new TokenStoreError({ cause }), "yes"),
  })

const sizeOf = (file: string) =>
  Effect.promise(() =>
    stat(file).then(
      ({ size }) => size,
      () => 0,
    ),
  )

/**
 * Downloads a clip or picture to `file` and emits the progress. Writes to `file.part`, resumes a previous
 * part, checks the size and renames the file at the end. **Errors.** `Unreachable` when the connection
 * breaks; the part is kept, so run it again to resume. `TokenStoreError` when the file cannot be written.
 *
 * Wait a second between files: bulk downloads have got accounts suspended.
 *
 * @example
 * ```ts
 * const program = downloadTo(clip.media!, "./clip.mp4").pipe(
 *   Stream.runForEach(({ received, total }) => Effect.log(`${received} of ${total} bytes`)),
 * )
 * ```
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
        // 416: the part is complete already or belongs to another file.
        Effect.catchReason("BlinkError", "Rejected", ({ status }, error) =>
          status === 416 && start > 0 ? api.stream(path) : Effect.fail(error),
        ),
      )
      // Without the requested range the file starts at byte 0.
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
          const detail = `${received} bytes arrived, ${total ?? "more"} were announced`
          return yield* blinkError("download", new UnexpectedResponse({ status: 200, detail }), "yes")
        }
        yield* diskOperation(() => fileHandle.sync())
        yield* diskOperation(() => rename(part, file))
        return { received, total: received, done: true } satisfies DownloadProgress
      })
      return Stream.concat(chunks, Stream.fromEffect(finish))
    }),
  )
