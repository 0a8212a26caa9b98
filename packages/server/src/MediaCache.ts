import type { Home } from "@blink-streams/events/Home"
import { Effect, FileSystem, Path, Semaphore } from "effect"
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
  /** From the disk, or from the cloud and then on the disk. Those who ask at the same time share one download. */
  get(home: Home["Service"], path: string): Effect.Effect<MediaFile, HomeFault>
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

/** A folder of at most `maxBytes`; what was not asked for longest goes first. It is emptied when the scope closes. */
export const makeMediaCache = Effect.fnUntraced(function* (options: { readonly maxBytes: number }) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* Effect.orDie(fileSystem.makeTempDirectoryScoped({ prefix: "blink-streams-media-" }))
  /** Least recently used first. */
  const files = new Map<string, MediaFile>()
  const underWay = new Map<string, Semaphore.Semaphore>()
  const fewDownloads = yield* Semaphore.make(4)
  let total = 0

  const store = Effect.fnUntraced(function* (key: string, bytes: Uint8Array) {
    const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 22)
    const made: MediaFile = {
      file: path.join(folder, createHash("sha256").update(key).digest("hex")),
      size: bytes.length,
      contentType: contentTypeOf(bytes),
      etag: `"${hash}"`,
    }
    yield* Effect.orDie(fileSystem.writeFile(made.file, bytes, { mode: 0o600 }))
    files.set(key, made)
    total += made.size
    for (const [oldest, { file, size }] of files) {
      if (total <= options.maxBytes || oldest === key) break
      files.delete(oldest)
      total -= size
      yield* Effect.ignore(fileSystem.remove(file))
    }
    return made
  })

  const cache: MediaCache = {
    bytes: () => total,
    get: Effect.fn("MediaCache.get")(function* (home, wanted) {
      const key = `${home.account}\n${wanted}`
      let one = underWay.get(key)
      if (one === undefined) {
        one = yield* Semaphore.make(1)
        underWay.set(key, one)
      }
      const read = Effect.gen(function* () {
        const known = files.get(key)
        if (known === undefined) return yield* store(key, yield* fewDownloads.withPermit(home.bytes(wanted)))
        files.delete(key)
        files.set(key, known)
        return known
      })
      return yield* Effect.ensuring(
        one.withPermit(read),
        Effect.sync(() => underWay.delete(key)),
      )
    }),
  }
  return cache
})
