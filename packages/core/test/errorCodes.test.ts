import {
  BlinkAccount,
  BlinkApi,
  type BlinkError,
  Commands,
  LiveView,
  LocalStorage,
  oauth,
  Session,
  TokenStore,
} from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { CameraId, NetworkId, SyncModuleId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Redacted, Stream, SubscriptionRef } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"
import { type ScriptedResponse, scriptedCloud } from "./scriptedCloud.ts"
import { signedIn } from "./storedSession.ts"

const home = NetworkId.make(5130001)
const emulated = cloud({ settings: { secondFactor: "off" } })

const signedInStore = Layer.effect(
  TokenStore,
  Effect.tap(TokenStore, (store) => Effect.orDie(store.save(signedIn(10 ** 12)))),
).pipe(Layer.provide(TokenStore.layerMemory))

const config = { apiUrl: "https://127.0.0.1", oauthUrl: "https://127.0.0.1" }

const scripted = (respond: (request: string, count: number) => ScriptedResponse, store = signedInStore) => {
  const script = scriptedCloud(respond)
  return { ...script, account: BlinkAccount.layer({ config, store }).pipe(Layer.provide(script.layer)) }
}

/** What the number in a body means, whatever the status beside it; `null` is an answer. */
const codes: ReadonlyArray<readonly [code: number, text: string, BlinkError["reason"]["_tag"] | null]> = [
  [103, "OK", null],
  [105, "An app update is required", "NotSupported"],
  [211, "Verification Email Sent", null],
  [213, "Invalid auto purge days value", "Rejected"],
  [241, "Client successfully updated", null],
  [242, "Client already deleted. Please re-login", "Rejected"],
  [304, "No Cameras Enabled for Motion", null],
  [307, "System is busy, please wait", "Busy"],
  [500, "Camera not found", "NotFound"],
  [526, "Camera temp alert successfully enabled", null],
  [527, "Camera temp alert successfully disabled", null],
  [706, "Invalid Media List Format", "Rejected"],
  [711, "Successfully deleted media", null],
  [802, "Successfully enabled program 1", null],
  [803, "Successfully disabled program 1", null],
  [902, "Command 1 set to :done", null],
  [1621, "Invalid PIN", "Rejected"],
  [1626, "Client has been successfully verified", null],
  [1630, "Invalid Device Type", "NotFound"],
  [2800, "Unsupported value for snooze time", "Rejected"],
  [2805, "Motion capture not enabled for device", "Rejected"],
]

describe("the number in a body", () => {
  for (const [code, message, expected] of codes) {
    const { account, seen } = scripted(() => ({ status: 200, body: { message, code } }))
    it.effect(`${code} is ${expected ?? "an answer"}, asked once`, () =>
      Effect.gen(function* () {
        const api = yield* BlinkApi
        const result = yield* Effect.result(api.call(oauth.finishCommand, { network: 1, command: 1 }))
        assert.strictEqual(result._tag === "Failure" ? result.failure.code : null, expected)
        if (result._tag === "Failure" && expected !== "Busy") assert.include(result.failure.hint, message)
        assert.strictEqual(seen.length, 1)
      }).pipe(Effect.provide(account)),
    )
  }
})

describe("a renewal", () => {
  for (const [error, description, expected] of [
    ["invalid_grant", "Invalid refresh token", "SessionExpired"],
    ["invalid_grant", "token is invalid or does not exists", "SessionExpired"],
    ["invalid_client", "", "SessionExpired"],
    ["unsupported_grant_type", "", "Rejected"],
  ] as const) {
    const { account, seen } = scripted((request) =>
      request === "POST /oauth/token"
        ? { status: 400, body: { error, error_description: description } }
        : { status: 401, body: { message: "Unauthorized Access", code: 101 } },
    )
    it.effect(`that is refused as ${error} (${description}) is ${expected}, and not tried twice`, () =>
      Effect.gen(function* () {
        const api = yield* BlinkApi
        const failure = Effect.map(Effect.flip(api.snapshot), ({ code }) => code)
        assert.deepStrictEqual([yield* failure, yield* failure], [expected, expected])
        assert.strictEqual(seen.filter((request) => request === "POST /oauth/token").length, 1)
      }).pipe(Effect.provide(account)),
    )
  }
})

describe("a password that lets in at once", () => {
  for (const status of [200, 204, 301, 302, 303, 307, 308]) {
    it.effect(`may be told by ${status}; a redirect is not followed`, () => {
      let isIn = false
      const { account, seen } = scripted((request): ScriptedResponse => {
        if (request === "POST /oauth/v2/signin") {
          isIn = true
          return { status, headers: status < 300 ? {} : { location: "https://elsewhere.test/" } }
        }
        if (request === "GET /oauth/v2/authorize") {
          return {
            status: 302,
            headers: {
              location: isIn
                ? "immedia-blink://applinks.blink.com/signin/callback?code=c"
                : "/oauth/v2/signin",
            },
          }
        }
        if (request === "GET /oauth/v2/signin") return { status: 200, body: '{"csrf-token":"abc"}' }
        return request === "POST /oauth/token"
          ? { status: 200, body: { access_token: "a", refresh_token: "r", expires_in: 14_400 } }
          : { status: 200, body: { tier: "u017", account_id: 1 } }
      }, TokenStore.layerMemory)
      return Effect.gen(function* () {
        const session = yield* Session
        yield* session.signIn({ email: "someone@example.net", password: Redacted.make("secret") })
        assert.strictEqual(SubscriptionRef.getUnsafe(session.state).state, "active")
        assert.strictEqual(seen.filter((request) => request === "POST /oauth/v2/signin").length, 1)
      }).pipe(Effect.provide(account))
    })
  }
})

it.effect("armed with no camera that listens is a success with a warning", () =>
  Effect.gen(function* () {
    yield* signIn
    const { world, change } = yield* Emulator
    yield* change({ network: "Home", set: { armed: false } })
    for (const { id, network_id } of (yield* world).cameras) {
      if (network_id === home) yield* change({ camera: id, set: { enabled: false } })
    }
    const since = yield* requestMark
    const steps = yield* withTestClock(
      Commands.use((commands) =>
        Effect.map(Stream.runCollect(commands.run({ name: "arm", network: home })), (all) => [...all]),
      ),
    )
    assert.deepInclude(steps.at(-1), { status: "done" })
    assert.deepInclude(steps.at(-1)?.value, { warning: "No camera here records motion." })
    assert.strictEqual((yield* requests(since)).filter((line) => line.startsWith("POST")).length, 1)
  }).pipe(Effect.provide(emulated)),
)

it.effect("a list of a stick that is not ready is asked for again, each two seconds", () =>
  Effect.gen(function* () {
    yield* signIn
    yield* (yield* Emulator).fault({
      match: { method: "GET", path: "/manifest/request/" },
      times: 3,
      do: { status: 400, body: { message: "Manifest not ready" } },
    })
    const since = yield* requestMark
    const local = yield* LocalStorage
    yield* withTestClock(local.clips({ network: home, syncModule: SyncModuleId.make(6210001) }))
    const seen = (yield* requests(since)).filter((line) => /^GET .*\/manifest\/request\//.test(line))
    assert.deepStrictEqual(
      seen.map((line) => line.split(" ")[2]),
      ["400", "400", "400", "200"],
    )
  }).pipe(Effect.provide(emulated)),
)

it.live("a live view whose end the cloud does not know any more ends all the same", () =>
  Effect.gen(function* () {
    yield* signIn
    yield* (yield* Emulator).fault({ match: { path: "/done" }, do: { status: 404, body: "Not Found" } })
    const mini = { network: home, kind: "mini", camera: CameraId.make(8900201) } as const
    const live = yield* LiveView
    yield* live.watch(mini).pipe(Stream.take(1), Stream.runDrain)
    assert.strictEqual((yield* requests()).filter((line) => line.includes("/done")).length, 1)
  }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" }, speed: 5 }))),
)

/** How long `call` waits for an answer that does not come. */
const seconds = <A>(call: Effect.Effect<A, BlinkError>) =>
  Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    const waiting = yield* Effect.forkChild(Effect.flip(call))
    while (waiting.pollUnsafe() === undefined) yield* TestClock.adjust("1 second")
    assert.strictEqual((yield* Fiber.join(waiting)).code, "Unreachable")
    return ((yield* Clock.currentTimeMillis) - started) / 1000
  })

it.effect("an answer that does not come is waited for 10 seconds, a file 90", () => {
  const silent = HttpClient.make(() => Effect.never)
  const account = BlinkAccount.layer({ config, store: signedInStore }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, silent)),
  )
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    assert.strictEqual(yield* seconds(api.snapshot), 10)
    assert.strictEqual(yield* seconds(api.bytes("/media/x.jpg")), 90)
  }).pipe(Effect.provide(account))
})
