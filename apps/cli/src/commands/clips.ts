import { type BlinkAccount, BlinkApi } from "@blink-streams/core"
import type { Clip } from "@blink-streams/model"
import { cleanText } from "@blink-streams/watcher/text"
import { fit } from "@blink-streams/watcher/lines"
import { Effect } from "effect"
import { statSync } from "node:fs"
import { join } from "node:path"
import { confirm } from "../terminal/prompt.ts"
import { clipFileName, findClips } from "../clips/findClips.ts"
import { downloadPause } from "../clips/saveClip.ts"
import { saveWithProgress } from "../clips/saveWithProgress.ts"
import { selectedAccount, withAccount } from "../account/cloudAccount.ts"
import { printResult } from "../terminal/printResult.ts"
import { CliError, asCliError } from "../errors/CliError.ts"
import type { SettingFlags } from "../settings/Settings.ts"

interface Flags extends SettingFlags {
  readonly account?: string
  readonly json?: boolean
  readonly since?: number
  readonly camera?: string
}

const withSelectedAccount = <A, E>(
  flags: Flags,
  use: Effect.Effect<A, E, BlinkAccount.BlinkServices>,
): Promise<A> => {
  const { settings, name } = selectedAccount(flags)
  return withAccount(settings, name, use)
}

const findSelectedClips = (flags: Flags) =>
  findClips({ since: flags.since ?? null, camera: flags.camera ?? null })

const clipLine = ({ id, createdAt, cameraName, source, durationSeconds, storage, partial }: Clip): string =>
  [
    fit(id, 14),
    createdAt,
    fit(cleanText(cameraName), 18),
    fit(cleanText(source ?? "unknown"), 12),
    fit(durationSeconds === null ? "–" : `${Math.round(durationSeconds)} s`, 6),
    `${storage}${partial ? ", uploading" : ""}`,
  ].join(" ")

/** `blink-streams clips list`. */
export const listClips = async (flags: Flags & { readonly limit?: number }): Promise<void> => {
  const clips = (await withSelectedAccount(flags, findSelectedClips(flags))).slice(0, flags.limit)
  if (flags.json) process.stdout.write(`${JSON.stringify(clips)}\n`)
  else if (clips.length === 0) process.stderr.write("no clips\n")
  else process.stdout.write(`${clips.map(clipLine).join("\n")}\n`)
}

const isFolder = (path: string): boolean =>
  path.endsWith("/") || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)

const withIds = (clips: ReadonlyArray<Clip>, ids: ReadonlyArray<string>): ReadonlyArray<Clip> => {
  if (ids.length === 0) return clips
  const missing = ids.find((id) => !clips.some((clip) => clip.id === id))
  if (missing !== undefined) throw new CliError("failed", `there is no clip ${missing}`)
  return clips.filter((clip) => ids.includes(clip.id))
}

/** `blink-streams clips download`. */
export const downloadClips = (
  ids: ReadonlyArray<string>,
  flags: Flags & { readonly to: string },
): Promise<void> =>
  withSelectedAccount(
    flags,
    Effect.gen(function* () {
      const candidates = yield* findSelectedClips(flags)
      const clips = yield* Effect.try({ try: () => withIds(candidates, ids), catch: asCliError })
      const toFolder = clips.length !== 1 || isFolder(flags.to)
      for (const clip of clips) {
        const path = toFolder ? join(flags.to, clipFileName(clip)) : flags.to
        if (clip !== clips[0]) yield* downloadPause
        const bytes = yield* saveWithProgress(clip, path)
        printResult(flags.json, { id: clip.id, path, bytes }, path)
      }
    }),
  )

/** `blink-streams clips delete`. */
export const deleteClips = async (
  ids: ReadonlyArray<string>,
  flags: Flags & { readonly yes?: boolean },
): Promise<void> => {
  const invalid = ids.find((id) => !/^\d+$/.test(id))
  if (invalid !== undefined)
    throw new CliError("usage", `"${invalid}" is not a cloud clip: expected its number`)
  if (
    !flags.yes &&
    !(await confirm(`delete ${ids.length === 1 ? `clip ${ids[0]}` : `${ids.length} clips`} permanently`))
  )
    throw new CliError("failed", "nothing was deleted")
  await withSelectedAccount(
    flags,
    Effect.gen(function* () {
      const candidates = yield* findClips({ since: null, camera: null })
      const clips = yield* Effect.try({ try: () => withIds(candidates, ids), catch: asCliError })
      yield* BlinkApi.use((api) => api.deleteClips(clips.map(({ id }) => id)))
    }),
  )
  printResult(flags.json, { deleted: ids }, `deleted ${ids.join(", ")}`)
}
