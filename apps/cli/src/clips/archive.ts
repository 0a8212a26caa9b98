import { Option, Schema } from "effect"
import { readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** Limits of an archive. `null`: no limit. */
export interface ClipRetention {
  /** Milliseconds. */
  readonly age: number | null
  readonly bytes: number | null
}

interface ArchivedClip {
  readonly path: string
  readonly size: number
  readonly createdAt: number
}

const stateFile = ".blink-streams.json"
const decodeState = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ removedUpTo: Schema.Finite })),
)
const copyName = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)_.*\.mp4$/

/** Time from the file name of an archived clip, in milliseconds since the epoch; `null` for any other file. */
const timeFromName = (file: string): number | null => {
  const time = copyName.exec(file)?.[1]
  return time === undefined ? null : Date.parse(time.replace(/T(\d\d)-(\d\d)-/, "T$1:$2:"))
}

/** Lists the archived clips in `folder`, oldest first, and ignores other files. */
const listArchive = async (folder: string): Promise<ReadonlyArray<ArchivedClip>> => {
  const copies: Array<ArchivedClip> = []
  for (const file of await readdir(folder)) {
    const createdAt = timeFromName(file)
    if (createdAt === null) continue
    const path = join(folder, file)
    copies.push({ path, createdAt, size: (await stat(path)).size })
  }
  return copies.sort((one, other) => one.createdAt - other.createdAt)
}

/**
 * Creation time of the newest clip that retention removed, in milliseconds since the epoch; 0 when there is none. Clips
 * up to this time are not downloaded again.
 */
export const removedUpTo = async (folder: string): Promise<number> => {
  const text = await readFile(join(folder, stateFile), "utf8").catch(() => "")
  return Option.match(decodeState(text), { onNone: () => 0, onSome: ({ removedUpTo: time }) => time })
}

/** Deletes the oldest copies until `retention` is met. Returns the number deleted. */
export const prune = async (folder: string, retention: ClipRetention, now: number): Promise<number> => {
  const copies = await listArchive(folder)
  let total = copies.reduce((sum, { size }) => sum + size, 0)
  const removed = copies.filter(({ createdAt, size }) => {
    const tooOld = retention.age !== null && createdAt < now - retention.age
    const tooMuch = retention.bytes !== null && total > retention.bytes
    if (tooOld || tooMuch) total -= size
    return tooOld || tooMuch
  })
  const last = removed.at(-1)
  if (!last) return 0
  // Saved before deleting: after a crash in between the deleted clips are not downloaded again.
  const statePath = join(folder, stateFile)
  await writeFile(
    `${statePath}.new`,
    JSON.stringify({ removedUpTo: Math.max(last.createdAt, await removedUpTo(folder)) }),
  )
  await rename(`${statePath}.new`, statePath)
  for (const { path } of removed) await rm(path, { force: true })
  return removed.length
}
