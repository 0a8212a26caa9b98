import type { Home } from "@blink-streams/events/Home"
import { Effect, FileSystem, Path, type Scope, Semaphore } from "effect"
import { createHash } from "node:crypto"
import type { HomeFault } from "./internal/commandErrors.ts"

/** A picture or clip on this machine. */
export interface MediaFile {
  readonly file: string
  readonly size: number
  readonly contentType: string
  readonly etag: string
}

export interface MediaCache {
  /**
   * From the disk, or from the cloud and then on the disk. Those who ask at the same time share one download. The file
   * is there until the scope closes.
   */
  get(
    home: Pick<Home["Service"], "account" | "bytes">,
    path: string,
  ): Effect.Effect<MediaFile, HomeFault, Scope.Scope>
  readonly bytes: () => number
}

const contentTypes: ReadonlyArray<readonly [prefix: ReadonlyArray<number>, type: string]> = [
  [[0xff, 0xd8], "image/jpeg"],
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
]

/** By what it is: the cloud calls most of it `application/octet-stream`. Only pictures and clips are served. */
const contentTypeOf = (bytes: Uint8Array): string =>
  contentTypes.find(([prefix]) => prefix.every((byte, index) => bytes[index] === byte))?.[1] ??
  (String.fromCharCode(...bytes.subarray(4, 8)) === "ftyp" ? "video/mp4" : "application/octet-stream")

interface KeptFile extends MediaFile {
  readers: number
}

/**
 * A folder of at most `maxBytes`, and what is being read; what was not asked for longest goes first. It is emptied when
 * the scope closes.
 */
export const makeMediaCache = Effect.fnUntraced(function* (options: { readonly maxBytes: number }) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* Effect.orDie(fileSystem.makeTempDirectoryScoped({ prefix: "blink-streams-media-" }))
  /** Least recently used first. */
  const files = new Map<string, KeptFile>()
  /** One at a time per file; `askers` have it or wait for it. */
  const turns = new Map<string, { readonly turn: Semaphore.Semaphore; askers: number }>()
  const fewDownloads = yield* Semaphore.make(4)
  let total = 0
  let stored = 0

  const store = Effect.fnUntraced(function* (key: string, bytes: Uint8Array) {
    const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 22)
    const made: KeptFile = {
      // A new name each time: the file that was thrown out may still be on its way out.
      file: path.join(folder, String(++stored)),
      size: bytes.length,
      contentType: contentTypeOf(bytes),
      etag: `"${hash}"`,
      readers: 0,
    }
    yield* Effect.orDie(fileSystem.writeFile(made.file, bytes, { mode: 0o600 }))
    files.set(key, made)
    total += made.size
    return made
  }, Effect.uninterruptible)

  const throwOut = Effect.suspend(() => {
    const gone: Array<string> = []
    for (const [key, { file, size, readers }] of files) {
      if (total <= options.maxBytes || files.size === 1) break
      if (readers > 0) continue
      files.delete(key)
      total -= size
      gone.push(file)
    }
    return Effect.forEach(gone, (file) => Effect.ignore(fileSystem.remove(file)), { discard: true })
  })

  /** Keeps a file in place for whoever reads it. */
  const hold = (kept: KeptFile) =>
    Effect.acquireRelease(
      Effect.suspend(() => {
        kept.readers += 1
        return throwOut
      }),
      () =>
        Effect.suspend(() => {
          kept.readers -= 1
          return throwOut
        }),
    )

  const inTurn = <A, E, R>(key: string, effect: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => {
      const mine = turns.get(key) ?? { turn: Semaphore.makeUnsafe(1), askers: 0 }
      turns.set(key, mine)
      mine.askers += 1
      const leave = Effect.sync(() => {
        mine.askers -= 1
        if (mine.askers === 0) turns.delete(key)
      })
      return Effect.ensuring(mine.turn.withPermit(effect), leave)
    })

  const cache: MediaCache = {
    bytes: () => total,
    get: Effect.fn("MediaCache.get")(function* (home, wanted) {
      const key = `${home.account}\n${wanted}`
      const find = Effect.gen(function* () {
        const known = files.get(key)
        const found = known ?? (yield* store(key, yield* fewDownloads.withPermit(home.bytes(wanted))))
        files.delete(key)
        files.set(key, found)
        yield* hold(found)
        return found
      })
      return yield* inTurn(key, find)
    }),
  }
  return cache
})
