import { BlinkApi, Session, TokenStore } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Stream, SubscriptionRef } from "effect"
import { anotherProgram, cloud, requestMark, requests, signIn } from "./cloud.ts"
import { temporaryFile } from "./temporaryFile.ts"

const secret = Redacted.make

const stateNow = Session.use(({ state }) => Effect.map(SubscriptionRef.get(state), (now) => now.state))

/** Registration of a client that must be verified by a code. */
const requiresVerification = {
  status: 200,
  body: { client_id: 9120001, client_verification_required: true },
} as const

it.effect("Session asks for another code when the client must be verified, also after a restart", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.gen(function* () {
      const { account, url } = yield* Emulator
      const session = yield* Session
      const states = yield* Effect.forkChild(
        SubscriptionRef.changes(session.state).pipe(
          Stream.map(({ state }) => state),
          Stream.take(5),
          Stream.runCollect,
        ),
      )
      yield* Effect.yieldNow
      yield* signIn
      assert.deepStrictEqual(
        [...(yield* Fiber.join(states))],
        ["signed_out", "authorizing", "awaiting_pin", "authorizing", "awaiting_pin"],
      )
      assert.include(SubscriptionRef.getUnsafe(session.state), { channel: "phone" })
      const before = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
      assert.strictEqual(before.reason._tag, "PinRequired")
      yield* Effect.gen(function* () {
        const restarted = yield* Session
        assert.strictEqual(yield* stateNow, "awaiting_pin")
        const wrong = yield* Effect.flip(restarted.submitPin(secret("000000")))
        assert.deepInclude(wrong.reason, { _tag: "InvalidPin", restart: false })
        yield* restarted.submitPin(secret(account.pin))
        assert.strictEqual(yield* stateNow, "active")
        yield* BlinkApi.use((api) => api.snapshot)
        const since = yield* requestMark
        yield* restarted.logout
        assert.lengthOf(yield* requests(since), 1)
      }).pipe(Effect.provide(anotherProgram({ apiUrl: url, oauthUrl: url }, TokenStore.layerFile(path))))
    }).pipe(Effect.provide(cloud({ store: TokenStore.layerFile(path), settings: { verifiesClients: true } })))
  }),
)

it.effect("Session signs in when the client registration cannot be fetched", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* emulator.fault({ match: { path: "users/info" }, do: { status: 500 } })
    yield* signIn
    assert.strictEqual(yield* stateNow, "active")
  }).pipe(Effect.provide(cloud())),
)

it.effect("Session asks for no code when the verification flag is set but requests succeed", () =>
  Effect.gen(function* () {
    yield* (yield* Emulator).fault({ match: { path: "users/info" }, do: requiresVerification })
    yield* signIn
    assert.strictEqual(yield* stateNow, "active")
  }).pipe(Effect.provide(cloud())),
)

it.effect("Session keeps the working session until another sign-in is verified", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* signIn
    yield* emulator.fault({ match: { path: "users/info" }, do: requiresVerification })
    yield* emulator.fault({ match: { path: "/user*" }, times: 1, do: { status: 401 } })
    // The client is trusted by now: the password replaces the first code.
    const { email, password } = emulator.account
    const session = yield* Session
    yield* session.signIn({ email, password: secret(password), attended: true })
    assert.strictEqual(yield* stateNow, "awaiting_pin")
    yield* BlinkApi.use((api) => api.snapshot)
    yield* session.submitPin(secret(emulator.account.pin))
    assert.strictEqual(yield* stateNow, "active")
  }).pipe(Effect.provide(cloud())),
)
