import {
  BlinkAccount,
  BlinkApi,
  type BlinkError,
  Commands,
  LiveView,
  LocalStorage,
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

const homeNetwork = NetworkId.make(5130001)
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

/** Error of each code in a body, whatever the status; `null` is success. */
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

describe("Codes in a response body", () => {
  for (const [code, message, expected] of codes) {
    const { account, seen } = scripted(() => ({ status: 200, body: { message, code } }))
    it.effect(`Code ${code} is ${expected ?? "a success"} after one request`, () =>
      Effect.gen(function* () {
        const api = yield* BlinkApi
        const result = yield* Effect.result(api.call("finishCommand", { network: 1, command: 1 }))
        assert.strictEqual(result._tag === "Failure" ? result.failure.code : null, expected)
        if (result._tag === "Failure" && expected !== "Busy") assert.include(result.failure.hint, message)
        assert.strictEqual(seen.length, 1)
      }).pipe(Effect.provide(account)),
    )
  }
})

describe("Errors of a token renewal", () => {
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
    it.effect(
      `Session reports ${error} (${description}) of a renewal as ${expected} and does not retry it`,
      () =>
        Effect.gen(function* () {
          const api = yield* BlinkApi
          const failure = Effect.map(Effect.flip(api.snapshot), ({ code }) => code)
          assert.deepStrictEqual([yield* failure, yield* failure], [expected, expected])
          assert.strictEqual(seen.filter((request) => request === "POST /oauth/token").length, 1)
        }).pipe(Effect.provide(account)),
    )
  }
})

describe("Sign-in without a code", () => {
  for (const status of [200, 204, 301, 302, 303, 307, 308]) {
    it.effect(`Session signs in when the password is accepted with ${status} and follows no redirect`, () => {
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

it.effect("Commands.run warns when a network is armed without an enabled camera", () =>
  Effect.gen(function* () {
    yield* signIn
    const { world, change } = yield* Emulator
    yield* change({ network: "Home", set: { armed: false } })
    for (const { id, network_id } of (yield* world).cameras) {
      if (network_id === homeNetwork) yield* change({ camera: id, set: { enabled: false } })
    }
    const since = yield* requestMark
    const steps = yield* withTestClock(
      Commands.use((commands) =>
        Effect.map(Stream.runCollect(commands.run({ name: "arm", network: homeNetwork })), (all) => [...all]),
      ),
    )
    assert.deepInclude(steps.at(-1), { status: "done" })
    assert.deepInclude(steps.at(-1)?.value, { warning: "No camera here records motion." })
    assert.strictEqual((yield* requests(since)).filter((line) => line.startsWith("POST")).length, 1)
  }).pipe(Effect.provide(emulated)),
)

it.effect("LocalStorage.clips retries every two seconds while the manifest is not ready", () =>
  Effect.gen(function* () {
    yield* signIn
    yield* (yield* Emulator).fault({
      match: { method: "GET", path: "/manifest/request/" },
      times: 3,
      do: { status: 400, body: { message: "Manifest not ready" } },
    })
    const since = yield* requestMark
    const local = yield* LocalStorage
    yield* withTestClock(local.clips({ network: homeNetwork, syncModule: SyncModuleId.make(6210001) }))
    const seen = (yield* requests(since)).filter((line) => /^GET .*\/manifest\/request\//.test(line))
    assert.deepStrictEqual(
      seen.map((line) => line.split(" ")[2]),
      ["400", "400", "400", "200"],
    )
  }).pipe(Effect.provide(emulated)),
)

it.live("LiveView ends when the cloud no longer knows its command", () =>
  Effect.gen(function* () {
    yield* signIn
    yield* (yield* Emulator).fault({ match: { path: "/done" }, do: { status: 404, body: "Not Found" } })
    const mini = { network: homeNetwork, kind: "mini", camera: CameraId.make(8900201) } as const
    const live = yield* LiveView
    yield* live.watch(mini).pipe(Stream.take(1), Stream.runDrain)
    assert.strictEqual((yield* requests()).filter((line) => line.includes("/done")).length, 1)
  }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" }, speed: 5 }))),
)

/** Seconds until `call` fails with Unreachable. */
const seconds = <A>(call: Effect.Effect<A, BlinkError>) =>
  Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    const waiting = yield* Effect.forkChild(Effect.flip(call))
    while (waiting.pollUnsafe() === undefined) yield* TestClock.adjust("1 second")
    assert.strictEqual((yield* Fiber.join(waiting)).code, "Unreachable")
    return ((yield* Clock.currentTimeMillis) - started) / 1000
  })

it.effect("BlinkApi fails after 10 seconds without a response, and after 90 for a file", () => {
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
