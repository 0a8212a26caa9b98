import { makeDirectory } from "@blink-streams/broadcaster"
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

/** Hundreds of clips without a pause have cost people their account; an emulator needs none. */
export const downloadPause: Effect.Effect<void, never, BlinkConfig> = Effect.flatMap(
  BlinkConfig,
  ({ apiUrl }) => (isLoopback(apiUrl) ? Effect.void : Effect.sleep("1 second")),
)

/** Bytes so far, and of how many where the cloud says so. */
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
          ? `the disk is full: ${path} was not finished and goes on next time`
          : `${path} can't be written: ${messageOf(cause)}`,
      ),
  })

const fileSize = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/**
 * Saves a clip at `path`, which is whole or not there: bytes go to `path.part`, where the next try goes on, and
 * the name is given once as many have arrived as were announced and the disk has them.
 *
 * Nothing is ever marked as viewed by us; the cloud itself may count the download as a viewing.
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
      )
    yield* fileOperation(path, () => rename(partPath, path))
    return size
  })
