import { assert, it } from "@effect/vitest"
import { Emulator, startEmulator } from "../src/index.ts"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { once } from "node:events"
import { connect } from "node:net"
import { promisify } from "node:util"
import { signIn } from "./support/cloudClient.ts"

it.effect("Emulated time follows Effect's clock", () =>
  Effect.gen(function* () {
    const cloud = yield* Emulator
    const { send } = yield* Effect.promise(() => signIn(cloud.url, cloud.account))
    const { body } = yield* Effect.promise(() => send("POST /network/5130001/disarm"))
    const complete = Effect.promise(
      async () => (await send(`GET /network/5130001/command/${body.id}`)).body.complete,
    )
    assert.isFalse(yield* complete)
    yield* TestClock.adjust("2 seconds")
    assert.isTrue(yield* complete)
  }).pipe(Effect.provide(Emulator.layer({ seed: 3 }))),
)

it.effect("Emulated time runs at the configured speed and stops at speed 0", () =>
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

it.effect("Emulator.motion fails with the field name when the camera does not exist", () =>
  Effect.gen(function* () {
    const cloud = yield* Emulator
    const outcome = yield* Effect.result(cloud.motion({ camera: "Attic" }))
    assert.strictEqual(Result.isFailure(outcome) ? outcome.failure.field : "", "camera")
  }).pipe(Effect.provide(Emulator.layer())),
)

it.effect("Emulator closes its port when the layer is released", () =>
  Effect.gen(function* () {
    const url = yield* Effect.map(Effect.service(Emulator), (cloud) => cloud.url).pipe(
      Effect.provide(Emulator.layer()),
    )
    const outcome = yield* Effect.promise(() =>
      fetch(`${url}/regions`).then(
        () => "open",
        () => "closed",
      ),
    )
    assert.strictEqual(outcome, "closed")
  }),
)

it("Emulator serves other clients and closes although some connections are silent or aborted", async () => {
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
