import type { AccountMonitor } from "@blink-streams/events"
import { Effect, FileSystem, Path, type Scope, Semaphore } from "effect"
import { createHash } from "node:crypto"
import type { MonitorError } from "../errors/toProtocolError.ts"

/** An image or clip on disk. */
export interface MediaFile {
  readonly file: string
  readonly size: number
  readonly contentType: string
  readonly etag: string
}

/** Media files on disk. */
export interface MediaCache {
  /**
   * Returns a file from disk, after downloading it from the cloud when needed. Concurrent calls for one file share
   * the download. The file is kept at least until the scope closes.
   */
  get(
    monitor: Pick<AccountMonitor["Service"], "account" | "bytes">,
    path: string,
  ): Effect.Effect<MediaFile, MonitorError, Scope.Scope>
  /** Total size in bytes. */
  readonly bytes: () => number
}

const contentTypes: ReadonlyArray<readonly [prefix: ReadonlyArray<number>, type: string]> = [
  [[0xff, 0xd8], "image/jpeg"],
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
]

/** Detects the type from the content: the cloud sends most files as `application/octet-stream`. */
const contentTypeOf = (bytes: Uint8Array): string =>
  contentTypes.find(([prefix]) => prefix.every((byte, index) => bytes[index] === byte))?.[1] ??
  (String.fromCharCode(...bytes.subarray(4, 8)) === "ftyp" ? "video/mp4" : "application/octet-stream")

interface CachedFile extends MediaFile {
  readers: number
}

/**
 * Makes a cache in a temporary folder, which is removed with the scope. Above `maxBytes` the least recently used
 * files are deleted, except those in use.
 */
export const makeMediaCache = Effect.fnUntraced(function* (options: { readonly maxBytes: number }) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* Effect.orDie(fileSystem.makeTempDirectoryScoped({ prefix: "blink-streams-media-" }))
  /** Least recently used first. */
  const files = new Map<string, CachedFile>()
  /** One lock per file. `users` counts holders and waiters. */
  const locks = new Map<string, { readonly semaphore: Semaphore.Semaphore; users: number }>()
  const downloadSlots = yield* Semaphore.make(4)
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
      if (totalBytes <= options.maxBytes || files.size === 1) break
      if (readers > 0) continue
      files.delete(key)
      totalBytes -= size
      evicted.push(file)
    }
    return Effect.forEach(evicted, (file) => Effect.ignore(fileSystem.remove(file)), { discard: true })
  })

  /** Protects a file from eviction until the scope closes. */
  const holdFile = (cachedFile: CachedFile) =>
    Effect.acquireRelease(
      Effect.suspend(() => {
        cachedFile.readers += 1
        return evict
      }),
      () =>
        Effect.suspend(() => {
          cachedFile.readers -= 1
          return evict
        }),
    )

  const withLock = <A, E, R>(key: string, effect: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => {
      const lock = locks.get(key) ?? { semaphore: Semaphore.makeUnsafe(1), users: 0 }
      locks.set(key, lock)
      lock.users += 1
      const release = Effect.sync(() => {
        lock.users -= 1
        if (lock.users === 0) locks.delete(key)
      })
      return Effect.ensuring(lock.semaphore.withPermit(effect), release)
    })

  const cache: MediaCache = {
    bytes: () => totalBytes,
    get: Effect.fn("MediaCache.get")(function* (monitor, mediaPath) {
      const key = `${monitor.account}\n${mediaPath}`
      const getOrDownload = Effect.gen(function* () {
        const cached = files.get(key)
        const mediaFile =
          cached ?? (yield* store(key, yield* downloadSlots.withPermit(monitor.bytes(mediaPath))))
        files.delete(key)
        files.set(key, mediaFile)
        yield* holdFile(mediaFile)
        return mediaFile
      })
      return yield* withLock(key, getOrDownload)
    }),
  }
  return cache
})
