import { BlinkApi, type BlinkError } from "@blink-streams/core"
import { type Clip, type ClipId, timestampFromMillis, timestampToMillis } from "@blink-streams/model"
import { cleanText } from "@blink-streams/watcher/text"
import { Effect } from "effect"

export interface ClipFilter {
  /** Milliseconds since the epoch; `null`: no limit. */
  readonly since: number | null
  /** Name, or kind:number; `null`: every camera. */
  readonly camera: string | null
}

const isFromCamera = (clip: Clip, camera: string): boolean =>
  cleanText(clip.cameraName).toLowerCase() === camera.toLowerCase() ||
  (clip.camera !== null && `${clip.camera.kind}:${clip.camera.id}` === camera)

/**
 * Lists the clips that can be downloaded, newest first. Deduplicates by id because pages shift when the cloud adds a clip
 * while they are read.
 */
export const findClips = ({
  since,
  camera,
}: ClipFilter): Effect.Effect<ReadonlyArray<Clip>, BlinkError, BlinkApi> =>
  Effect.gen(function* () {
    const api = yield* BlinkApi
    const clips = new Map<ClipId, Clip>()
    for (let page = 1; ; page++) {
      const result = yield* api.media(since === null ? null : timestampFromMillis(since), page)
      for (const clip of result.clips) clips.set(clip.id, clip)
      if (result.last) break
    }
    return [...clips.values()]
      .filter(
        (clip) =>
          !clip.deleted &&
          clip.media !== null &&
          (since === null || timestampToMillis(clip.createdAt) >= since) &&
          (camera === null || isFromCamera(clip, camera)),
      )
      .sort((one, other) => other.createdAt.localeCompare(one.createdAt))
  })

/** File name of a clip: `2026-11-24T14-32-07Z_Porch_8801.mp4`. Sorts by time, is valid on every system and stable. */
export const clipFileName = (clip: Clip): string => {
  const time = clip.createdAt.replace(/\.\d+Z$/, "Z").replaceAll(":", "-")
  const name = cleanText(clip.cameraName)
    .replaceAll(/[^\p{L}\p{N}-]+/gu, "-")
    .slice(0, 60)
  return `${time}_${name || "camera"}_${clip.id.replaceAll(/[^\w-]/g, "-")}.mp4`
}
