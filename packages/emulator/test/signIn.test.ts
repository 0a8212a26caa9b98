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

describe("signing in with a code", () => {
  it("goes from authorize by cookies alone to a code for the app's own scheme", async () => {
    const flow = signInFlow(cloud.url, hardware)
    const start = await flow.start()
    assert.strictEqual(start.status, 302)
    assert.strictEqual(start.headers.get("location"), "/oauth/v2/signin")
    for (const cookie of start.headers.getSetCookie()) {
      assert.match(cookie, /Path=\//)
      assert.notMatch(cookie, /Secure/i)
    }
    const csrf = await flow.csrf()
    const asked = await flow.password(csrf, cloud.account.email, cloud.account.password)
    assert.strictEqual(asked.status, 202)
    expectShape("post-oauth-signin-2fa-required", asked.body)
    const verified = await flow.code(csrf, cloud.account.pin)
    assert.strictEqual(verified.status, 201)
    expectShape("post-oauth-2fa-verify", verified.body)
    const answer = await flow.exchange(await flow.finish())
    assert.strictEqual(answer.status, 200)
    expectShape("post-oauth-token", answer.body)
    assert.strictEqual(answer.body.expires_in, 14_400)
  })

  it("is refused for a wrong password and says so as JSON", async () => {
    const flow = signInFlow(cloud.url, hardware)
    await flow.start()
    const got = await flow.password(await flow.csrf(), cloud.account.email, "wrong")
    assert.strictEqual(got.status, 401)
    expectShape("error-oauth-signin-invalid-credentials", got.body)
  })

  it("lets a person try again after a wrong code", async () => {
    const flow = signInFlow(cloud.url, hardware)
    await flow.start()
    const csrf = await flow.csrf()
    await flow.password(csrf, cloud.account.email, cloud.account.password)
    const wrong = await flow.code(csrf, "000000")
    assert.strictEqual(wrong.status, 400)
    expectShape("error-oauth-2fa-invalid-code", wrong.body)
    assert.strictEqual((await flow.code(csrf, cloud.account.pin)).status, 201)
  })

  it("can go on after the client was restarted, with its cookies and nothing else", async () => {
    const before = signInFlow(cloud.url, hardware)
    await before.start()
    const csrf = await before.csrf()
    await before.password(csrf, cloud.account.email, cloud.account.password)
    const after = signInFlow(cloud.url, hardware, new Map(before.jar))
    assert.strictEqual((await after.code(csrf, cloud.account.pin)).status, 201)
    assert.strictEqual((await after.exchange(await after.finish())).status, 200)
  })

  it("cannot go on without its cookies", async () => {
    const got = await signInFlow(cloud.url, hardware).code("any", cloud.account.pin)
    assert.strictEqual(got.status, 400)
    expectShape("error-oauth-empty-cookies", got.body)
  })

  it("wants the token of its own page", async () => {
    const flow = signInFlow(cloud.url, hardware)
    await flow.start()
    assert.strictEqual(
      (await flow.password("forged", cloud.account.email, cloud.account.password)).status,
      403,
    )
  })

  it("asks for no code on an install that a person told it to remember", async () => {
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

  it("refuses hardware ids that are names of products", async () => {
    for (const name of ["Home Assistant", "Blinkpy"]) {
      const got = await signInFlow(cloud.url, name).start()
      assert.strictEqual(got.status, 406)
      assert.strictEqual(got.body, "406 Not Acceptable")
    }
  })

  it("starts over when the second authorize brings parameters again", async () => {
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

describe("a code", () => {
  it("is good once, and used twice takes its tokens with it", async () => {
    const { flow, code } = await codeFor()
    const first = await flow.exchange(code)
    assert.strictEqual(first.status, 200)
    assert.strictEqual((await flow.exchange(code)).body.error, "invalid_grant")
    const got = await httpClient(cloud.url, { authorization: `Bearer ${first.body.access_token}` })(
      "GET /networks",
    )
    assert.strictEqual(got.status, 401)
  })

  it("is worth nothing without the verifier that it was asked with", async () => {
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

  it("comes with the state of the profile that is typed into a browser", async () => {
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

describe("a refresh token", () => {
  it("works once for either client id and leaves a new one", async () => {
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

  it("used twice ends the whole session", async () => {
    const { tokens } = await signIn(cloud.url, cloud.account, hardware)
    const first = await refreshed(tokens.refresh_token)
    const again = await refreshed(tokens.refresh_token)
    assert.strictEqual(again.status, 400)
    expectShape("error-oauth-token-invalid-grant", again.body)
    assert.strictEqual((await refreshed(first.body.refresh_token)).body.error, "invalid_grant")
    const ask = httpClient(cloud.url, { authorization: `Bearer ${first.body.access_token}` })
    assert.strictEqual((await ask("GET /networks")).status, 401)
  })

  it("outlives the access token, which the cloud calls unauthorized", async () => {
    const { ask, tokens } = await signIn(cloud.url, cloud.account, hardware)
    await cloud.expireTokens("access")
    const dead = await ask("GET /networks")
    assert.strictEqual(dead.status, 401)
    expectShape("error-unauthorized", dead.body)
    assert.strictEqual((await refreshed(tokens.refresh_token)).status, 200)
  })

  it("is gone after signing out", async () => {
    const { ask, tokens, account } = await signIn(
      cloud.url,
      cloud.account,
      "2F2F2F2F-0000-4000-8000-00000000000A",
    )
    const home = await ask(`GET /api/v3/accounts/${account}/homescreen`)
    const client = home.headers.get("client-id")
    assert.match(home.headers.get("user-id") ?? "", /^\d+$/)
    const out = await ask(`POST /api/v4/account/${account}/client/${client}/logout`)
    expectShape("post-logout", out.body)
    assert.strictEqual((await ask("GET /networks")).status, 401)
    assert.strictEqual((await refreshed(tokens.refresh_token)).body.error, "invalid_grant")
  })

  it("is all there is: a password is no grant", async () => {
    const got = await httpClient(cloud.url)(
      "POST /oauth/token",
      new URLSearchParams({ grant_type: "password" }),
    )
    assert.strictEqual(got.status, 400)
    expectShape("error-oauth-token-unsupported-grant", got.body)
  })
})

describe("too many wrong passwords", () => {
  it("lock the account for an hour, right password or not, in both dialects", async () => {
    await using own = await startEmulator({ seed: 6, settings: { wrongPasswordsAllowed: 3 } })
    const flow = signInFlow(own.url, hardware)
    await flow.start()
    const csrf = await flow.csrf()
    for (let nth = 0; nth < 3; nth++) {
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

it("the second factor can be asked for by 412, or not at all", async () => {
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
