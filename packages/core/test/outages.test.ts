import {
  BlinkAccount,
  BlinkApi,
  blinkError,
  Commands,
  oauth,
  poll,
  Session,
  type StoredSession,
  TokenStoreError,
  TokenStore,
} from "../src/index.ts"
import { NetworkId, timestampFromMillis } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Layer, Redacted, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { type ScriptedResponse, scriptedCloud } from "./scriptedCloud.ts"
import { signedIn } from "./storedSession.ts"

const storeWith = (session: StoredSession) =>
  Layer.effect(
    TokenStore,
    Effect.tap(TokenStore, (store) => Effect.orDie(store.save(session))),
  ).pipe(Layer.provide(TokenStore.layerMemory))

const config = { apiUrl: "https://rest-{tier}.cloud.test", oauthUrl: "https://sign-in.cloud.test" }

const accountOf = (layer: ReturnType<typeof scriptedCloud>["layer"], session: StoredSession) =>
  BlinkAccount.layer({ config, store: storeWith(session) }).pipe(Layer.provide(layer))

const account = (layer: ReturnType<typeof scriptedCloud>["layer"], expiresAt: number) =>
  accountOf(layer, signedIn(expiresAt))

const forever = 10 ** 12
const down = (status: number) => (): ScriptedResponse => ({ status, body: "<h1>trouble</h1>" })
const homescreen = "GET /api/v3/accounts/7310001/homescreen"
const aDay = Duration.toMillis("1 day")

const tokens = (count: number) => ({
  access_token: `access-${count}`,
  refresh_token: `refresh-${count}`,
  expires_in: 14_400,
})

/** Asks as fast as it is allowed to, for a day. */
const repeatForADay = <E>(request: Effect.Effect<unknown, E>, pause: Duration.Input) =>
  Effect.gen(function* () {
    while ((yield* Clock.currentTimeMillis) < aDay) {
      yield* Effect.ignore(request)
      yield* Effect.sleep(pause)
    }
  })

const credentials = { email: "someone@example.net", password: Redacted.make("secret") }

/** Signs in again and again for a day. That also waits for something real, of which the test clock knows nothing: the day waits for it. */
const signInRepeatedly = Effect.gen(function* () {
  const session = yield* Session
  yield* session.logout
  while ((yield* Clock.currentTimeMillis) < aDay) {
    yield* Effect.ignore(session.signIn(credentials))
    yield* TestClock.adjust("1 minute")
  }
})

const runWithClock = Effect.fnUntraced(function* <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  step: Duration.Input,
) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust(step)
  return yield* Fiber.join(fiber)
})

it.effect("a program that is restarted in a loop signs in at most 5 times in a day of outage", () => {
  const cloud = scriptedCloud((request) =>
    request === "GET /oauth/v2/signin"
      ? { status: 200, body: '<script>{"csrf-token":"abc"}</script>' }
      : request === "GET /oauth/v2/authorize"
        ? { status: 302, headers: { location: "/oauth/v2/signin" } }
        : { status: 503 },
  )
  return Effect.gen(function* () {
    yield* signInRepeatedly
    assert.strictEqual(cloud.count("POST /oauth/v2/signin"), 5)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("nor does it open the sign-in page more often, when that is all it comes to", () => {
  const cloud = scriptedCloud(() => ({ status: 503 }))
  return Effect.gen(function* () {
    yield* signInRepeatedly
    assert.strictEqual(cloud.count("GET /oauth/v2/authorize"), 5)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("a sign-in that reached nobody is no try", () => {
  const cloud = scriptedCloud(() => "drop")
  return Effect.gen(function* () {
    const session = yield* Session
    for (let n = 0; n < 10; n++) {
      assert.strictEqual((yield* Effect.flip(session.signIn(credentials))).reason._tag, "Unreachable")
    }
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("a clock that ran ahead when it was counted does not forbid sign-ins for years", () => {
  const cloud = scriptedCloud(() => ({ status: 503 }))
  const later = timestampFromMillis(Duration.toMillis("1000 days"))
  const ahead: StoredSession = { ...signedIn(forever), grant: null, signIns: [later, later, later] }
  return Effect.gen(function* () {
    const session = yield* Session
    assert.strictEqual((yield* Effect.flip(session.signIn(credentials))).reason._tag, "ServerError")
    assert.strictEqual((yield* Effect.flip(session.signIn(credentials))).reason._tag, "SignInPaused")
  }).pipe(Effect.provide(accountOf(cloud.layer, ahead)))
})

it.effect("a lost session is never answered by a sign-in of our own", () => {
  const cloud = scriptedCloud((request) =>
    request === "POST /oauth/token"
      ? { status: 400, body: { error: "invalid_grant" } }
      : { status: 401, body: { code: 101 } },
  )
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    yield* runWithClock(repeatForADay(api.snapshot, "1 minute"), "10 minutes")
    assert.deepStrictEqual(cloud.seen, [homescreen, "POST /oauth/token"])
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("a token that is refused right after its renewal is not renewed again and again", () => {
  const cloud = scriptedCloud((request, count) => {
    if (request === "POST /oauth/token") return { status: 200, body: tokens(count) }
    return request.includes("tier_info")
      ? { status: 200, body: { tier: "u017", account_id: 7310001 } }
      : { status: 401 }
  })
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    yield* runWithClock(repeatForADay(api.snapshot, "1 minute"), "10 minutes")
    assert.deepStrictEqual(cloud.seen, [
      homescreen,
      "POST /oauth/token",
      homescreen,
      "GET /api/v1/users/tier_info",
    ])
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("nor when the cloud doesn't even tell the account's place any more", () => {
  const cloud = scriptedCloud((request, count) =>
    request === "POST /oauth/token" ? { status: 200, body: tokens(count) } : { status: 401 },
  )
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    yield* runWithClock(repeatForADay(api.snapshot, "1 minute"), "10 minutes")
    assert.deepStrictEqual(cloud.seen, [
      homescreen,
      "POST /oauth/token",
      homescreen,
      "GET /api/v1/users/tier_info",
    ])
    const { state } = yield* Session
    assert.strictEqual(SubscriptionRef.getUnsafe(state).state, "blocked")
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("fifty callers who may not do something ask once where the account lives", () => {
  const cloud = scriptedCloud((request) =>
    request.includes("tier_info")
      ? { status: 200, body: { tier: "u017", account_id: 7310001 } }
      : { status: 403, body: { message: "not yours" } },
  )
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    const calls = Array.from({ length: 50 }, (_, network) => api.call(oauth.network, { network }))
    const errors = yield* Effect.forEach(calls, Effect.flip, { concurrency: "unbounded" })
    assert.isTrue(errors.every(({ reason }) => reason._tag === "AccessDenied"))
    assert.strictEqual(cloud.count("GET /api/v1/users/tier_info"), 1)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("an account that has moved to another tier is followed there", () => {
  const cloud = scriptedCloud((request) => {
    if (request.includes("tier_info")) return { status: 200, body: { tier: "e003", account_id: 7310001 } }
    return request === homescreen && cloud.seen.some((seen) => seen.includes("tier_info"))
      ? { status: 200, body: { networks: [], cameras: [] } }
      : { status: 403, body: { message: "no longer here" } }
  })
  return Effect.gen(function* () {
    yield* BlinkApi.use((api) => api.snapshot)
    assert.deepStrictEqual(cloud.seen.slice(0, 3), [homescreen, "GET /api/v1/users/tier_info", homescreen])
    assert.strictEqual(
      (yield* Session.use((session) => session.current)).baseUrl,
      "https://rest-e003.cloud.test",
    )
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("a renewal that fails for a passing reason is tried every 30 seconds at most", () => {
  const cloud = scriptedCloud(down(503))
  return Effect.gen(function* () {
    const session = yield* Session
    const hour = Effect.gen(function* () {
      while ((yield* Clock.currentTimeMillis) < 3_600_000) {
        yield* Effect.ignore(session.current)
        yield* Effect.sleep("1 second")
      }
    })
    yield* runWithClock(hour, "1 minute")
    assert.isAtMost(cloud.seen.length, 120)
    assert.strictEqual((yield* Effect.flip(session.current)).reason._tag, "ServerError")
  }).pipe(Effect.provide(account(cloud.layer, 0)))
})

it.effect("so is one that fails for a reason that stays", () => {
  const cloud = scriptedCloud(() => ({ status: 400, body: { error: "unsupported_grant_type" } }))
  return Effect.gen(function* () {
    const session = yield* Session
    const minute = Effect.gen(function* () {
      while ((yield* Clock.currentTimeMillis) < 60_000) {
        yield* Effect.ignore(session.current)
        yield* Effect.sleep("1 second")
      }
    })
    yield* runWithClock(minute, "1 second")
    assert.isAtMost(cloud.seen.length, 2)
  }).pipe(Effect.provide(account(cloud.layer, 0)))
})

it.effect("tokens that the disk did not take are kept and not asked for again", () => {
  const cloud = scriptedCloud((request, count) =>
    request === "POST /oauth/token"
      ? count === 1
        ? { status: 200, body: tokens(1) }
        : { status: 400, body: { error: "invalid_grant" } }
      : { status: 200, body: { networks: [] } },
  )
  let isFull = true
  const full = blinkError("save session", new TokenStoreError({ cause: new Error("ENOSPC") }))
  const store = Layer.effect(
    TokenStore,
    Effect.map(TokenStore, (store) => ({
      ...store,
      save: (session: StoredSession) => (isFull ? Effect.fail(full) : store.save(session)),
    })),
  ).pipe(Layer.provide(storeWith(signedIn(0))))
  return Effect.gen(function* () {
    const session = yield* Session
    for (let n = 0; n < 3; n++) {
      assert.strictEqual((yield* Effect.flip(session.current)).reason._tag, "TokenStoreError")
      yield* TestClock.adjust("1 minute")
    }
    isFull = false
    assert.strictEqual(Redacted.value((yield* session.current).token), "access-1")
    assert.deepStrictEqual(cloud.seen, ["POST /oauth/token"])
  }).pipe(Effect.provide(BlinkAccount.layer({ config, store }).pipe(Layer.provide(cloud.layer))))
})

it.effect("while a token still works, an unreachable sign-in host is no reason to stop", () => {
  const cloud = scriptedCloud(() => "drop")
  return Effect.gen(function* () {
    const grant = yield* Session.use((session) => session.current)
    assert.strictEqual(Redacted.value(grant.token), "access-0")
  }).pipe(Effect.provide(account(cloud.layer, 60_000)))
})

it.effect("a day of 429 costs a poller fewer than 30 requests", () => {
  const cloud = scriptedCloud(() => ({ status: 429, headers: { "retry-after": "5" } }))
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    const snapshots = poll(api.snapshot, { interval: Effect.succeed(Duration.minutes(1)) })
    const fiber = yield* Effect.forkChild(Stream.runDrain(snapshots))
    for (let hour = 0; hour < 24; hour++) yield* TestClock.adjust("1 hour")
    assert.isBelow(cloud.seen.length, 30)
    yield* Fiber.interrupt(fiber)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

const disarm = Commands.use((commands) =>
  Stream.runDrain(commands.run({ name: "disarm", network: NetworkId.make(5130001) })),
)

it.effect("a command that is held back was not sent, and nobody is told that it may have been", () => {
  const cloud = scriptedCloud(() => ({ status: 503, headers: { "retry-after": "60" } }))
  return Effect.gen(function* () {
    yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
    const error = yield* Effect.flip(disarm)
    assert.strictEqual(error.reason._tag, "ServerError")
    assert.isAbove(Duration.toSeconds(error.retryAfter), 0)
    assert.deepStrictEqual(cloud.seen, [homescreen])
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("nor was one for which no token could be had", () => {
  const cloud = scriptedCloud(() => "drop")
  return Effect.gen(function* () {
    assert.strictEqual((yield* Effect.flip(disarm)).reason._tag, "Unreachable")
    assert.deepStrictEqual(cloud.seen, ["POST /oauth/token"])
  }).pipe(Effect.provide(account(cloud.layer, 0)))
})

it.effect("a wait until a time of day is measured by the cloud's clock: ours may be years behind", () => {
  const cloud = scriptedCloud(() => ({
    status: 429,
    headers: { date: "Sat, 14 Mar 2026 07:46:52 GMT", "retry-after": "Sat, 14 Mar 2026 07:56:52 GMT" },
  }))
  return Effect.gen(function* () {
    const error = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
    assert.strictEqual(Duration.toMinutes(error.retryAfter), 10)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("a token never follows a redirect to another host", () => {
  const cloud = scriptedCloud(() => ({ status: 302, headers: { location: "https://elsewhere.test/" } }))
  return Effect.gen(function* () {
    const error = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
    assert.strictEqual(error.reason._tag, "UnexpectedResponse")
    assert.deepStrictEqual(cloud.seen, [homescreen])
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("only a path of the account's own host is ever downloaded", () => {
  const cloud = scriptedCloud(() => ({ status: 200, body: "picture" }))
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    for (const path of [
      "https://elsewhere.test/x.jpg",
      "//elsewhere.test/x.jpg",
      "@elsewhere.test/x.jpg",
      "/\\elsewhere.test/x",
    ]) {
      assert.strictEqual((yield* Effect.flip(api.bytes(path))).reason._tag, "NotFound")
    }
    assert.deepStrictEqual(cloud.seen, [])
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})
