import type { Thumbnail, Timestamp } from "@blink-streams/model"
import { Effect } from "effect"
import { BlinkApi } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"
import { pictureRetry } from "./internal/rateLimit/retryPolicy.ts"

/** Thumbnail with its time and state. */
export interface Picture {
  readonly bytes: Uint8Array
  /** Time of the picture as encoded in its path; `null` when the path has none. */
  readonly takenAt: Timestamp | null
  /** True when the JPEG has its start and end markers. The cloud sometimes sends truncated files. */
  readonly complete: boolean
}

/** True when `bytes` start and end with the JPEG markers. */
export const isCompleteJpeg = (bytes: Uint8Array): boolean =>
  bytes.length > 4 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9

/**
 * Fetches the thumbnail of a camera. The path changes with every new picture, so fetch each path once. An
 * empty file is retried twice, after 3 seconds each, then fails with `NotReady`: keep the old picture.
 *
 * @example
 * ```ts
 * const program = Effect.gen(function* () {
 *   const { cameras } = yield* BlinkApi.use((api) => api.snapshot)
 *   return yield* fetchPicture(cameras[0]!.thumbnail!)
 * })
 * ```
 */
export const fetchPicture = ({ url, takenAt }: Thumbnail): Effect.Effect<Picture, BlinkError, BlinkApi> =>
  BlinkApi.use((api) =>
    api.bytes(url).pipe(
      Effect.retry(pictureRetry),
      Effect.map((bytes) => ({ bytes, takenAt, complete: isCompleteJpeg(bytes) })),
    ),
  )
