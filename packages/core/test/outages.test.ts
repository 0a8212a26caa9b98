import {
  BlinkAccount,
  BlinkApi,
  blinkError,
  Commands,
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

/** Repeats the request for a day. */
const repeatForADay = <E>(request: Effect.Effect<unknown, E>, pause: Duration.Input) =>
  Effect.gen(function* () {
    while ((yield* Clock.currentTimeMillis) < aDay) {
      yield* Effect.ignore(request)
      yield* Effect.sleep(pause)
    }
  })

const credentials = { email: "someone@example.net", password: Redacted.make("secret") }

/**
 * Signs in repeatedly for a day. The sign-in also does real work that the test clock does not cover, so the
 * clock is advanced after each attempt.
 */
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

it.effect(
  "Session signs in at most 5 times during a day of outage when the program restarts in a loop",
  () => {
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
  },
)

it.effect("Session opens the sign-in page at most 5 times during a day of outage", () => {
  const cloud = scriptedCloud(() => ({ status: 503 }))
  return Effect.gen(function* () {
    yield* signInRepeatedly
    assert.strictEqual(cloud.count("GET /oauth/v2/authorize"), 5)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("Session does not count a sign-in that could not be sent", () => {
  const cloud = scriptedCloud(() => "drop")
  return Effect.gen(function* () {
    const session = yield* Session
    for (let n = 0; n < 10; n++) {
      assert.strictEqual((yield* Effect.flip(session.signIn(credentials))).reason._tag, "Unreachable")
    }
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("Session ignores counted sign-ins that lie far in the future", () => {
  const cloud = scriptedCloud(() => ({ status: 503 }))
  const later = timestampFromMillis(Duration.toMillis("1000 days"))
  const ahead: StoredSession = { ...signedIn(forever), grant: null, signIns: [later, later, later] }
  return Effect.gen(function* () {
    const session = yield* Session
    assert.strictEqual((yield* Effect.flip(session.signIn(credentials))).reason._tag, "ServerError")
    assert.strictEqual((yield* Effect.flip(session.signIn(credentials))).reason._tag, "SignInPaused")
  }).pipe(Effect.provide(accountOf(cloud.layer, ahead)))
})

it.effect("Session never signs in by itself after an expired session", () => {
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

it.effect("Session renews a token only once when the new token is rejected as well", () => {
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

it.effect("Session blocks when a renewed token is rejected even for the tier request", () => {
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

it.effect("Session fetches the tier once when fifty callers are denied access", () => {
  const cloud = scriptedCloud((request) =>
    request.includes("tier_info")
      ? { status: 200, body: { tier: "u017", account_id: 7310001 } }
      : { status: 403, body: { message: "not yours" } },
  )
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    const calls = Array.from({ length: 50 }, (_, network) => api.call("network", { network }))
    const errors = yield* Effect.forEach(calls, Effect.flip, { concurrency: "unbounded" })
    assert.isTrue(errors.every(({ reason }) => reason._tag === "AccessDenied"))
    assert.strictEqual(cloud.count("GET /api/v1/users/tier_info"), 1)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("BlinkApi follows an account that has moved to another tier", () => {
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

it.effect("Session retries a renewal at most every 30 seconds after temporary failures", () => {
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

it.effect("Session retries a renewal at most every 30 seconds after permanent failures", () => {
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

it.effect("Session keeps renewed tokens in memory when the disk is full and requests no others", () => {
  const cloud = scriptedCloud((request, count) =>
    request === "POST /oauth/token"
      ? count === 1
        ? { status: 200, body: tokens(1) }
        : { status: 400, body: { error: "invalid_grant" } }
      : { status: 200, body: { networks: [] } },
  )
  let isFull = true
  const full = blinkError("save session", new TokenStoreError({ cause: new Error("ENOSPC") }), "no")
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

it.effect("Session uses a valid token while the sign-in host is unreachable", () => {
  const cloud = scriptedCloud(() => "drop")
  return Effect.gen(function* () {
    const grant = yield* Session.use((session) => session.current)
    assert.strictEqual(Redacted.value(grant.token), "access-0")
  }).pipe(Effect.provide(account(cloud.layer, 60_000)))
})

it.effect("poll sends fewer than 30 requests during a day of 429", () => {
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

it.effect(
  "Commands.run reports a command that was not sent during a back-off as such, not as unknown",
  () => {
    const cloud = scriptedCloud(() => ({ status: 503, headers: { "retry-after": "60" } }))
    return Effect.gen(function* () {
      yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
      const error = yield* Effect.flip(disarm)
      assert.strictEqual(error.reason._tag, "ServerError")
      assert.isAbove(Duration.toSeconds(error.retryAfter), 0)
      assert.deepStrictEqual(cloud.seen, [homescreen])
    }).pipe(Effect.provide(account(cloud.layer, forever)))
  },
)

it.effect("Commands.run reports a command for which no token could be fetched as not sent", () => {
  const cloud = scriptedCloud(() => "drop")
  return Effect.gen(function* () {
    assert.strictEqual((yield* Effect.flip(disarm)).reason._tag, "Unreachable")
    assert.deepStrictEqual(cloud.seen, ["POST /oauth/token"])
  }).pipe(Effect.provide(account(cloud.layer, 0)))
})

it.effect("Retry-After as a date is measured by the cloud's clock", () => {
  const cloud = scriptedCloud(() => ({
    status: 429,
    headers: { date: "Sat, 14 Mar 2026 07:46:52 GMT", "retry-after": "Sat, 14 Mar 2026 07:56:52 GMT" },
  }))
  return Effect.gen(function* () {
    const error = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
    assert.strictEqual(Duration.toMinutes(error.retryAfter), 10)
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("BlinkApi never follows a redirect to another host", () => {
  const cloud = scriptedCloud(() => ({ status: 302, headers: { location: "https://elsewhere.test/" } }))
  return Effect.gen(function* () {
    const error = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
    assert.strictEqual(error.reason._tag, "UnexpectedResponse")
    assert.deepStrictEqual(cloud.seen, [homescreen])
  }).pipe(Effect.provide(account(cloud.layer, forever)))
})

it.effect("BlinkApi.bytes accepts only a path of the account's own host", () => {
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
