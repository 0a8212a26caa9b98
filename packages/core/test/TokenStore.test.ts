import { TokenStore } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { setTimeout } from "node:timers/promises"
import { signedIn } from "./storedSession.ts"
import { temporaryFile } from "./temporaryFile.ts"

const storeAt = (path: string) => Effect.provide(TokenStore, TokenStore.layerFile(path))

it.effect("TokenStore loads a session as it was saved, including secrets", () =>
  Effect.gen(function* () {
    const store = yield* storeAt(yield* temporaryFile)
    assert.isNull(yield* store.load)
    yield* store.save(signedIn(1000))
    const loaded = yield* store.load
    assert.strictEqual(Redacted.value(loaded!.grant!.refreshToken!), "refresh-0")
    assert.deepStrictEqual(loaded!.grant!.location, signedIn(1000).grant!.location)
    yield* store.remove
    assert.isNull(yield* store.load)
  }),
)

it.effect("TokenStore creates the file and its directory with access for the owner only", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* (yield* storeAt(path)).save(signedIn(0))
    const [file, folder] = yield* Effect.promise(() => Promise.all([stat(path), stat(dirname(path))]))
    assert.strictEqual(file.mode & 0o777, 0o600)
    assert.strictEqual(folder.mode & 0o777, 0o700)
  }),
)

it.effect("TokenStore.save replaces the whole file and leaves no temporary file", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    const store = yield* storeAt(path)
    yield* Effect.forEach([1, 2, 3, 4], (n) => store.save(signedIn(n)), { concurrency: "unbounded" })
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(path))), ["session.json"])
    assert.isNotNull(yield* store.load)
  }),
)

it.effect("TokenStore.load fails without quoting a file that is not a session", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(path, '{"accessToken":"very-secret"'))
    const error = yield* Effect.flip((yield* storeAt(path)).load)
    assert.strictEqual(error.reason._tag, "TokenStoreError")
    assert.notInclude(JSON.stringify(error) + String(error), "very-secret")
  }),
)

it.effect("TokenStore.save fails with a hint when the directory is not writable", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => writeFile(dirname(path), "a file, not a directory"))
    const error = yield* Effect.flip((yield* storeAt(path)).save(signedIn(0)))
    assert.strictEqual(error.reason._tag, "TokenStoreError")
    assert.include(error.hint, "permissions")
  }),
)

it.live("TokenStore.withLock runs one effect at a time", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    const [first, second] = [yield* storeAt(path), yield* storeAt(path)]
    let inside = 0
    let maxInside = 0
    const work = Effect.gen(function* () {
      inside += 1
      maxInside = Math.max(maxInside, inside)
      yield* Effect.promise(() => setTimeout(5))
      inside -= 1
    })
    yield* Effect.all(
      [first, second, first, second].map((store) => store.withLock(work)),
      { concurrency: "unbounded" },
    )
    assert.strictEqual(maxInside, 1)
  }),
)

it.live("TokenStore.withLock takes over the lock of a dead process", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    // No process has this id: it exceeds the maximum of Linux.
    yield* Effect.promise(() => writeFile(`${path}.lock`, "4194305 gone"))
    assert.strictEqual(yield* (yield* storeAt(path)).withLock(Effect.succeed("in")), "in")
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(path))), [])
  }),
)

it.live(
  "TokenStore.withLock takes over a lock of the same process id from an earlier run, as in a container",
  () =>
    Effect.gen(function* () {
      const path = yield* temporaryFile
      yield* Effect.promise(() => mkdir(dirname(path)))
      yield* Effect.promise(() => writeFile(`${path}.lock`, `${process.pid} earlier run`))
      const before = (yield* Clock.currentTimeMillis) / 1000 - process.uptime() - 1
      yield* Effect.promise(() => utimes(`${path}.lock`, before, before))
      assert.strictEqual(yield* (yield* storeAt(path)).withLock(Effect.succeed("in")), "in")
    }),
)

it.effect("TokenStore.withLock takes over a lock that is older than five minutes", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(`${path}.lock`, `${process.ppid} before the last boot`))
    yield* Effect.promise(() => utimes(`${path}.lock`, 0, 0))
    yield* TestClock.setTime(6 * 60_000)
    const waiting = yield* Effect.forkChild((yield* storeAt(path)).withLock(Effect.succeed("in")))
    while (waiting.pollUnsafe() === undefined) {
      yield* Effect.promise(() => setTimeout(1))
      yield* TestClock.adjust("25 millis")
    }
    assert.strictEqual(yield* Fiber.join(waiting), "in")
  }),
)

it.effect("TokenStore.withLock can be interrupted while it waits and leaves the lock to its holder", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(`${path}.lock`, `${process.ppid} another process`))
    const waiting = yield* Effect.forkChild((yield* storeAt(path)).withLock(Effect.void))
    yield* Effect.promise(() => setTimeout(20))
    yield* Fiber.interrupt(waiting)
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(path))), ["session.json.lock"])
  }),
)

it.effect("TokenStore.withLock fails after a minute when a living process holds the lock", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(`${path}.lock`, `${process.ppid} another process`))
    const waiting = yield* Effect.forkChild(Effect.flip((yield* storeAt(path)).withLock(Effect.void)))
    const started = yield* Clock.currentTimeMillis
    while (waiting.pollUnsafe() === undefined) {
      yield* Effect.promise(() => setTimeout(1))
      yield* TestClock.adjust("5 seconds")
    }
    assert.strictEqual((yield* Fiber.join(waiting)).reason._tag, "TokenStoreError")
    assert.isAtLeast((yield* Clock.currentTimeMillis) - started, 60_000)
    assert.include(yield* Effect.promise(() => readFile(`${path}.lock`, "utf8")), "another process")
  }),
)
