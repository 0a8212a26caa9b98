import { assert, it } from "@effect/vitest"
import { startEmulator } from "../src/index.ts"
import { Emulator } from "../src/Emulator.ts"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { once } from "node:events"
import { connect } from "node:net"
import { promisify } from "node:util"
import { signIn } from "./support/cloudClient.ts"

it.effect("emulated time follows Effect's clock", () =>
  Effect.gen(function* () {
    const cloud = yield* Emulator
    const { ask } = yield* Effect.promise(() => signIn(cloud.url, cloud.account))
    const { body } = yield* Effect.promise(() => ask("POST /network/5130001/disarm"))
    const complete = Effect.promise(
      async () => (await ask(`GET /network/5130001/command/${body.id}`)).body.complete,
    )
    assert.isFalse(yield* complete)
    yield* TestClock.adjust("2 seconds")
    assert.isTrue(yield* complete)
  }).pipe(Effect.provide(Emulator.layer({ seed: 3 }))),
)

it.effect("emulated time runs as much faster as it is told, and stands still at speed 0", () =>
  Effect.gen(function* () {
    const cloud = yield* Emulator
    const now = Effect.map(cloud.world, (truth) => truth.now_ms)
    const start = yield* now
    yield* TestClock.adjust("1 second")
    assert.strictEqual((yield* now) - start, 100_000)
    yield* cloud.clock({ speed: 0 })
    yield* TestClock.adjust("1 hour")
    assert.strictEqual((yield* now) - start, 100_000)
    yield* cloud.clock({ advance_ms: 5 })
    assert.strictEqual((yield* now) - start, 100_005)
  }).pipe(Effect.provide(Emulator.layer({ speed: 100 }))),
)

it.effect("an order that makes no sense fails with the name of its field", () =>
  Effect.gen(function* () {
    const cloud = yield* Emulator
    const outcome = yield* Effect.result(cloud.motion({ camera: "Attic" }))
    assert.strictEqual(Result.isFailure(outcome) ? outcome.failure.field : "", "camera")
  }).pipe(Effect.provide(Emulator.layer())),
)

it.effect("nobody listens any more when the layer is gone", () =>
  Effect.gen(function* () {
    const url = yield* Effect.map(Effect.service(Emulator), (cloud) => cloud.url).pipe(
      Effect.provide(Emulator.layer()),
    )
    const outcome = yield* Effect.promise(() =>
      fetch(`${url}/regions`).then(
        () => "answered",
        () => "gone",
      ),
    )
    assert.strictEqual(outcome, "gone")
  }),
)

it("connections that say nothing, or hang up in the middle, keep nobody from being served or from closing", async () => {
  const cloud = await startEmulator()
  const open = async (begin: string) => {
    const socket = connect(Number(new URL(cloud.url).port), "127.0.0.1")
    socket.on("error", () => undefined)
    await once(socket, "connect")
    if (begin !== "") await promisify((text: string, done: () => void) => socket.write(text, done))(begin)
    return socket
  }
  const [silent, left, half, hello] = await Promise.all(["", "", "GET /reg", "\u0016\u0003"].map(open))
  left?.end()
  half?.resetAndDestroy()
  assert.strictEqual((await fetch(`${cloud.url}/regions`)).status, 200)
  await cloud.close()
  for (const socket of [silent, left, hello]) if (socket?.closed === false) await once(socket, "close")
})
