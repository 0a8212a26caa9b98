import { BlinkAccount, BlinkApi, TokenStore } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { homescreen } from "./fixtures.ts"
import { scriptedCloud } from "./scriptedCloud.ts"
import { signedIn } from "./storedSession.ts"

const homescreenRequest = "GET /api/v3/accounts/7310001/homescreen"

const store = Layer.effect(
  TokenStore,
  Effect.tap(TokenStore, (kept) => Effect.orDie(kept.save(signedIn(10 ** 12)))),
).pipe(Layer.provide(TokenStore.layerMemory))

/** Runs a test with a scripted cloud that is not on a loopback address, so that all limits apply. */
const withCloud =
  (rule: (cloud: ReturnType<typeof scriptedCloud>) => Effect.Effect<void, unknown, BlinkApi>) => () => {
    const cloud = scriptedCloud((request) => ({
      status: 200,
      body: request === homescreenRequest ? homescreen(2) : {},
    }))
    const account = BlinkAccount.layer({ config: { apiUrl: "https://cloud.test" }, store })
    return rule(cloud).pipe(Effect.provide(Layer.provide(account, cloud.layer)))
  }

it.effect(
  "BlinkApi shares one request among identical reads within five seconds",
  withCloud((cloud) =>
    Effect.gen(function* () {
      const api = yield* BlinkApi
      yield* Effect.all([api.snapshot, api.snapshot, api.snapshot], { concurrency: "unbounded" })
      yield* TestClock.adjust("4 seconds")
      yield* api.snapshot
      assert.strictEqual(cloud.count(homescreenRequest), 1)
      yield* TestClock.adjust("2 seconds")
      yield* api.snapshot
      assert.strictEqual(cloud.count(homescreenRequest), 2)
    }),
  ),
)

it.effect(
  "BlinkApi discards shared responses when the clock is set back",
  withCloud((cloud) =>
    Effect.gen(function* () {
      const api = yield* BlinkApi
      yield* TestClock.setTime(3_600_000)
      yield* api.snapshot
      yield* TestClock.setTime(0)
      yield* api.snapshot
      assert.strictEqual(cloud.count(homescreenRequest), 2)
    }),
  ),
)

it.effect(
  "BlinkApi sends a new read after a command or invalidate",
  withCloud((cloud) =>
    Effect.gen(function* () {
      const api = yield* BlinkApi
      yield* api.snapshot
      yield* api.call("setArmed", { network: 5200001, state: "arm" })
      yield* api.snapshot
      assert.strictEqual(cloud.count(homescreenRequest), 2)
      yield* api.invalidate
      yield* api.snapshot
      assert.strictEqual(cloud.count(homescreenRequest), 3)
    }),
  ),
)

it.effect(
  "BlinkApi keeps a shared request for the other callers when one is interrupted",
  withCloud((cloud) =>
    Effect.gen(function* () {
      const api = yield* BlinkApi
      const interrupted = yield* Effect.forkChild(api.snapshot)
      const remaining = yield* Effect.forkChild(api.snapshot)
      yield* Fiber.interrupt(interrupted)
      assert.strictEqual((yield* Fiber.join(remaining)).cameras.length, 3)
      assert.isAtMost(cloud.count(homescreenRequest), 2)
    }),
  ),
)

it.effect(
  "BlinkApi shares nothing between two accounts",
  withCloud(() =>
    Effect.gen(function* () {
      const other = scriptedCloud(() => ({ status: 429 }))
      const account = BlinkAccount.layer({ config: { apiUrl: "https://cloud.test" }, store })
      const throttled = BlinkApi.use((api) => api.snapshot).pipe(
        Effect.provide(Layer.provide(account, other.layer)),
      )
      assert.strictEqual((yield* Effect.flip(throttled)).reason._tag, "Throttled")
      yield* BlinkApi.use((api) => api.snapshot)
    }),
  ),
)
