import { BlinkApi, type BlinkError, type Category, Session } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { CameraId, NetworkId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"

interface Case {
  readonly status: number
  readonly body: string | Record<string, unknown>
  readonly reason: BlinkError["reason"]["_tag"]
  readonly category: Category
  readonly retryable: boolean
  /** Part of the hint. */
  readonly hint: string
  /** Requests of two calls in a row; 2 unless a back-off prevents the second. */
  readonly sent?: number
}

const page = "<html><head><title>ERROR</title></head><body>The request could not be satisfied.</body></html>"

/** Error of each response to a read. */
const reads: Readonly<Record<string, Case>> = {
  "429 in any form": {
    status: 429,
    body: "slow down",
    reason: "Throttled",
    category: "blocked",
    retryable: true,
    hint: "fewer requests",
    sent: 1,
  },
  "403 as an HTML page": {
    status: 403,
    body: page,
    reason: "EdgeBlocked",
    category: "blocked",
    retryable: true,
    hint: "blocks this machine",
    sent: 1,
  },
  "406 as text": {
    status: 406,
    body: "406 Not Acceptable",
    reason: "EdgeBlocked",
    category: "blocked",
    retryable: true,
    hint: "identity strings",
    sent: 1,
  },
  "409 while the sync module is busy": {
    status: 409,
    body: { message: "System is busy, please wait", error: null, code: 307 },
    reason: "Busy",
    category: "busy",
    retryable: true,
    hint: "module is busy",
  },
  "code 307 with status 200": {
    status: 200,
    body: { message: "System is busy, please wait", code: 307 },
    reason: "Busy",
    category: "busy",
    retryable: true,
    hint: "module is busy",
  },
  "426 of the version check": {
    status: 426,
    body: { message: "An app update is required", code: 105 },
    reason: "NotSupported",
    category: "not_supported",
    retryable: false,
    hint: "does not offer",
  },
  "a required update with status 200": {
    status: 200,
    body: { message: "An app update is required" },
    reason: "NotSupported",
    category: "not_supported",
    retryable: false,
    hint: "does not offer",
  },
  "404 of a path": {
    status: 404,
    body: "<h1>Not Found</h1>",
    reason: "NotSupported",
    category: "not_supported",
    retryable: false,
    hint: "does not offer",
  },
  "404 of a camera": {
    status: 404,
    body: { message: "Camera not found", code: 500 },
    reason: "NotFound",
    category: "not_found",
    retryable: false,
    hint: "Camera not found",
  },
  "a wrong device type in a path": {
    status: 400,
    body: { code: 1630, message: "Invalid Device Type" },
    reason: "NotFound",
    category: "not_found",
    retryable: false,
    hint: "Invalid Device Type",
  },
  "400 with a code": {
    status: 400,
    body: { message: "Motion capture not enabled for device", code: 2805 },
    reason: "Rejected",
    category: "rejected",
    retryable: false,
    hint: "Motion capture not enabled",
  },
  "an error with status 200": {
    status: 200,
    body: { message: "Invalid Media List Format", code: 706 },
    reason: "Rejected",
    category: "rejected",
    retryable: false,
    hint: "rejected the request",
  },
  "5xx with a page": {
    status: 502,
    body: "<h1>Bad Gateway</h1>",
    reason: "ServerError",
    category: "transient",
    retryable: true,
    hint: "recovers by itself",
  },
  "a page instead of JSON": {
    status: 200,
    body: page,
    reason: "UnexpectedResponse",
    category: "transient",
    retryable: true,
    hint: "not JSON",
  },
  "truncated JSON": {
    status: 200,
    body: '{"networks":[{"id":1',
    reason: "UnexpectedResponse",
    category: "transient",
    retryable: true,
    hint: "truncated JSON",
  },
  "JSON of another shape": {
    status: 200,
    body: { hello: "world" },
    reason: "UnexpectedResponse",
    category: "transient",
    retryable: true,
    hint: "networks: missing",
  },
}

const signedIn = cloud({ settings: { secondFactor: "off" } })

describe("Errors of a read", () => {
  for (const [title, expected] of Object.entries(reads)) {
    it.effect(
      `BlinkApi.snapshot reports ${title} as ${expected.reason} with ${expected.sent ?? 2} requests for two calls`,
      () =>
        Effect.gen(function* () {
          yield* signIn
          const { status, body } = expected
          yield* (yield* Emulator).fault({ match: { path: "homescreen" }, do: { status, body } })
          const since = yield* requestMark
          const api = yield* BlinkApi
          const error = yield* Effect.flip(api.snapshot)
          yield* Effect.flip(api.snapshot)
          assert.strictEqual(error.reason._tag, expected.reason)
          assert.strictEqual(error.category, expected.category)
          assert.strictEqual(error.retryable, expected.retryable)
          assert.include(error.hint, expected.hint)
          assert.strictEqual((yield* requests(since)).length, expected.sent ?? 2)
        }).pipe(Effect.provide(signedIn)),
    )
  }

  it.effect("BlinkApi reports the cloud's own Retry-After", () =>
    Effect.gen(function* () {
      yield* signIn
      yield* (yield* Emulator).fault({
        match: { path: "homescreen" },
        do: { status: 429, retry_after_s: 77 },
      })
      const error = yield* Effect.flip(BlinkApi.use((api) => api.snapshot))
      assert.strictEqual(Duration.toSeconds(error.retryAfter), 77)
    }).pipe(Effect.provide(signedIn)),
  )

  it.effect("BlinkApi reports a broken connection as Unreachable", () =>
    Effect.gen(function* () {
      yield* signIn
      for (const fault of [{ drop: "before" }, { truncate: true }] as const) {
        const { id } = yield* (yield* Emulator).fault({ match: { path: "homescreen" }, do: fault })
        const error = yield* withTestClock(Effect.flip(BlinkApi.use((api) => api.snapshot)))
        assert.strictEqual(error.reason._tag, "Unreachable")
        assert.isTrue(error.retryable)
        yield* (yield* Emulator).clearFaults(id)
      }
    }).pipe(Effect.provide(signedIn)),
  )

  it.effect("BlinkApi renews the token and repeats the request once after a 401", () =>
    Effect.gen(function* () {
      yield* signIn
      yield* (yield* Emulator).fault({
        match: { path: "homescreen" },
        times: 1,
        do: { status: 401, body: { message: "Unauthorized Access", code: 101 } },
      })
      const since = yield* requestMark
      yield* BlinkApi.use((api) => api.snapshot)
      assert.deepStrictEqual(
        (yield* requests(since)).map((line) => line.split(" ").slice(1).join(" ")),
        [
          "/api/v3/accounts/7310001/homescreen 401",
          "/oauth/token 200",
          "/api/v3/accounts/7310001/homescreen 200",
          "/user 200",
        ],
      )
    }).pipe(Effect.provide(signedIn)),
  )
})

it.effect("BlinkApi.call reports an unknown camera as NotFound", () =>
  Effect.gen(function* () {
    yield* signIn
    const input = { network: NetworkId.make(5130001), camera: CameraId.make(8900201) }
    const error = yield* Effect.flip(BlinkApi.use((api) => api.call("cameraSignals", input)))
    assert.strictEqual(error.category, "not_found")
  }).pipe(Effect.provide(signedIn)),
)

it.effect("BlinkError contains no secret, however it is printed", () =>
  Effect.gen(function* () {
    yield* signIn
    const { token } = yield* Session.use((session) => session.current)
    const secret = Redacted.value(token)
    const api = yield* BlinkApi
    for (const body of [
      `<p>${secret}</p>`,
      JSON.stringify({ message: `who is demo@example.com with ${secret}?` }),
    ]) {
      for (const status of [200, 400, 404, 500]) {
        const { id } = yield* (yield* Emulator).fault({ match: { path: "homescreen" }, do: { status, body } })
        const error = yield* Effect.flip(api.snapshot)
        const printed = `${String(error)} ${JSON.stringify(error)} ${error.stack} ${error.hint}`
        assert.notInclude(printed, secret)
        assert.notInclude(printed, "demo@example.com")
        yield* (yield* Emulator).clearFaults(id)
      }
    }
  }).pipe(Effect.provide(signedIn)),
)
