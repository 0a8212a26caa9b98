import { makeDirectory } from "@blink-streams/broadcaster/makeDirectory"
import {
  BlinkApi,
  BlinkConfig,
  type BlinkError,
  blinkError,
  isLoopback,
  UnexpectedResponse,
} from "@blink-streams/core"
import type { Clip } from "@blink-streams/model"
import { Effect, Stream } from "effect"
import { open, rename, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { CliError, messageOf } from "../errors/CliError.ts"

/** Pause between two downloads: hundreds of downloads without one have got accounts locked. None on loopback. */
export const downloadPause: Effect.Effect<void, never, BlinkConfig> = Effect.flatMap(
  BlinkConfig,
  ({ apiUrl }) => (isLoopback(apiUrl) ? Effect.void : Effect.sleep("1 second")),
)

/** Reports received bytes and total bytes; the total is `null` when the cloud sends no length. */
export type OnProgress = (done: number, total: number | null) => void

const isDiskFull = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "ENOSPC"

const fileOperation = <A>(path: string, use: () => Promise<A>): Effect.Effect<A, CliError> =>
  Effect.tryPromise({
    try: use,
    catch: (cause) =>
      new CliError(
        "failed",
        isDiskFull(cause)
          ? `the disk is full: ${path} is incomplete and resumes next time`
          : `${path} can't be written: ${messageOf(cause)}`,
      ),
  })

const fileSize = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/**
 * Downloads a clip to `path` and returns its size in bytes. Bytes are written to `path.part`, from which an interrupted
 * download resumes; the file is renamed to `path` once it is complete and synced. A file at `path` is therefore complete.
 *
 * No request marks a clip as viewed; the cloud may count the download itself as a view.
 */
export const saveClip = (
  clip: Clip,
  path: string,
  onProgress: OnProgress = () => {},
): Effect.Effect<number, BlinkError | CliError, BlinkApi> =>
  Effect.gen(function* () {
    const api = yield* BlinkApi
    const partPath = `${path}.part`
    yield* fileOperation(path, async () => makeDirectory(dirname(path)))
    const existingBytes = yield* fileOperation(partPath, () => fileSize(partPath))
    const download = yield* api.stream(
      clip.media ?? "",
      existingBytes > 0 ? { start: existingBytes } : undefined,
    )
    const start = download.partial ? existingBytes : 0
    const total = download.length === null ? null : start + download.length
    let done = start
    const size = yield* Effect.acquireUseRelease(
      fileOperation(partPath, () => open(partPath, start > 0 ? "a" : "w")),
      (file) =>
        download.bytes.pipe(
          Stream.runForEach((bytes) =>
            fileOperation(partPath, () => file.appendFile(bytes)).pipe(
              Effect.tap(() => Effect.sync(() => onProgress((done += bytes.length), total))),
            ),
          ),
          Effect.andThen(fileOperation(partPath, () => file.sync())),
          Effect.map(() => done),
        ),
      (file) => Effect.promise(() => file.close()),
    )
    if (total !== null && size !== total)
      return yield* blinkError(
        "download",
        new UnexpectedResponse({ status: 200, detail: `the clip ended after ${size} of ${total} bytes` }),
        "yes",
      )
    yield* fileOperation(path, () => rename(partPath, path))
    return size
  })
