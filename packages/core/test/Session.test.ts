import { BlinkApi, Session, type StoredSession, TokenStore } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted, Stream, SubscriptionRef } from "effect"
import { execFile } from "node:child_process"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { anotherProgram, cloud, requestMark, requests, signIn } from "./cloud.ts"
import { temporaryFile } from "./temporaryFile.ts"

const secret = Redacted.make

const stateNow = Effect.map(
  Effect.flatMap(Session, ({ state }) => SubscriptionRef.get(state)),
  ({ state }) => state,
)

const password = Effect.gen(function* () {
  const { account } = yield* Emulator
  const session = yield* Session
  return (candidate: string) =>
    session.signIn({ email: account.email, password: secret(candidate), attended: true })
})

const renewals = Effect.map(
  requests(),
  (seen) => seen.filter((line) => line.startsWith("POST /oauth/token")).length,
)

/** Runs a second program and returns its exit code or signal. */
const run = (...args: ReadonlyArray<string>) =>
  Effect.callback<string>((resume) => {
    const program = fileURLToPath(new URL("./renewOnce.ts", import.meta.url))
    execFile(
      process.execPath,
      ["--conditions=@blink-streams/source", program, ...args],
      (error, _out, errors) => resume(Effect.succeed(error === null ? "ok" : (error.signal ?? errors))),
    )
  })

describe("sign-in", () => {
  it.effect("Session publishes every state of a sign-in with a code", () =>
    Effect.gen(function* () {
      const session = yield* Session
      const states = yield* Effect.forkChild(
        SubscriptionRef.changes(session.state).pipe(
          Stream.map(({ state }) => state),
          Stream.takeUntil((state) => state === "active"),
          Stream.runCollect,
        ),
      )
      yield* Effect.yieldNow
      yield* signIn
      assert.deepStrictEqual(
        [...(yield* Fiber.join(states))],
        ["signed_out", "authorizing", "awaiting_pin", "authorizing", "active"],
      )
    }).pipe(Effect.provide(cloud())),
  )

  it.effect("Session signs in with either status that asks for a code, and without a code", () =>
    Effect.forEach(["202", "412", "off"] as const, (secondFactor) =>
      Effect.gen(function* () {
        yield* signIn
        assert.strictEqual(yield* stateNow, "active")
        assert.strictEqual(yield* BlinkApi.use((api) => api.account), 7310001)
      }).pipe(Effect.provide(Layer.fresh(cloud({ settings: { secondFactor } })))),
    ),
  )

  it.effect("Session reports a wrong password after one request, without the password in the error", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip((yield* password)("not it"))
      assert.strictEqual(error.reason._tag, "InvalidCredentials")
      assert.strictEqual(yield* stateNow, "signed_out")
      assert.strictEqual(
        (yield* requests()).filter((line) => line.startsWith("POST /oauth/v2/signin")).length,
        1,
      )
      assert.notInclude(JSON.stringify(error) + String(error), "not it")
    }).pipe(Effect.provide(cloud())),
  )

  it.effect("Session ends the sign-in after three wrong codes, but not earlier", () =>
    Effect.gen(function* () {
      const { account } = yield* Emulator
      const session = yield* Session
      yield* (yield* password)(account.password)
      const wrong = Effect.map(Effect.flip(session.submitPin(secret("000000"))), ({ reason }) => reason)
      for (const restart of [false, false, true]) {
        assert.deepInclude(yield* wrong, { _tag: "InvalidPin", restart })
      }
      assert.strictEqual(yield* stateNow, "signed_out")
    }).pipe(Effect.provide(cloud())),
  )

  it.effect("Session keeps a pending sign-in across a restart", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFile
      yield* Effect.gen(function* () {
        const emulator = yield* Emulator
        yield* (yield* password)(emulator.account.password)
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* stateNow, "awaiting_pin")
          yield* Session.use((session) => session.submitPin(secret(emulator.account.pin)))
          assert.strictEqual(yield* stateNow, "active")
        }).pipe(
          Effect.provide(
            anotherProgram({ apiUrl: emulator.url, oauthUrl: emulator.url }, TokenStore.layerFile(path)),
          ),
        )
      }).pipe(Effect.provide(cloud({ store: TokenStore.layerFile(path) })))
    }),
  )

  it.effect("Session needs no new sign-in after a restart", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFile
      yield* Effect.gen(function* () {
        const { url } = yield* Emulator
        yield* signIn
        const since = yield* requestMark
        yield* BlinkApi.use((api) => api.snapshot).pipe(
          Effect.provide(anotherProgram({ apiUrl: url, oauthUrl: url }, TokenStore.layerFile(path))),
        )
        assert.deepStrictEqual(
          (yield* requests(since)).filter((line) => line.includes("oauth")),
          [],
        )
      }).pipe(Effect.provide(cloud({ store: TokenStore.layerFile(path) })))
    }),
  )

  it.effect("Session finishes a sign-in on the vendor's page with the pasted address", () =>
    Effect.gen(function* () {
      const { account } = yield* Emulator
      const session = yield* Session
      const page = yield* session.startHosted
      assert.strictEqual(new URL(page).searchParams.get("client_id"), "android")
      const finalUrl = yield* Effect.promise(() => signInWithBrowser(page, account))
      assert.strictEqual(
        (yield* Effect.flip(
          session.finishHosted(secret("https://applinks.blink.com/signin/callback?code=x&state=y")),
        )).reason._tag,
        "Rejected",
      )
      yield* session.finishHosted(secret(finalUrl))
      assert.strictEqual(yield* stateNow, "active")
    }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
  )

  it.effect("Session signs out when a legacy token expires, because it cannot be renewed", () =>
    Effect.gen(function* () {
      yield* signIn
      assert.isAbove((yield* BlinkApi.use((api) => api.snapshot)).cameras.length, 0)
      yield* (yield* Emulator).revokeTokens("access")
      const error = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
      assert.strictEqual(error.reason._tag, "SessionExpired")
      assert.strictEqual(yield* stateNow, "signed_out")
    }).pipe(Effect.provide(cloud({ config: { dialect: "legacy" } }))),
  )
})

/** Acts as a browser on the vendor's page: cookies, form and final redirect. */
const signInWithBrowser = async (
  page: string,
  account: { email: string; password: string },
): Promise<string> => {
  const start = await fetch(page, { redirect: "manual" })
  const cookie = start.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ")
  const form = await fetch(new URL("/oauth/v2/signin", page), { headers: { cookie } })
  const csrf = /"csrf-token":"([^"]+)"/.exec(await form.text())![1]!
  await fetch(new URL("/oauth/v2/signin", page), {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ username: account.email, password: account.password, "csrf-token": csrf }),
  })
  const end = await fetch(new URL("/oauth/v2/authorize", page), { redirect: "manual", headers: { cookie } })
  return end.headers.get("location")!
}

describe("renewal", () => {
  it.effect("Session renews an expired token once for 50 concurrent callers", () =>
    Effect.gen(function* () {
      yield* signIn
      yield* (yield* Emulator).expireTokens("access")
      const api = yield* BlinkApi
      const before = yield* renewals
      yield* Effect.forEach(
        Array.from({ length: 50 }, (_, n) => n),
        (n) => api.media(null, n + 1),
        { concurrency: "unbounded" },
      )
      assert.strictEqual((yield* renewals) - before, 1)
    }).pipe(Effect.provide(cloud())),
  )

  it.effect(
    "Session renews a token before it expires and stores the new refresh token before it is used",
    () =>
      Effect.gen(function* () {
        const path = yield* temporaryFile
        yield* Effect.gen(function* () {
          yield* signIn
          const read = Effect.promise(async () => JSON.parse(await readFile(path, "utf8")) as StoredOnDisk)
          const before = yield* read
          const since = yield* requestMark
          const grant = yield* Session.use((session) => session.current)
          const after = yield* read
          assert.notStrictEqual(after.grant.refreshToken, before.grant.refreshToken)
          assert.strictEqual(Redacted.value(grant.token), after.grant.accessToken)
          assert.deepStrictEqual(yield* requests(since), ["POST /oauth/token 200"])
        }).pipe(
          // Valid for less than `renewBefore`: due at once.
          Effect.provide(cloud({ store: TokenStore.layerFile(path), settings: { accessTokenSeconds: 60 } })),
        )
      }),
  )

  it.live("Session renews once when two programs share one store", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFile
      yield* Effect.gen(function* () {
        const { url, clock } = yield* Emulator
        yield* signIn
        yield* clock({ advance_ms: 100 })
        const before = yield* renewals
        yield* makeDue(path)
        assert.deepStrictEqual(yield* Effect.all([run(url, path), run(url, path)], { concurrency: 2 }), [
          "ok",
          "ok",
        ])
        assert.strictEqual((yield* renewals) - before, 1)
      }).pipe(Effect.provide(cloud({ store: TokenStore.layerFile(path) })))
    }),
  )

  it.live(
    "Session reports an expired session, without a loop, after the program was killed between renewal and saving",
    () =>
      Effect.gen(function* () {
        const path = yield* temporaryFile
        yield* Effect.gen(function* () {
          const { url } = yield* Emulator
          yield* signIn
          yield* makeDue(path)
          assert.strictEqual(yield* run(url, path, "die-before-save"), "SIGKILL")
          const since = yield* requestMark
          yield* Effect.gen(function* () {
            const session = yield* Session
            for (let n = 0; n < 5; n++) {
              const error = yield* Effect.flip(session.current)
              assert.strictEqual(error.reason._tag, "SessionExpired")
              assert.include(error.hint, "Sign in again")
            }
          }).pipe(Effect.provide(anotherProgram({ apiUrl: url, oauthUrl: url }, TokenStore.layerFile(path))))
          assert.deepStrictEqual(yield* requests(since), ["POST /oauth/token 400"])
        }).pipe(Effect.provide(cloud({ store: TokenStore.layerFile(path) })))
      }),
  )

  it.effect("Session ends after a rejected renewal until a user signs in", () =>
    Effect.gen(function* () {
      yield* signIn
      const emulator = yield* Emulator
      yield* emulator.revokeTokens("access")
      yield* emulator.revokeTokens("refresh")
      const since = yield* requestMark
      const api = yield* BlinkApi
      for (let n = 0; n < 3; n++) {
        assert.strictEqual((yield* Effect.flip(api.snapshot)).reason._tag, "SessionExpired")
      }
      assert.strictEqual((yield* requests(since)).filter((line) => line.startsWith("POST")).length, 1)
      assert.strictEqual(yield* stateNow, "signed_out")
      yield* Effect.flip((yield* password)("not it"))
      const session = yield* Session
      assert.deepInclude(yield* SubscriptionRef.get(session.state), {
        state: "signed_out",
        reason: "The cloud ended this session. Sign in again.",
      })
      yield* signIn
      assert.strictEqual(yield* stateNow, "active")
      yield* api.snapshot
    }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
  )
})

it.effect(
  "Session.logout ends the session in the cloud, and locally even when the cloud is unreachable",
  () =>
    Effect.gen(function* () {
      yield* signIn
      const session = yield* Session
      yield* session.logout
      assert.include((yield* requests()).at(-1), "/logout 200")
      assert.strictEqual((yield* Effect.flip(session.current)).reason._tag, "SignedOut")
      yield* signIn
      yield* (yield* Emulator).fault({ do: { drop: "before" } })
      yield* session.logout
      assert.strictEqual(yield* stateNow, "signed_out")
    }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
)

it.effect("Session reports an unreadable store and does not overwrite it", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.promise(() => mkdir(dirname(path)))
    yield* Effect.promise(() => writeFile(path, "not a session"))
    yield* Effect.gen(function* () {
      const session = yield* Session
      assert.deepInclude(SubscriptionRef.getUnsafe(session.state), { state: "blocked" })
      assert.strictEqual((yield* Effect.flip(session.current)).reason._tag, "TokenStoreError")
      assert.strictEqual((yield* Effect.flip(signIn)).reason._tag, "TokenStoreError")
      assert.strictEqual(yield* Effect.promise(() => readFile(path, "utf8")), "not a session")
    }).pipe(Effect.provide(cloud({ store: TokenStore.layerFile(path) })))
  }),
)

interface StoredOnDisk {
  readonly grant: { readonly accessToken: string; readonly refreshToken: string }
}

/** Makes the stored token expire now. */
const makeDue = Effect.fnUntraced(function* (path: string) {
  const store = yield* Effect.provide(TokenStore, TokenStore.layerFile(path))
  const stored = (yield* store.load)!
  const due: StoredSession = { ...stored, grant: { ...stored.grant!, expiresAt: stored.signIns[0]! } }
  yield* store.save(due)
})

it.effect("Session follows a sign-in and sign-out by another program", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile
    yield* Effect.gen(function* () {
      const { url } = yield* Emulator
      const elsewhere = anotherProgram({ apiUrl: url, oauthUrl: url }, TokenStore.layerFile(path))
      const current = Session.use((session) => session.current)
      assert.strictEqual((yield* Effect.flip(current)).reason._tag, "SignedOut")
      yield* Effect.provide(signIn, elsewhere)
      yield* current
      assert.strictEqual(yield* stateNow, "active")
      yield* Effect.provide(
        Session.use((session) => session.logout),
        elsewhere,
      )
      assert.strictEqual((yield* Effect.flip(BlinkApi.use((api) => api.snapshot))).reason._tag, "SignedOut")
      yield* Effect.provide(signIn, elsewhere)
      yield* BlinkApi.use((api) => api.snapshot)
    }).pipe(Effect.provide(cloud({ store: TokenStore.layerFile(path), settings: { secondFactor: "off" } })))
  }),
)

it.effect(
  "Session rejects a code while a sign-in on the vendor's page is pending, and keeps it pending",
  () =>
    Effect.gen(function* () {
      const session = yield* Session
      yield* session.startHosted
      assert.strictEqual((yield* Effect.flip(session.submitPin(secret("123456")))).reason._tag, "Rejected")
      assert.strictEqual(yield* stateNow, "awaiting_pin")
      assert.include((yield* Effect.flip(session.current)).hint, "Paste the address")
      yield* signIn
      assert.strictEqual((yield* Effect.flip(session.submitPin(secret("123456")))).reason._tag, "Rejected")
      assert.strictEqual(yield* stateNow, "active")
    }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
)

it.effect("Session keeps the previous session in use while a new sign-in is pending", () =>
  Effect.gen(function* () {
    yield* signIn
    const { account } = yield* Emulator
    yield* (yield* password)(account.password)
    // The vendor trusts a device after its first code, so only the sign-in on the page stays pending.
    const session = yield* Session
    yield* session.startHosted
    assert.strictEqual(yield* stateNow, "awaiting_pin")
    yield* BlinkApi.use((api) => api.snapshot)
  }).pipe(Effect.provide(cloud())),
)
