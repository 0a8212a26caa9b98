import { type BlinkError, type Category, Session } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, SubscriptionRef } from "effect"
import { cloud, requests } from "./cloud.ts"

interface Case {
  readonly status: number
  readonly body: string | Record<string, unknown>
  readonly reason: BlinkError["reason"]["_tag"]
  readonly category: Category
  /** Part of the hint. */
  readonly hint: string
}

const page = "<html><body>The request could not be satisfied.</body></html>"

/** Responses to the steps of a sign-in. */
const signIns: Readonly<Record<string, Case & { readonly path: string }>> = {
  "a wrong password": {
    path: "/oauth/v2/signin",
    status: 401,
    body: { error: "unauthorized", error_cause: "invalid_user_credentials" },
    reason: "InvalidCredentials",
    category: "needs_user",
    hint: "password is wrong",
  },
  access_denied: {
    path: "/oauth/v2/signin",
    status: 400,
    body: { error: "access_denied" },
    reason: "InvalidCredentials",
    category: "needs_user",
    hint: "password is wrong",
  },
  "a block by the CDN": {
    path: "/oauth/v2/authorize",
    status: 406,
    body: "406 Not Acceptable",
    reason: "EdgeBlocked",
    category: "blocked",
    hint: "identity strings",
  },
  "too many attempts": {
    path: "/oauth/v2/signin",
    status: 429,
    body: "",
    reason: "Throttled",
    category: "blocked",
    hint: "in 60 minutes",
  },
  "an outdated form": {
    path: "/oauth/v2/signin",
    status: 403,
    body: { error: "csrf" },
    reason: "Rejected",
    category: "rejected",
    hint: "start the sign-in again",
  },
  "lost cookies": {
    path: "/oauth/v2/signin",
    status: 400,
    body: { error: "bad_request", error_cause: "empty_cookies", error_description: "Empty Cookies." },
    reason: "Rejected",
    category: "rejected",
    hint: "start the sign-in again",
  },
}

describe("Errors of a sign-in", () => {
  for (const [title, expected] of Object.entries(signIns)) {
    it.effect(`Session.signIn reports ${title} as ${expected.reason} after one request`, () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        const { path, status, body } = expected
        const method = path.endsWith("signin") ? "POST" : "GET"
        yield* emulator.fault({ match: { path, method }, do: { status, body } })
        const session = yield* Session
        const error = yield* Effect.flip(
          session.signIn({ email: emulator.account.email, password: Redacted.make("irrelevant") }),
        )
        assert.strictEqual(error.reason._tag, expected.reason)
        assert.strictEqual(error.category, expected.category)
        assert.include(error.hint, expected.hint)
        const sent = (yield* requests()).filter((line) => line.startsWith(`${method} ${path} `))
        assert.strictEqual(sent.length, 1)
        assert.strictEqual(SubscriptionRef.getUnsafe(session.state).state, "signed_out")
      }).pipe(Effect.provide(cloud())),
    )
  }
})

/** Responses to the code. The state afterwards shows whether the sign-in is still pending. */
const codes: Readonly<Record<string, Pick<Case, "status" | "body" | "reason" | "hint">>> = {
  "a wrong code": {
    status: 400,
    body: { error: "Verification Code is invalid or expired" },
    reason: "InvalidPin",
    hint: "Enter the newest code",
  },
  "a wrong code with another status": {
    status: 412,
    body: "",
    reason: "InvalidPin",
    hint: "Enter the newest code",
  },
  "lost cookies": {
    status: 400,
    body: { error: "bad_request", error_cause: "empty_cookies" },
    reason: "InvalidPin",
    hint: "Sign in again",
  },
  "a block by the CDN": {
    status: 403,
    body: page,
    reason: "EdgeBlocked",
    hint: "blocks this machine",
  },
  "too many codes": { status: 429, body: "", reason: "Throttled", hint: "in 60 minutes" },
}

describe("Errors of a code", () => {
  for (const [title, { status, body, reason, hint }] of Object.entries(codes)) {
    it.effect(`Session.submitPin reports ${title} as ${reason} after one request`, () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        yield* emulator.fault({ match: { path: "/oauth/v2/2fa/verify" }, do: { status, body } })
        const session = yield* Session
        const { email, password, pin } = emulator.account
        yield* session.signIn({ email, password: Redacted.make(password) })
        const error = yield* Effect.flip(session.submitPin(Redacted.make(pin)))
        assert.strictEqual(error.reason._tag, reason)
        assert.include(error.hint, hint)
        const sent = (yield* requests()).filter((line) => line.includes("2fa/verify"))
        assert.strictEqual(sent.length, 1)
        const isOver = error.reason._tag === "InvalidPin" && error.reason.restart
        assert.strictEqual(
          SubscriptionRef.getUnsafe(session.state).state,
          isOver ? "signed_out" : "awaiting_pin",
        )
      }).pipe(Effect.provide(cloud())),
    )
  }
})

it.live("Unreachable contains the system's error code when the host refuses the connection", () =>
  Effect.gen(function* () {
    const session = yield* Session
    const credentials = { email: "someone@example.net", password: Redacted.make("secret") }
    const { reason } = yield* Effect.flip(session.signIn(credentials))
    assert.strictEqual(reason._tag, "Unreachable")
    assert.include(String(reason._tag === "Unreachable" ? reason.cause : ""), "ECONNREFUSED")
  }).pipe(Effect.provide(cloud({ config: { oauthUrl: "http://127.0.0.1:2" } }))),
)
