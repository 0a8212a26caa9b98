import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer } from "effect"
import { existsSync } from "node:fs"
import { MediaCache } from "../src/internal/media/MediaCache.ts"
import { ServerConfig } from "../src/internal/ServerConfig.ts"
import { exportedMetric } from "./exportedMetric.ts"
import { account } from "./testServer.ts"

/** A monitor whose downloads complete when the test allows them. */
const slowMonitor = Effect.gen(function* () {
  const downloadsAllowed = yield* Deferred.make<void>()
  const requestedPaths: Array<string> = []
  const bytes = (path: string) =>
    Effect.suspend(() => {
      requestedPaths.push(path)
      return Effect.as(Deferred.await(downloadsAllowed), new Uint8Array(100))
    })
  return {
    monitor: { account, bytes },
    requestedPaths,
    allowDownloads: Deferred.succeed(downloadsAllowed, undefined),
  }
})

const cacheOf = (cacheBytes: number) =>
  Effect.map(
    Layer.build(
      MediaCache.layer.pipe(
        Layer.provide([
          Layer.succeed(ServerConfig, ServerConfig.resolve({ cacheBytes })),
          NodeServices.layer,
        ]),
      ),
    ),
    (services) => Context.get(services, MediaCache),
  )

const cachedBytes = exportedMetric("blink_streams_media_cache_bytes")

it.effect("MediaCache downloads a file once when one of several waiting calls is interrupted", () =>
  Effect.gen(function* () {
    const cache = yield* cacheOf(1_000)
    const { monitor, requestedPaths, allowDownloads } = yield* slowMonitor
    const get = Effect.forkChild(Effect.scoped(cache.get(monitor, "/clip")), { startImmediately: true })
    const first = yield* get
    const second = yield* get
    yield* Fiber.interrupt(second)
    const third = yield* get
    yield* allowDownloads
    yield* Fiber.join(first)
    yield* Fiber.join(third)
    assert.deepStrictEqual(requestedPaths, ["/clip"])
    assert.strictEqual(yield* cachedBytes, 100)
  }).pipe(Effect.scoped),
)

it.effect("MediaCache keeps a file while it is in use, then evicts the least recently used one", () =>
  Effect.gen(function* () {
    const cache = yield* cacheOf(250)
    const { monitor, allowDownloads } = yield* slowMonitor
    yield* allowDownloads
    const first = yield* Effect.scoped(
      Effect.gen(function* () {
        const read = yield* cache.get(monitor, "/1")
        for (const path of ["/2", "/3", "/4"]) yield* Effect.scoped(cache.get(monitor, path))
        assert.isTrue(existsSync(read.file))
        assert.strictEqual(yield* cachedBytes, 200)
        return read
      }),
    )
    for (const path of ["/5", "/6"]) yield* Effect.scoped(cache.get(monitor, path))
    assert.isFalse(existsSync(first.file))
    assert.strictEqual(yield* cachedBytes, 200)
  }).pipe(Effect.scoped),
)
