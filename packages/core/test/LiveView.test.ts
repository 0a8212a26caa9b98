import { LiveView } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { CameraId, NetworkId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { setTimeout } from "node:timers/promises"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"
import { relay } from "./relay.ts"

const homeNetwork = NetworkId.make(5130001)
const mini = { network: homeNetwork, kind: "mini", camera: CameraId.make(8900201) } as const
const signedIn = cloud({ settings: { secondFactor: "off" } })

const view = Stream.unwrap(LiveView.use((live) => Effect.succeed(live.watch(mini))))

/** Lets live views be served by a relay at `port`. */
const serveAt = Effect.fnUntraced(function* (port: number) {
  const server = `immis://127.0.0.1:${port}/abc__IMDS_x?client_id=1`
  yield* (yield* Emulator).fault({
    match: { path: "/liveview" },
    do: { status: 200, body: { command_id: 77, server } },
  })
  yield* stillRunning
})

const stillRunning = Effect.flatMap(Emulator, (emulator) =>
  emulator.fault({
    match: { path: "/command/77", method: "GET" },
    do: { status: 200, body: { complete: false, status: 0, status_code: 908, commands: [] } },
  }),
)

const ends = (since: number) =>
  Effect.map(requests(since), (seen) => seen.filter((line) => line.includes("/done")))

it.live("LiveView streams MPEG-TS while it is read and finishes the session afterwards", () =>
  Effect.gen(function* () {
    yield* signIn
    const pieces = [...(yield* view.pipe(Stream.take(3), Stream.runCollect))]
    for (const piece of pieces) {
      assert.strictEqual(piece.length % 188, 0)
      assert.strictEqual(piece[0], 0x47)
    }
    const done = yield* ends(0)
    assert.strictEqual(done.length, 1)
    assert.include(done[0], "200")
  }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" }, speed: 5 }))),
)

it.live("LiveView finishes the session when the relay cannot be reached", () =>
  Effect.gen(function* () {
    yield* signIn
    const since = yield* requestMark
    yield* serveAt(1)
    assert.strictEqual((yield* Effect.flip(Stream.runDrain(view))).reason._tag, "Unreachable")
    assert.strictEqual((yield* ends(since)).length, 1)
  }).pipe(Effect.provide(signedIn)),
)

it.live("LiveView finishes the session when the cloud does not name a relay", () =>
  Effect.gen(function* () {
    yield* signIn
    const since = yield* requestMark
    yield* (yield* Emulator).fault({
      match: { path: "/liveview" },
      do: { status: 200, body: { command_id: 77, server: 12 } },
    })
    assert.strictEqual((yield* Effect.flip(Stream.runDrain(view))).reason._tag, "NotSupported")
    assert.strictEqual((yield* ends(since)).length, 1)
  }).pipe(Effect.provide(signedIn)),
)

it.live("LiveView slows the relay down to the reader's speed and finishes the session on interruption", () =>
  Effect.gen(function* () {
    const { port, sent } = yield* relay
    yield* signIn
    const since = yield* requestMark
    yield* serveAt(port)
    const begun = yield* Deferred.make<void>()
    const watcher = yield* Effect.forkChild(
      Stream.runForEach(view, () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)),
    )
    yield* Deferred.await(begun)
    /** Waits until the socket buffers are full. Without backpressure the relay would never stop. */
    let before = -1
    while (sent() !== before) {
      before = sent()
      yield* Effect.promise(() => setTimeout(200))
    }
    assert.isBelow(sent(), 50_000_000)
    assert.deepStrictEqual(yield* ends(since), [])
    yield* Fiber.interrupt(watcher)
    assert.strictEqual((yield* ends(since)).length, 1)
  }).pipe(Effect.provide(signedIn), Effect.scoped),
)

it.effect("LiveView starts a session no sooner than three seconds after the previous one", () =>
  Effect.gen(function* () {
    const { port } = yield* relay
    yield* signIn
    yield* serveAt(port)
    const firstChunk = view.pipe(Stream.take(1), Stream.runDrain)
    const starts = Effect.map(requests(), (seen) => seen.filter((line) => line.includes("/liveview")).length)
    yield* firstChunk
    const second = yield* Effect.forkChild(firstChunk)
    yield* withTestClock(Effect.sleep("2 seconds"))
    assert.strictEqual(yield* starts, 1)
    yield* TestClock.adjust("1 second")
    yield* Fiber.join(second)
    assert.strictEqual(yield* starts, 2)
  }).pipe(Effect.provide(signedIn), Effect.scoped),
)
