import { BlinkAccount, BlinkApi, BlinkError, type CloudSettings, Commands, TokenStore } from "../src/index.ts"
import { openAccount } from "../src/promise.ts"
import { Emulator, type FaultInput } from "@blink-streams/emulator"
import { NetworkId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"
import { relay } from "./relay.ts"
import { signedIn } from "./storedSession.ts"

const network = NetworkId.make(5130001)

const command = BlinkApi.use((api) => api.call("setArmed", { network, state: "disarm" }))

const emulated = (config: Partial<CloudSettings> = {}) => cloud({ settings: { secondFactor: "off" }, config })

const storeWith = (expiresAt: number) =>
  Layer.effect(
    TokenStore,
    Effect.tap(TokenStore, (store) => Effect.orDie(store.save(signedIn(expiresAt)))),
  ).pipe(Layer.provide(TokenStore.layerMemory))

/** Services of a signed-in account at an address that is no emulator. */
const accountAt = (url: string) =>
  BlinkAccount.layer({ config: { apiUrl: url, oauthUrl: url }, store: storeWith(10 ** 13) }).pipe(
    Layer.provide(FetchHttpClient.layer),
  )

/** Failure of a command while `fault` applies to its path, or to that of `match`. */
const failureDuring = Effect.fnUntraced(function* (fault: FaultInput["do"], path = "/state/") {
  yield* signIn
  yield* (yield* Emulator).fault({ match: { path }, do: fault })
  const since = yield* requestMark
  const error = yield* withTestClock(Effect.flip(command))
  const seen = yield* requests(since)
  return { error, commands: seen.filter((line) => line.includes("/state/")).length }
})

describe("BlinkError.sent", () => {
  for (const [title, fault, reason] of [
    ["409", { status: 409, body: { code: 307 } }, "Busy"],
    ["a rejection with status 200", { status: 200, body: { code: 706 } }, "Rejected"],
    ["404", { status: 404, body: "<h1>Not Found</h1>" }, "NotSupported"],
    ["406", { status: 406, body: "no" }, "EdgeBlocked"],
    ["429", { status: 429 }, "Throttled"],
    ["502", { status: 502, body: "<h1>Bad Gateway</h1>" }, "ServerError"],
    ["a page instead of JSON", { status: 200, body: "<h1>Hello</h1>" }, "UnexpectedResponse"],
    ["a body that ends early", { truncate: true }, "Unreachable"],
  ] as const) {
    it.effect(`BlinkError.sent is "yes" when the cloud responds with ${title}`, () =>
      Effect.gen(function* () {
        const { error, commands } = yield* failureDuring(fault)
        assert.strictEqual(error.reason._tag, reason)
        assert.strictEqual(error.sent, "yes")
        assert.strictEqual(commands, 1)
      }).pipe(Effect.provide(emulated())),
    )
  }

  it.effect('BlinkError.sent is "unknown" when the connection breaks before a response', () =>
    Effect.gen(function* () {
      const { error } = yield* failureDuring({ drop: "after" })
      assert.strictEqual(error.reason._tag, "Unreachable")
      assert.strictEqual(error.sent, "unknown")
    }).pipe(Effect.provide(emulated())),
  )

  it.effect('BlinkError.sent is "unknown" when no response comes in time', () =>
    Effect.gen(function* () {
      const { error } = yield* failureDuring({ delay_ms: 60_000 })
      assert.strictEqual(error.reason._tag, "Unreachable")
      assert.strictEqual(error.sent, "unknown")
    }).pipe(Effect.provide(emulated())),
  )

  it.live('BlinkError.sent is "no" when the host refuses the connection', () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(command)
      assert.strictEqual(error.reason._tag, "Unreachable")
      assert.strictEqual(error.sent, "no")
    }).pipe(Effect.provide(accountAt("http://127.0.0.1:2"))),
  )

  it.live('BlinkError.sent is "no" when the host name does not exist', () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(command)
      assert.strictEqual(error.reason._tag, "Unreachable")
      assert.strictEqual(error.sent, "no")
    }).pipe(Effect.provide(accountAt("http://cloud.invalid"))),
  )

  it.live('BlinkError.sent is "no" when the certificate is not accepted', () =>
    Effect.gen(function* () {
      const { port } = yield* relay
      const error = yield* Effect.flip(Effect.provide(command, accountAt(`https://127.0.0.1:${port}`)))
      assert.strictEqual(error.reason._tag, "Unreachable")
      assert.strictEqual(error.sent, "no")
    }),
  )

  it.effect('BlinkError.sent is "no" during the back-off after a 429', () =>
    Effect.gen(function* () {
      const { error } = yield* failureDuring({ status: 429 })
      assert.strictEqual(error.sent, "yes")
      const since = yield* requestMark
      const local = yield* Effect.flip(command)
      assert.strictEqual(local.reason._tag, "Throttled")
      assert.strictEqual(local.sent, "no")
      assert.deepStrictEqual(yield* requests(since), [])
    }).pipe(Effect.provide(emulated())),
  )

  it.effect('BlinkError.sent is "no" when the request budget is used up', () =>
    Effect.gen(function* () {
      yield* signIn
      const repeated = Effect.catchReason(command, "BlinkError", "Busy", () => Effect.void)
      const error = yield* Effect.flip(Effect.forever(repeated))
      assert.strictEqual(error.reason._tag, "BudgetSpent")
      assert.strictEqual(error.sent, "no")
    }).pipe(Effect.provide(emulated({ callsPerHour: 12 }))),
  )

  it.effect('BlinkError.sent is "no" without a session', () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(command)
      assert.strictEqual(error.reason._tag, "SignedOut")
      assert.strictEqual(error.sent, "no")
    }).pipe(Effect.provide(emulated())),
  )

  it.effect('BlinkError.sent is "no" when the token must be renewed first and the renewal fails', () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.fault({ match: { path: "/oauth/token" }, do: { status: 503 } })
      const error = yield* Effect.flip(command)
      assert.strictEqual(error.reason._tag, "ServerError")
      assert.strictEqual(error.sent, "no")
      assert.deepStrictEqual(yield* requests(), ["POST /oauth/token 503"])
    }).pipe(Effect.provide(cloud({ store: storeWith(0) }))),
  )

  it.effect('BlinkError.sent is "no" when the renewal after a 401 gets no response', () =>
    Effect.gen(function* () {
      yield* (yield* Emulator).fault({ match: { path: "/oauth/token" }, do: { drop: "before" } })
      const error = yield* withTestClock(Effect.flip(command))
      assert.strictEqual(error.reason._tag, "Unreachable")
      assert.strictEqual(error.sent, "no")
    }).pipe(Effect.provide(cloud({ store: storeWith(10 ** 13) }))),
  )
})

const disarm = Stream.runDrain(
  Stream.unwrap(Commands.use((commands) => Effect.succeed(commands.run({ name: "disarm", network })))),
)

it.live("Commands.run reports a command that could not be sent at once, without polling for its effect", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(disarm)
    assert.strictEqual(error.reason._tag, "Unreachable")
    assert.strictEqual(error.sent, "no")
  }).pipe(Effect.provide(accountAt("http://127.0.0.1:2"))),
)

it.effect('Commands.run fails with OutcomeUnknown and sent "unknown" when the response is lost', () =>
  Effect.gen(function* () {
    yield* signIn
    yield* (yield* Emulator).fault({ match: { method: "POST", path: "/state/" }, do: { drop: "before" } })
    const error = yield* withTestClock(Effect.flip(disarm))
    assert.strictEqual(error.reason._tag, "OutcomeUnknown")
    assert.strictEqual(error.sent, "unknown")
  }).pipe(Effect.provide(emulated())),
)

it("call rejects an unknown name of plain JavaScript with NotSupported and similar names", async () => {
  await using account = await openAccount({
    config: { apiUrl: "http://127.0.0.1:2", shareReadsFor: Duration.zero },
    store: TokenStore.layerMemory,
  })
  for (const [name, similar] of [
    ["cameraSignal", "similar: cameraSignals"],
    ["xyz", "docs/core-reference.md"],
    ["toString", "no request has the name"],
  ] as const) {
    const error: unknown = await account.call(name as never, {}).catch((cause: unknown) => cause)
    assert.instanceOf(error, BlinkError)
    assert.strictEqual(error.code, "NotSupported")
    assert.strictEqual(error.sent, "no")
    assert.include(error.hint, similar)
  }
})
