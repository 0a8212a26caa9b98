import { Effect, FileSystem, Path } from "effect"
import { createHash } from "node:crypto"
import { contentTypeOf } from "./contentTypeOf.ts"

/** An image or clip on disk. */
export interface MediaFile {
  readonly file: string
  readonly size: number
  readonly contentType: string
  readonly etag: string
}

interface CachedFile extends MediaFile {
  /** Number of scopes that use the file. */
  readers: number
}

/**
 * Makes a store of files in a temporary folder, which is removed with the scope. Above `maxBytes` the least recently used
 * files are deleted, except those in use.
 */
export const makeCachedFiles = Effect.fnUntraced(function* (maxBytes: number) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* Effect.orDie(fileSystem.makeTempDirectoryScoped({ prefix: "blink-streams-media-" }))
  /** Least recently used first. */
  const files = new Map<string, CachedFile>()
  let totalBytes = 0
  let storedCount = 0

  const store = Effect.fnUntraced(function* (key: string, bytes: Uint8Array) {
    const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 22)
    const cachedFile: CachedFile = {
      // A new name each time: the evicted file with the same key may not be deleted yet.
      file: path.join(folder, String(++storedCount)),
      size: bytes.length,
      contentType: contentTypeOf(bytes),
      etag: `"${hash}"`,
      readers: 0,
    }
    yield* Effect.orDie(fileSystem.writeFile(cachedFile.file, bytes, { mode: 0o600 }))
    files.set(key, cachedFile)
    totalBytes += cachedFile.size
    return cachedFile
  }, Effect.uninterruptible)

  const evict = Effect.suspend(() => {
    const evicted: Array<string> = []
    for (const [key, { file, size, readers }] of files) {
      if (totalBytes <= maxBytes || files.size === 1) break
      if (readers > 0) continue
      files.delete(key)
      totalBytes -= size
      evicted.push(file)
    }
    return Effect.forEach(evicted, (file) => Effect.ignore(fileSystem.remove(file)), { discard: true })
  })

  const changeReaders = (cachedFile: CachedFile, by: 1 | -1) =>
    Effect.suspend(() => {
      cachedFile.readers += by
      return evict
    })

  return {
    store,
    bytes: () => totalBytes,
    find: (key: string) => files.get(key),
    /** Makes a file the most recently used one, and protects it from eviction until the scope closes. */
    hold: (key: string, cachedFile: CachedFile) =>
      Effect.suspend(() => {
        files.delete(key)
        files.set(key, cachedFile)
        return Effect.acquireRelease(changeReaders(cachedFile, 1), () => changeReaders(cachedFile, -1))
      }),
  }
})
