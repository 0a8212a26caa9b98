import type { Clip } from "@blink-streams/model"
import { cleanText } from "@blink-streams/watcher/text"
import { Effect } from "effect"
import { progressBar } from "../terminal/progressBar.ts"
import { saveClip } from "./saveClip.ts"

/** Downloads a clip as `saveClip` does and shows the progress. */
export const saveWithProgress = (clip: Clip, path: string) =>
  Effect.suspend(() => {
    const bar = progressBar(`${clip.createdAt} ${cleanText(clip.cameraName)}`)
    return saveClip(clip, path, bar.update).pipe(Effect.ensuring(Effect.sync(bar.end)))
  })
