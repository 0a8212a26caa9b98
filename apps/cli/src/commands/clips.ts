import { BlinkApi } from "@blink-streams/core"
import type { Clip } from "@blink-streams/model"
import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { cleanText } from "@blink-streams/watcher/cleanText"
import { fit } from "@blink-streams/watcher/fit"
import { Effect } from "effect"
import { statSync } from "node:fs"
import { join } from "node:path"
import { confirm } from "../ask.ts"
import { clipFileName, findClips } from "../clips/findClips.ts"
import { progressBar } from "../clips/progressBar.ts"
import { saveClip } from "../clips/saveClip.ts"
import { pickAccount, withAccount } from "../cloudAccount.ts"
import { Failure } from "../Failure.ts"
import { type SettingFlags, resolveSettings } from "../Settings.ts"

interface Flags extends SettingFlags {
  readonly account?: string
  readonly json?: boolean
  readonly since?: number
  readonly camera?: string
}

const onAccount = <A, E>(flags: Flags, use: Effect.Effect<A, E, BlinkApi>): Promise<A> => {
  const settings = resolveSettings(flags)
  return withAccount(settings, pickAccount(new StateFolder(settings.dir), flags.account), use)
}

const selected = (flags: Flags) => findClips({ since: flags.since ?? null, camera: flags.camera ?? null })

const clipLine = ({ id, createdAt, cameraName, source, durationSeconds, storage, partial }: Clip): string =>
  [
    fit(id, 14),
    createdAt,
    fit(cleanText(cameraName), 18),
    fit(cleanText(source), 12),
    fit(durationSeconds === null ? "–" : `${Math.round(durationSeconds)} s`, 6),
    `${storage}${partial ? ", uploading" : ""}`,
  ].join(" ")

/** `blink-streams clips list`. */
export const listClips = async (flags: Flags & { readonly limit?: number }): Promise<void> => {
  const clips = (await onAccount(flags, selected(flags))).slice(0, flags.limit)
  if (flags.json) process.stdout.write(`${JSON.stringify(clips)}\n`)
  else if (clips.length === 0) process.stderr.write("no clips\n")
  else process.stdout.write(`${clips.map(clipLine).join("\n")}\n`)
}

const isFolder = (path: string): boolean =>
  path.endsWith("/") || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)

const withIds = (clips: ReadonlyArray<Clip>, ids: ReadonlyArray<string>): ReadonlyArray<Clip> => {
  if (ids.length === 0) return clips
  const missing = ids.find((id) => !clips.some((clip) => clip.id === id))
  if (missing !== undefined) throw new Failure("failed", `there is no clip ${missing}`)
  return clips.filter((clip) => ids.includes(clip.id))
}

/** `blink-streams clips download`. */
export const downloadClips = (
  ids: ReadonlyArray<string>,
  flags: Flags & { readonly to: string },
): Promise<void> =>
  onAccount(
    flags,
    Effect.gen(function* () {
      const found = yield* selected(flags)
      const clips = yield* Effect.try({ try: () => withIds(found, ids), catch: (error) => error })
      const toFolder = clips.length !== 1 || isFolder(flags.to)
      for (const clip of clips) {
        const path = toFolder ? join(flags.to, clipFileName(clip)) : flags.to
        const bar = progressBar(`${clip.createdAt} ${cleanText(clip.cameraName)}`)
        const bytes = yield* saveClip(clip, path, bar.update).pipe(Effect.ensuring(Effect.sync(bar.end)))
        process.stdout.write(flags.json ? `${JSON.stringify({ id: clip.id, path, bytes })}\n` : `${path}\n`)
      }
    }),
  )
