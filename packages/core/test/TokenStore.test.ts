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

it.effect("a session comes back as it was saved, secrets and all", () =>
  Effect.gen(function* () {
    const store = yield* storeAt(yield* temporaryFile)
    assert.isNull(yield* store.load)
    yield* store.save(signedIn(1000))
    const loaded = yield* store.load
    assert.strictEqual(Redacted.value(loaded!.grant!.refreshToken!), "refresh-0")
    assert.deepStrictEqual(loaded!.grant!.home, signedIn(1000).grant!.home)
    yield* store.remove
    assert.isNull(yield* store.load)
  }),
)

it.effect("the file is for its owner only, and so is the folder that had to be made", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* (yield* storeAt(path)).save(signedIn(0))
    const [file, folder] = yield* Effect.promise(() => Promise.all([stat(path), stat(dirname(path))]))
    assert.strictEqual(file.mode & 0o777, 0o600)
    assert.strictEqual(folder.mode & 0o777, 0o700)
  }),
)

it.effect("a save replaces the file as a whole and leaves nothing else behind", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    const store = yield* storeAt(path)
    yield* Effect.forEach([1, 2, 3, 4], (n) => store.save(signedIn(n)), { concurrency: "unbounded" })
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(path))), ["session.json"])
    assert.isNotNull(yield* store.load)
  }),
)

it.effect("a file that is no session fails without quoting it", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(path, '{"accessToken":"very-secret"'))
    const error = yield* Effect.flip((yield* storeAt(path)).load)
    assert.strictEqual(error.reason._tag, "TokenStoreError")
    assert.notInclude(JSON.stringify(error) + String(error), "very-secret")
  }),
)

it.effect("a folder that cannot be written is told, with what to do", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => writeFile(dirname(path), "a file, no folder"))
    const error = yield* Effect.flip((yield* storeAt(path)).save(signedIn(0)))
    assert.strictEqual(error.reason._tag, "TokenStoreError")
    assert.include(error.hint, "permissions")
  }),
)

it.live("one at a time holds the lock", () =>
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

it.live("the lock of a process that died is taken over", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    // No process has this number: it is above the largest that Linux gives.
    yield* Effect.promise(() => writeFile(`${path}.lock`, "4194305 gone"))
    assert.strictEqual(yield* (yield* storeAt(path)).withLock(Effect.succeed("in")), "in")
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(path))), [])
  }),
)

it.live("so is one that a program of this number left behind: in a container all have the same", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(`${path}.lock`, `${process.pid} a life before`))
    const before = (yield* Clock.currentTimeMillis) / 1000 - process.uptime() - 1
    yield* Effect.promise(() => utimes(`${path}.lock`, before, before))
    assert.strictEqual(yield* (yield* storeAt(path)).withLock(Effect.succeed("in")), "in")
  }),
)

it.effect("so is one of more than five minutes: its number belongs to somebody else by now", () =>
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

it.effect("who waits for a lock may give up, and leaves it to its holder", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(`${path}.lock`, `${process.ppid} somebody else`))
    const waiting = yield* Effect.forkChild((yield* storeAt(path)).withLock(Effect.void))
    yield* Effect.promise(() => setTimeout(20))
    yield* Fiber.interrupt(waiting)
    assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(path))), ["session.json.lock"])
  }),
)

it.effect("the lock of a living process is waited for, for a minute", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(`${path}.lock`, `${process.ppid} somebody else`))
    const waiting = yield* Effect.forkChild(Effect.flip((yield* storeAt(path)).withLock(Effect.void)))
    const started = yield* Clock.currentTimeMillis
    while (waiting.pollUnsafe() === undefined) {
      yield* Effect.promise(() => setTimeout(1))
      yield* TestClock.adjust("5 seconds")
    }
    assert.strictEqual((yield* Fiber.join(waiting)).reason._tag, "TokenStoreError")
    assert.isAtLeast((yield* Clock.currentTimeMillis) - started, 60_000)
    assert.include(yield* Effect.promise(() => readFile(`${path}.lock`, "utf8")), "somebody else")
  }),
)
