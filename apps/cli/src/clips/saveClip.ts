import {
  BlinkApi,
  BlinkConfig,
  type BlinkError,
  isLoopback,
  UnexpectedResponse,
  blinkError,
} from "@blink-streams/core"
import { makeFolder } from "@blink-streams/broadcaster/makeFolder"
import type { Clip } from "@blink-streams/model"
import { Effect, Stream } from "effect"
import { open, rename, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { Failure, reasonOf } from "../Failure.ts"

/** Hundreds of clips without a pause have cost people their account; an emulator needs none. */
export const pauseBetween: Effect.Effect<void, never, BlinkConfig> = Effect.flatMap(
  BlinkConfig,
  ({ apiUrl }) => (isLoopback(apiUrl) ? Effect.void : Effect.sleep("1 second")),
)

/** Bytes so far, and of how many where the cloud says so. */
export type Progress = (done: number, total: number | null) => void

const isFull = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "ENOSPC"

const onDisk = <A>(path: string, use: () => Promise<A>): Effect.Effect<A, Failure> =>
  Effect.tryPromise({
    try: use,
    catch: (cause) =>
      new Failure(
        "failed",
        isFull(cause)
          ? `the disk is full: ${path} was not finished and goes on next time`
          : `${path} can't be written: ${reasonOf(cause)}`,
      ),
  })

const sizeOf = (path: string): Promise<number> =>
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
  progress: Progress = () => {},
): Effect.Effect<number, BlinkError | Failure, BlinkApi> =>
  Effect.gen(function* () {
    const api = yield* BlinkApi
    const part = `${path}.part`
    yield* onDisk(path, async () => makeFolder(dirname(path)))
    const begun = yield* onDisk(part, () => sizeOf(part))
    const download = yield* api.stream(clip.media ?? "", begun > 0 ? { start: begun } : undefined)
    const start = download.partial ? begun : 0
    const total = download.length === null ? null : start + download.length
    let done = start
    const size = yield* Effect.acquireUseRelease(
      onDisk(part, () => open(part, start > 0 ? "a" : "w")),
      (file) =>
        download.bytes.pipe(
          Stream.runForEach((bytes) =>
            onDisk(part, () => file.appendFile(bytes)).pipe(
              Effect.tap(() => Effect.sync(() => progress((done += bytes.length), total))),
            ),
          ),
          Effect.andThen(onDisk(part, () => file.sync())),
          Effect.map(() => done),
        ),
      (file) => Effect.promise(() => file.close()),
    )
    if (total !== null && size !== total)
      return yield* blinkError(
        "download",
        new UnexpectedResponse({ status: 200, what: `the clip ended after ${size} of ${total} bytes` }),
      )
    yield* onDisk(path, () => rename(part, path))
    return size
  })
