import { BlinkAccount, Session, TokenStore } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, SubscriptionRef } from "effect"
import { type ScriptedResponse, scriptedCloud } from "./scriptedCloud.ts"

/** Login of 2021: requires a code at the account's own tier. */
const needsCode = {
  account: {
    account_id: 7310001,
    client_id: 9120001,
    tier: "u017",
    client_verification_required: true,
    verification_channel: "email",
  },
  auth: { token: "token-of-a-day" },
  allow_pin_resend_seconds: 90,
}
/** Oldest version: the tier is the only key of `region`. */
const oldest = {
  account: { id: 7310001 },
  authtoken: { authtoken: "token-of-a-day" },
  region: { prde: "Europe" },
}

const pinPath = "POST /api/v4/account/7310001/client/9120001/pin/verify"
const secret = Redacted.make

const withLogin =
  (
    login: unknown,
    status: number,
    rule: (cloud: ReturnType<typeof scriptedCloud>) => Effect.Effect<void, unknown, Session>,
  ) =>
  () => {
    const cloud = scriptedCloud((request, count): ScriptedResponse => {
      if (request === "POST /login") return { status, body: login }
      return request === pinPath && count === 1
        ? { status: 200, body: { valid: false, require_new_pin: false, message: "Invalid PIN", code: 1621 } }
        : { status: 200, body: { valid: true, message: "Client has been successfully verified", code: 1626 } }
    })
    const account = BlinkAccount.layer({
      config: { dialect: "legacy", apiUrl: "https://rest.{tier}.cloud.test" },
      store: TokenStore.layerMemory,
    })
    return rule(cloud).pipe(Effect.provide(Layer.provide(account, cloud.layer)))
  }

const signIn = Session.use((session) =>
  session.signIn({ email: "someone@example.net", password: secret("secret"), attended: true }),
)

it.effect(
  "Session verifies the code of a legacy login at the account's own tier",
  withLogin(needsCode, 200, (cloud) =>
    Effect.gen(function* () {
      yield* signIn
      const session = yield* Session
      assert.deepInclude(SubscriptionRef.getUnsafe(session.state), {
        state: "awaiting_pin",
        channel: "email",
      })
      assert.strictEqual((yield* Effect.flip(session.current)).reason._tag, "PinRequired")
      assert.deepInclude((yield* Effect.flip(session.submitPin(secret("111111")))).reason, {
        _tag: "InvalidPin",
        restart: false,
      })
      yield* session.submitPin(secret("123456"))
      const grant = yield* session.current
      assert.strictEqual(grant.baseUrl, "https://rest.u017.cloud.test")
      assert.strictEqual(Redacted.value(grant.token), "token-of-a-day")
      assert.deepStrictEqual(cloud.seen, ["POST /login", pinPath, pinPath])
    }),
  ),
)

it.effect(
  "Session accepts the oldest response of the legacy login",
  withLogin(oldest, 200, () =>
    Effect.gen(function* () {
      yield* signIn
      const { baseUrl, accountId } = yield* Session.use((session) => session.current)
      assert.deepStrictEqual([baseUrl, Number(accountId)], ["https://rest.prde.cloud.test", 7310001])
    }),
  ),
)

it.effect(
  "Session rejects an invalid tier in a legacy login",
  withLogin({ ...oldest, region: { "evil.test/": "?" } }, 200, () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(signIn)).reason._tag, "UnexpectedResponse")
    }),
  ),
)

it.effect(
  "Session sends nothing while a legacy account is locked",
  withLogin({ ...needsCode, lockout_time_remaining: 900 }, 200, (cloud) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(signIn)
      assert.strictEqual(error.reason._tag, "Throttled")
      assert.include(error.hint, "15 minutes")
      assert.strictEqual((yield* Effect.flip(signIn)).reason._tag, "Throttled")
      assert.deepStrictEqual(cloud.seen, ["POST /login"])
    }),
  ),
)

it.effect(
  "Session reports code 200 in a rejected legacy login as InvalidCredentials",
  withLogin({ message: "Invalid credentials", code: 200 }, 401, () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(signIn)).reason._tag, "InvalidCredentials")
    }),
  ),
)
