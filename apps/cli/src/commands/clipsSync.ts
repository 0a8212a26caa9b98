import { accountServices } from "@blink-streams/broadcaster/accountServices"
import { makeDirectory } from "@blink-streams/broadcaster/makeDirectory"
import { makePollLoop } from "@blink-streams/core"
import { timestampToMillis } from "@blink-streams/model"
import { Duration, Effect } from "effect"
import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { type ClipRetention, prune, removedUpTo } from "../clips/archive.ts"
import { clipFileName, findClips } from "../clips/findClips.ts"
import { downloadPause } from "../clips/saveClip.ts"
import { saveWithProgress } from "../clips/saveWithProgress.ts"
import { printResult } from "../terminal/printResult.ts"
import { accountConfig, assertMinInterval, selectedAccount } from "../account/cloudAccount.ts"
import { CliError, messageOf } from "../errors/CliError.ts"
import { runUntilStopped } from "../runUntilStopped.ts"
import { type SettingFlags, resolveSettings } from "../settings/Settings.ts"

interface Flags extends SettingFlags {
  readonly account?: string
  readonly since?: number
  readonly camera?: string
  readonly every?: number
  readonly keep?: number
  readonly keepSize?: number
  readonly json?: boolean
}

const folderOperation = <A>(folder: string, use: () => Promise<A>) =>
  Effect.tryPromise({
    try: use,
    catch: (cause) => new CliError("failed", `${folder} can't be used: ${messageOf(cause)}`),
  })

/** Downloads every complete clip that is missing, oldest first, then applies the retention. */
const syncOnce = (folder: string, flags: Flags, retention: ClipRetention) =>
  Effect.gen(function* () {
    yield* folderOperation(folder, async () => makeDirectory(folder))
    const now = Date.now()
    const oldest = Math.max(
      flags.since ?? 0,
      retention.age === null ? 0 : now - retention.age,
      // File names have whole seconds only.
      (yield* Effect.promise(() => removedUpTo(folder))) + 1_000,
    )
    const clips = yield* findClips({ since: oldest > 1_000 ? oldest : null, camera: flags.camera ?? null })
    let saved = 0
    for (const clip of clips.toReversed()) {
      const path = join(folder, clipFileName(clip))
      // A clip that is still uploading is copied by a later run.
      if (clip.partial || timestampToMillis(clip.createdAt) < oldest || existsSync(path)) continue
      if (saved > 0) yield* downloadPause
      const bytes = yield* saveWithProgress(clip, path)
      saved++
      printResult(flags.json, { id: clip.id, camera: clip.cameraName, path, bytes }, path)
    }
    const removed = yield* folderOperation(folder, () => prune(folder, retention, now))
    if (!flags.json) process.stderr.write(`${saved} saved, ${removed} removed\n`)
  })

/** `blink-streams clips sync`. Every `.mp4` in the folder is complete, even when the process is killed. */
export const syncClips = async (to: string, flags: Flags): Promise<void> => {
  const settings = resolveSettings(flags)
  assertMinInterval("--every", flags.every ?? null, 15, settings)
  const { name } = selectedAccount(flags)
  const sync = syncOnce(resolve(to), flags, {
    age: flags.keep ?? null,
    bytes: flags.keepSize === undefined ? null : flags.keepSize * 1024 * 1024,
  })
  const syncForever = (interval: number) =>
    Effect.gen(function* () {
      const { next } = yield* makePollLoop({
        read: sync,
        interval: Effect.succeed(Duration.millis(interval)),
        // A transient error is printed, and a later run tries again.
        onFailure: (_failure, error) =>
          "retryable" in error && error.retryable
            ? Effect.asVoid(Effect.sync(() => process.stderr.write(`blink-streams: ${error.message}\n`)))
            : Effect.fail(error),
      })
      return yield* Effect.forever(next)
    })
  await runUntilStopped(
    (flags.every === undefined ? sync : syncForever(flags.every)).pipe(
      Effect.provide(accountServices(accountConfig(settings, name))),
    ),
  )
}
