import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import {
  httpClient,
  authorizeQuery,
  redirectUri,
  signIn,
  signInFlow,
  verifier,
} from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

let cloud: EmulatedCloud
beforeAll(async () => {
  cloud = await startEmulator({ seed: 5, settings: { signInsPerHour: 1000 } })
})
afterAll(() => cloud.close())

const hardware = "1B2C7E9A-60D3-4E2B-9A42-3D0F1D7B4C11"
const refreshed = (token: string, form: Record<string, string> = { client_id: "ios" }) =>
  httpClient(cloud.url)(
    "POST /oauth/token",
    new URLSearchParams({ grant_type: "refresh_token", refresh_token: token, scope: "client", ...form }),
  )

describe("OAuth sign-in", () => {
  it("OAuth sign-in leads with cookies from authorize to a code for the app's scheme", async () => {
    const flow = signInFlow(cloud.url, hardware)
    const start = await flow.start()
    assert.strictEqual(start.status, 302)
    assert.strictEqual(start.headers.get("location"), "/oauth/v2/signin")
    for (const cookie of start.headers.getSetCookie()) {
      assert.match(cookie, /Path=\//)
      assert.notMatch(cookie, /Secure/i)
    }
    const csrf = await flow.csrf()
    const codeRequested = await flow.password(csrf, cloud.account.email, cloud.account.password)
    assert.strictEqual(codeRequested.status, 202)
    expectShape("post-oauth-signin-2fa-required", codeRequested.body)
    const verified = await flow.code(csrf, cloud.account.pin)
    assert.strictEqual(verified.status, 201)
    expectShape("post-oauth-2fa-verify", verified.body)
    const exchanged = await flow.exchange(await flow.finish())
    assert.strictEqual(exchanged.status, 200)
    expectShape("post-oauth-token", exchanged.body)
    assert.strictEqual(exchanged.body.expires_in, 14_400)
  })

  it("OAuth sign-in returns 401 with JSON for a wrong password", async () => {
    const flow = signInFlow(cloud.url, hardware)
    await flow.start()
    const got = await flow.password(await flow.csrf(), cloud.account.email, "wrong")
    assert.strictEqual(got.status, 401)
    expectShape("error-oauth-signin-invalid-credentials", got.body)
  })

  it("OAuth sign-in accepts the right code after a wrong one", async () => {
    const flow = signInFlow(cloud.url, hardware)
    await flow.start()
    const csrf = await flow.csrf()
    await flow.password(csrf, cloud.account.email, cloud.account.password)
    const wrong = await flow.code(csrf, "000000")
    assert.strictEqual(wrong.status, 400)
    expectShape("error-oauth-2fa-invalid-code", wrong.body)
    assert.strictEqual((await flow.code(csrf, cloud.account.pin)).status, 201)
  })

  it("OAuth sign-in continues with its cookies after a restart of the client", async () => {
    const before = signInFlow(cloud.url, hardware)
    await before.start()
    const csrf = await before.csrf()
    await before.password(csrf, cloud.account.email, cloud.account.password)
    const after = signInFlow(cloud.url, hardware, new Map(before.jar))
    assert.strictEqual((await after.code(csrf, cloud.account.pin)).status, 201)
    assert.strictEqual((await after.exchange(await after.finish())).status, 200)
  })

  it("OAuth sign-in returns 400 without its cookies", async () => {
    const got = await signInFlow(cloud.url, hardware).code("any", cloud.account.pin)
    assert.strictEqual(got.status, 400)
    expectShape("error-oauth-empty-cookies", got.body)
  })

  it("OAuth sign-in returns 403 for a wrong CSRF token", async () => {
    const flow = signInFlow(cloud.url, hardware)
    await flow.start()
    assert.strictEqual(
      (await flow.password("forged", cloud.account.email, cloud.account.password)).status,
      403,
    )
  })

  it("OAuth sign-in needs no code on a remembered install", async () => {
    const remembered = "9F0E8D7C-0000-4000-8000-000000000001"
    const first = signInFlow(cloud.url, remembered)
    await first.start()
    const csrf = await first.csrf()
    await first.password(csrf, cloud.account.email, cloud.account.password)
    await first.code(csrf, cloud.account.pin, "true")
    await first.exchange(await first.finish())
    const second = signInFlow(cloud.url, remembered)
    await second.start()
    const got = await second.password(await second.csrf(), cloud.account.email, cloud.account.password)
    assert.strictEqual(got.status, 302)
  })

  it("OAuth sign-in returns 406 for hardware ids of known products", async () => {
    for (const name of ["Home Assistant", "Blinkpy"]) {
      const got = await signInFlow(cloud.url, name).start()
      assert.strictEqual(got.status, 406)
      assert.strictEqual(got.body, "406 Not Acceptable")
    }
  })

  it("OAuth sign-in starts over when the second authorize has parameters", async () => {
    const flow = signInFlow(cloud.url, hardware)
    await flow.start()
    const csrf = await flow.csrf()
    await flow.password(csrf, cloud.account.email, cloud.account.password)
    await flow.code(csrf, cloud.account.pin)
    assert.strictEqual((await flow.start()).headers.get("location"), "/oauth/v2/signin")
  })
})

const codeFor = async () => {
  const { flow } = await signIn(cloud.url, cloud.account, hardware)
  await flow.start()
  const csrf = await flow.csrf()
  await flow.password(csrf, cloud.account.email, cloud.account.password)
  await flow.code(csrf, cloud.account.pin)
  return { flow, code: await flow.finish() }
}

describe("An authorization code", () => {
  it("An authorization code works once, and its second use revokes the tokens", async () => {
    const { flow, code } = await codeFor()
    const first = await flow.exchange(code)
    assert.strictEqual(first.status, 200)
    assert.strictEqual((await flow.exchange(code)).body.error, "invalid_grant")
    const got = await httpClient(cloud.url, { authorization: `Bearer ${first.body.access_token}` })(
      "GET /networks",
    )
    assert.strictEqual(got.status, 401)
  })

  it("An authorization code is rejected with a wrong PKCE verifier", async () => {
    const { code } = await codeFor()
    const got = await httpClient(cloud.url)(
      "POST /oauth/token",
      new URLSearchParams({
        grant_type: "authorization_code",
        code,
        code_verifier: `${verifier}x`,
        client_id: "ios",
        redirect_uri: redirectUri,
      }),
    )
    assert.strictEqual(got.status, 400)
    assert.strictEqual(got.body.error, "invalid_grant")
  })

  it("An authorization code is returned with the state of the request for the android client", async () => {
    const { status, headers } = await httpClient(cloud.url)(
      `GET /oauth/v2/authorize?${new URLSearchParams({
        ...authorizeQuery(hardware),
        client_id: "android",
        redirect_uri: "https://applinks.blink.com/signin/callback",
        state: "checked",
      }).toString()}`,
    )
    assert.strictEqual(status, 302)
    const jar = new Map(
      headers.getSetCookie().map((cookie) => {
        const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=")
        return [name, value]
      }),
    )
    const flow = signInFlow(cloud.url, hardware, jar)
    const csrf = await flow.csrf()
    await flow.password(csrf, cloud.account.email, cloud.account.password)
    await flow.code(csrf, cloud.account.pin)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
    const end = await httpClient(cloud.url, { cookie })("GET /oauth/v2/authorize")
    const location = new URL(end.headers.get("location") ?? "")
    assert.strictEqual(location.host, "applinks.blink.com")
    assert.strictEqual(location.searchParams.get("state"), "checked")
  })
})

describe("A refresh token", () => {
  it("A refresh token works once with either client id and returns a new one", async () => {
    const { tokens } = await signIn(cloud.url, cloud.account, hardware)
    const first = await refreshed(tokens.refresh_token)
    assert.strictEqual(first.status, 200)
    expectShape("post-oauth-token-refresh", first.body)
    const second = await refreshed(first.body.refresh_token, {
      client_id: "android",
      username: cloud.account.email,
    })
    assert.strictEqual(second.status, 200)
    assert.notStrictEqual(second.body.refresh_token, first.body.refresh_token)
  })

  it("A refresh token that is used twice revokes the whole session", async () => {
    const { tokens } = await signIn(cloud.url, cloud.account, hardware)
    const first = await refreshed(tokens.refresh_token)
    const again = await refreshed(tokens.refresh_token)
    assert.strictEqual(again.status, 400)
    expectShape("error-oauth-token-invalid-grant", again.body)
    assert.strictEqual((await refreshed(first.body.refresh_token)).body.error, "invalid_grant")
    const send = httpClient(cloud.url, { authorization: `Bearer ${first.body.access_token}` })
    assert.strictEqual((await send("GET /networks")).status, 401)
  })

  it("A refresh token stays valid when the access token has expired", async () => {
    const { send, tokens } = await signIn(cloud.url, cloud.account, hardware)
    await cloud.expireTokens("access")
    const dead = await send("GET /networks")
    assert.strictEqual(dead.status, 401)
    expectShape("error-unauthorized", dead.body)
    assert.strictEqual((await refreshed(tokens.refresh_token)).status, 200)
  })

  it("A refresh token is revoked by signing out", async () => {
    const { send, tokens, account } = await signIn(
      cloud.url,
      cloud.account,
      "2F2F2F2F-0000-4000-8000-00000000000A",
    )
    const homescreen = await send(`GET /api/v3/accounts/${account}/homescreen`)
    const client = homescreen.headers.get("client-id")
    assert.match(homescreen.headers.get("user-id") ?? "", /^\d+$/)
    const out = await send(`POST /api/v4/account/${account}/client/${client}/logout`)
    expectShape("post-logout", out.body)
    assert.strictEqual((await send("GET /networks")).status, 401)
    assert.strictEqual((await refreshed(tokens.refresh_token)).body.error, "invalid_grant")
  })

  it("The token endpoint rejects the password grant by default", async () => {
    const got = await httpClient(cloud.url)(
      "POST /oauth/token",
      new URLSearchParams({ grant_type: "password" }),
    )
    assert.strictEqual(got.status, 400)
    expectShape("error-oauth-token-unsupported-grant", got.body)
  })
})

describe("Too many wrong passwords", () => {
  it("Too many wrong passwords lock the account for an hour in both APIs", async () => {
    await using own = await startEmulator({ seed: 6, settings: { wrongPasswordsAllowed: 3 } })
    const flow = signInFlow(own.url, hardware)
    await flow.start()
    const csrf = await flow.csrf()
    for (let index = 0; index < 3; index++) {
      assert.strictEqual((await flow.password(csrf, own.account.email, "wrong")).status, 401)
    }
    assert.strictEqual((await flow.password(csrf, own.account.email, own.account.password)).status, 429)
    const legacy = await httpClient(own.url)(
      "POST /login",
      new URLSearchParams({ email: own.account.email, password: own.account.password }),
    )
    assert.strictEqual(legacy.status, 429)
    assert.isAbove(legacy.body.lockout_time_remaining, 3000)
    await own.clock({ advance_ms: 3_600_001 })
    assert.strictEqual((await flow.password(csrf, own.account.email, own.account.password)).status, 202)
  })
})

it("The setting secondFactor changes the status to 412 or skips the code", async () => {
  await using older = await startEmulator({ settings: { secondFactor: "412" } })
  const flow = signInFlow(older.url, hardware)
  await flow.start()
  assert.strictEqual(
    (await flow.password(await flow.csrf(), older.account.email, older.account.password)).status,
    412,
  )
  await using none = await startEmulator({ settings: { secondFactor: "off" } })
  const direct = signInFlow(none.url, hardware)
  await direct.start()
  assert.strictEqual(
    (await direct.password(await direct.csrf(), none.account.email, none.account.password)).status,
    302,
  )
})
