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

/** Ends a second program with the exit code or signal it ended with. */
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
  it.effect("tells every state on the way to a code and behind it", () =>
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
        ["signedOut", "authorizing", "awaitingPin", "authorizing", "active"],
      )
    }).pipe(Effect.provide(cloud())),
  )

  it.effect("works with either status by which the vendor has asked for a code, and with none", () =>
    Effect.forEach(["202", "412", "off"] as const, (secondFactor) =>
      Effect.gen(function* () {
        yield* signIn
        assert.strictEqual(yield* stateNow, "active")
        assert.strictEqual(yield* BlinkApi.use((api) => api.account), 7310001)
      }).pipe(Effect.provide(Layer.fresh(cloud({ settings: { secondFactor } })))),
    ),
  )

  it.effect("a wrong password is said once and leads to no second try", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip((yield* password)("not it"))
      assert.strictEqual(error.reason._tag, "InvalidCredentials")
      assert.strictEqual(yield* stateNow, "signedOut")
      assert.strictEqual(
        (yield* requests()).filter((line) => line.startsWith("POST /oauth/v2/signin")).length,
        1,
      )
      assert.notInclude(JSON.stringify(error) + String(error), "not it")
    }).pipe(Effect.provide(cloud())),
  )

  it.effect("three wrong codes end it, fewer do not", () =>
    Effect.gen(function* () {
      const { account } = yield* Emulator
      const session = yield* Session
      yield* (yield* password)(account.password)
      const wrong = Effect.map(Effect.flip(session.submitPin(secret("000000"))), ({ reason }) => reason)
      for (const restart of [false, false, true]) {
        assert.deepInclude(yield* wrong, { _tag: "InvalidPin", restart })
      }
      assert.strictEqual(yield* stateNow, "signedOut")
    }).pipe(Effect.provide(cloud())),
  )

  it.effect("a code that is still awaited survives a restart", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFile
      yield* Effect.gen(function* () {
        const emulator = yield* Emulator
        yield* (yield* password)(emulator.account.password)
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* stateNow, "awaitingPin")
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

  it.effect("is not needed again after a restart", () =>
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

  it.effect("on the vendor's own page ends with the address that is pasted back", () =>
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

  it.effect("legacy: a day's token, and nothing to renew it with", () =>
    Effect.gen(function* () {
      yield* signIn
      assert.isAbove((yield* BlinkApi.use((api) => api.snapshot)).cameras.length, 0)
      yield* (yield* Emulator).revokeTokens("access")
      const error = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
      assert.strictEqual(error.reason._tag, "SessionExpired")
      assert.strictEqual(yield* stateNow, "signedOut")
    }).pipe(Effect.provide(cloud({ config: { dialect: "legacy" } }))),
  )
})

/** What a browser does on the vendor's page: cookies, the form, and the address at which it stops. */
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
  it.effect("50 callers on an expired token cause one", () =>
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

  it.effect("happens before the token expires, and the new refresh token is on disk before it is used", () =>
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
        // Less life than the margin: due at once.
        Effect.provide(cloud({ store: TokenStore.layerFile(path), settings: { accessTokenSeconds: 60 } })),
      )
    }),
  )

  it.live("two programs with one store cause one", () =>
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
    "a program killed between the cloud's answer and the save leads to one clear sentence, never to a loop",
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

  it.effect("a refused renewal ends the session; only a person begins another", () =>
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
      assert.strictEqual(yield* stateNow, "signedOut")
      yield* Effect.flip((yield* password)("not it"))
      const session = yield* Session
      assert.deepInclude(yield* SubscriptionRef.get(session.state), {
        state: "signedOut",
        reason: "The cloud ended this session. Sign in again.",
      })
      yield* signIn
      assert.strictEqual(yield* stateNow, "active")
      yield* api.snapshot
    }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
  )
})

it.effect("signing out is told to the cloud, and forgotten here even when the cloud cannot be reached", () =>
  Effect.gen(function* () {
    yield* signIn
    const session = yield* Session
    yield* session.logout
    assert.include((yield* requests()).at(-1), "/logout 200")
    assert.strictEqual((yield* Effect.flip(session.current)).reason._tag, "SignedOut")
    yield* signIn
    yield* (yield* Emulator).fault({ do: { drop: "before" } })
    yield* session.logout
    assert.strictEqual(yield* stateNow, "signedOut")
  }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
)

it.effect("a store that cannot be read is told as such, and nothing is overwritten", () =>
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

/** Lets the stored token look as if it expired now. */
const makeDue = Effect.fnUntraced(function* (path: string) {
  const store = yield* Effect.provide(TokenStore, TokenStore.layerFile(path))
  const stored = (yield* store.load)!
  const due: StoredSession = { ...stored, grant: { ...stored.grant!, expiresAt: stored.signIns[0]! } }
  yield* store.save(due)
})

it.effect("what a person does with another program is seen here as well", () =>
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

it.effect("a code for a sign-in that waits for the vendor's page does not end it", () =>
  Effect.gen(function* () {
    const session = yield* Session
    yield* session.startHosted
    assert.strictEqual((yield* Effect.flip(session.submitPin(secret("123456")))).reason._tag, "Rejected")
    assert.strictEqual(yield* stateNow, "awaitingPin")
    assert.include((yield* Effect.flip(session.current)).hint, "Paste the address")
    yield* signIn
    assert.strictEqual((yield* Effect.flip(session.submitPin(secret("123456")))).reason._tag, "Rejected")
    assert.strictEqual(yield* stateNow, "active")
  }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
)

it.effect("a new sign-in that waits for its code leaves the old session at work", () =>
  Effect.gen(function* () {
    yield* signIn
    const { account } = yield* Emulator
    yield* (yield* password)(account.password)
    // The vendor trusts a device that has shown a code before, so the page is what is left to wait for.
    const session = yield* Session
    yield* session.startHosted
    assert.strictEqual(yield* stateNow, "awaitingPin")
    yield* BlinkApi.use((api) => api.snapshot)
  }).pipe(Effect.provide(cloud())),
)
