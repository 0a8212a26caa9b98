import type { AccountMonitor } from "@blink-streams/events"
import { Context, Effect, type FileSystem, Layer, type Path, type Scope, Semaphore } from "effect"
import type { MonitorError } from "../errors/toProtocolError.ts"
import { observeGauge } from "../metrics/observe.ts"
import { ServerConfig } from "../ServerConfig.ts"
import { makeCachedFiles, type MediaFile } from "./CachedFiles.ts"
import { KeyedLock } from "./KeyedLock.ts"

/** Concurrent downloads. */
const maxDownloads = 4

const makeMediaCache = Effect.gen(function* () {
  const { cacheBytes } = yield* ServerConfig
  const files = yield* makeCachedFiles(cacheBytes)
  const locks = new KeyedLock()
  const downloadSlots = yield* Semaphore.make(maxDownloads)
  yield* observeGauge("media_cache_bytes", "Bytes of images and clips on disk.", files.bytes)

  return MediaCache.of({
    get: Effect.fn("MediaCache.get")(function* (monitor, path) {
      const key = `${monitor.account}\n${path}`
      const getOrDownload = Effect.gen(function* () {
        const download = downloadSlots.withPermit(monitor.bytes(path))
        const mediaFile = files.find(key) ?? (yield* files.store(key, yield* download))
        yield* files.hold(key, mediaFile)
        return mediaFile
      })
      return yield* locks.withLock(key, getOrDownload)
    }),
  })
})

/**
 * Media files on disk, in a temporary folder. Above `cacheBytes` the least recently used files are deleted, except those in
 * use.
 */
export class MediaCache extends Context.Service<
  MediaCache,
  {
    /**
     * Returns a file from disk, after downloading it from the cloud when needed. Concurrent calls for one file share
     * the download. The file is kept at least until the scope closes.
     */
    get(
      monitor: Pick<AccountMonitor["Service"], "account" | "bytes">,
      path: string,
    ): Effect.Effect<MediaFile, MonitorError, Scope.Scope>
  }
>()("@blink-streams/server/MediaCache") {
  static readonly layer: Layer.Layer<MediaCache, never, ServerConfig | FileSystem.FileSystem | Path.Path> =
    Layer.effect(MediaCache, makeMediaCache)
}
