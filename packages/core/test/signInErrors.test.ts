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
  /** Words of the advice. */
  readonly says: string
}

const page = "<html><body>The request could not be satisfied.</body></html>"

/** What the steps of the sign-in are answered with. */
const signIns: Readonly<Record<string, Case & { readonly path: string }>> = {
  "a wrong password": {
    path: "/oauth/v2/signin",
    status: 401,
    body: { error: "unauthorized", error_cause: "invalid_user_credentials" },
    reason: "InvalidCredentials",
    category: "needsUser",
    says: "password is wrong",
  },
  "a refusal by policy": {
    path: "/oauth/v2/signin",
    status: 400,
    body: { error: "access_denied" },
    reason: "InvalidCredentials",
    category: "needsUser",
    says: "password is wrong",
  },
  "an edge that dislikes us": {
    path: "/oauth/v2/authorize",
    status: 406,
    body: "406 Not Acceptable",
    reason: "EdgeBlocked",
    category: "blocked",
    says: "identity strings",
  },
  "too many attempts": {
    path: "/oauth/v2/signin",
    status: 429,
    body: "",
    reason: "Throttled",
    category: "blocked",
    says: "in 60 minutes",
  },
  "a form that is out of date": {
    path: "/oauth/v2/signin",
    status: 403,
    body: { error: "csrf" },
    reason: "Rejected",
    category: "refused",
    says: "start the sign-in again",
  },
  "cookies that got lost": {
    path: "/oauth/v2/signin",
    status: 400,
    body: { error: "bad_request", error_cause: "empty_cookies", error_description: "Empty Cookies." },
    reason: "Rejected",
    category: "refused",
    says: "start the sign-in again",
  },
}

describe("a sign-in", () => {
  for (const [title, expected] of Object.entries(signIns)) {
    it.effect(`${title}: ${expected.reason}, asked once`, () =>
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
        assert.include(error.hint, expected.says)
        const sent = (yield* requests()).filter((line) => line.startsWith(`${method} ${path} `))
        assert.strictEqual(sent.length, 1)
        assert.strictEqual(SubscriptionRef.getUnsafe(session.state).state, "signedOut")
      }).pipe(Effect.provide(cloud())),
    )
  }
})

/** What the code is answered with; a second try with the right one shows whether the sign-in still waits. */
const codes: Readonly<Record<string, Pick<Case, "status" | "body" | "reason" | "says">>> = {
  "a wrong one": {
    status: 400,
    body: { error: "Verification Code is invalid or expired" },
    reason: "InvalidPin",
    says: "Type the newest code",
  },
  "a wrong one in another status": {
    status: 412,
    body: "",
    reason: "InvalidPin",
    says: "Type the newest code",
  },
  "cookies that got lost": {
    status: 400,
    body: { error: "bad_request", error_cause: "empty_cookies" },
    reason: "InvalidPin",
    says: "Sign in again",
  },
  "an edge that has not looked at it": {
    status: 403,
    body: page,
    reason: "EdgeBlocked",
    says: "turns this machine away",
  },
  "too many of them": { status: 429, body: "", reason: "Throttled", says: "in 60 minutes" },
}

describe("a code", () => {
  for (const [title, { status, body, reason, says }] of Object.entries(codes)) {
    it.effect(`${title}: ${reason}, asked once`, () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        yield* emulator.fault({ match: { path: "/oauth/v2/2fa/verify" }, do: { status, body } })
        const session = yield* Session
        const { email, password, pin } = emulator.account
        yield* session.signIn({ email, password: Redacted.make(password) })
        const error = yield* Effect.flip(session.submitPin(Redacted.make(pin)))
        assert.strictEqual(error.reason._tag, reason)
        assert.include(error.hint, says)
        const sent = (yield* requests()).filter((line) => line.includes("2fa/verify"))
        assert.strictEqual(sent.length, 1)
        const isOver = error.reason._tag === "InvalidPin" && error.reason.restart
        assert.strictEqual(
          SubscriptionRef.getUnsafe(session.state).state,
          isOver ? "signedOut" : "awaitingPin",
        )
      }).pipe(Effect.provide(cloud())),
    )
  }
})

it.live("a host that does not listen is named by the system's own word", () =>
  Effect.gen(function* () {
    const session = yield* Session
    const credentials = { email: "someone@example.net", password: Redacted.make("secret") }
    const { reason } = yield* Effect.flip(session.signIn(credentials))
    assert.strictEqual(reason._tag, "Unreachable")
    assert.include(String(reason._tag === "Unreachable" ? reason.cause : ""), "ECONNREFUSED")
  }).pipe(Effect.provide(cloud({ config: { oauthUrl: "http://127.0.0.1:2" } }))),
)
