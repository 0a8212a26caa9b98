import { makeMediaCache } from "@blink-streams/server/MediaCache"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { existsSync } from "node:fs"
import { account } from "./house.ts"

/** A home whose files come when the test lets them. */
const slowHome = Effect.gen(function* () {
  const come = yield* Deferred.make<void>()
  const asked: Array<string> = []
  const bytes = (path: string) =>
    Effect.suspend(() => {
      asked.push(path)
      return Effect.as(Deferred.await(come), new Uint8Array(100))
    })
  return { home: { account, bytes }, asked, come: Deferred.succeed(come, undefined) }
})

const cacheOf = (maxBytes: number) => makeMediaCache({ maxBytes }).pipe(Effect.provide(NodeServices.layer))

it.effect("who gives up waiting makes nobody fetch a file twice", () =>
  Effect.gen(function* () {
    const cache = yield* cacheOf(1_000)
    const { home, asked, come } = yield* slowHome
    const get = Effect.forkChild(Effect.scoped(cache.get(home, "/clip")), { startImmediately: true })
    const first = yield* get
    const second = yield* get
    yield* Fiber.interrupt(second)
    const third = yield* get
    yield* come
    yield* Fiber.join(first)
    yield* Fiber.join(third)
    assert.deepStrictEqual(asked, ["/clip"])
    assert.strictEqual(cache.bytes(), 100)
  }).pipe(Effect.scoped),
)

it.effect("a file stays for as long as somebody reads it; then what was not asked for longest goes", () =>
  Effect.gen(function* () {
    const cache = yield* cacheOf(250)
    const { home, come } = yield* slowHome
    yield* come
    const first = yield* Effect.scoped(
      Effect.gen(function* () {
        const read = yield* cache.get(home, "/1")
        for (const path of ["/2", "/3", "/4"]) yield* Effect.scoped(cache.get(home, path))
        assert.isTrue(existsSync(read.file))
        assert.strictEqual(cache.bytes(), 200)
        return read
      }),
    )
    for (const path of ["/5", "/6"]) yield* Effect.scoped(cache.get(home, path))
    assert.isFalse(existsSync(first.file))
    assert.strictEqual(cache.bytes(), 200)
  }).pipe(Effect.scoped),
)
