import type { Thumbnail, Timestamp } from "@blink-streams/model"
import { Effect, Schedule } from "effect"
import { BlinkApi } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"

/** A still and where it comes from. */
export interface Picture {
  readonly bytes: Uint8Array
  /** When it was taken, by its path; `null` when the path does not tell. */
  readonly takenAt: Timestamp | null
  /** A JPEG from its first mark to its last. The cloud hands out ones that are cut off. */
  readonly complete: boolean
}

/** Whether `bytes` begin and end as a JPEG does. */
export const isCompleteJpeg = (bytes: Uint8Array): boolean =>
  bytes.length > 4 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9

/**
 * Fetches a thumbnail of a camera. Its path changes with every new picture, so one path is worth one fetch. One that
 * is still empty is asked for twice more, after 3 seconds each; then it is `NotReady`: keep the old picture.
 */
export const fetchPicture = ({ url, takenAt }: Thumbnail): Effect.Effect<Picture, BlinkError, BlinkApi> =>
  BlinkApi.use((api) =>
    api.bytes(url).pipe(
      Effect.retry({
        while: ({ reason }) => reason._tag === "NotReady",
        schedule: Schedule.spaced("3 seconds"),
        times: 2,
      }),
      Effect.map((bytes) => ({ bytes, takenAt, complete: isCompleteJpeg(bytes) })),
    ),
  )
