import { assert, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator, type EmulatorSettings } from "../src/index.ts"
import { httpClient, signIn, signInFlow } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const homeNetwork = 5130001

const startWith = (settings: Partial<EmulatorSettings>): Promise<EmulatedCloud> =>
  startEmulator({ seed: 1, speed: 0, settings })

describe("Settings", () => {
  it("busyStatus 200 sends code 307 with status 200, as one report has it", async () => {
    await using cloud = await startWith({ busyStatus: 200 })
    const { send } = await signIn(cloud.url, cloud.account)
    await send(`POST /network/${homeNetwork}/arm`)
    const refused = await send(`POST /network/${homeNetwork}/disarm`)
    assert.deepStrictEqual([refused.status, refused.body.code], [200, 307])
  })

  it("verifiesClients rejects calls of a new install until it is verified by a second code", async () => {
    await using cloud = await startWith({ verifiesClients: true })
    const { send, account } = await signIn(cloud.url, cloud.account)
    const info = async () => (await send("GET /api/v2/users/info")).body
    const { client_id, client_verification_required } = await info()
    assert.isTrue(client_verification_required)
    assert.strictEqual((await send(`GET /network/${homeNetwork}`)).status, 401)
    const pin = `POST /api/v5/clients/${client_id}/client_verification/pin`
    assert.strictEqual((await send(`${pin}/resend`)).body.code, 211)
    assert.strictEqual((await send(`${pin}/verify`, { pin: "000000", trusted: true })).body.code, 1621)
    await send(`${pin}/verify`, { pin: cloud.account.pin, trusted: true })
    assert.isFalse((await info()).client_verification_required)
    assert.strictEqual((await send(`GET /network/${homeNetwork}`)).status, 200)
    const again = await signIn(cloud.url, cloud.account)
    assert.strictEqual((await again.send(`GET /api/v4/accounts/${account}/homescreen`)).status, 200)
    assert.strictEqual((await again.send(`GET /network/${homeNetwork}`)).status, 200)
  })

  it("temperatureUnits c changes lists to Celsius and leaves settings in Fahrenheit", async () => {
    await using cloud = await startWith({ temperatureUnits: "c" })
    await cloud.change({ camera: "Porch", set: { temperature: 68 } })
    const { send, account } = await signIn(cloud.url, cloud.account)
    const { cameras } = (await send(`GET /api/v3/accounts/${account}/homescreen`)).body
    assert.strictEqual(cameras[0].signals.temp, 20)
    assert.strictEqual((await send("GET /user")).body.temp_units, "c")
    const { camera, signals } = (await send(`GET /network/${homeNetwork}/camera/8800101/config`)).body
    assert.strictEqual(camera[0].temperature + camera[0].temp_adjust, 68)
    assert.strictEqual(signals.temp, 20)
  })

  it("thumbnailDelayMs delays the new address after the command has completed", async () => {
    await using cloud = await startWith({ thumbnailDelayMs: 4000 })
    const { send, account } = await signIn(cloud.url, cloud.account)
    const listed = async () =>
      (await send(`GET /api/v3/accounts/${account}/homescreen`)).body.cameras[0].thumbnail
    const before = await listed()
    const { body } = await send(`POST /network/${homeNetwork}/camera/8800101/thumbnail`)
    await cloud.clock({ advance_ms: 3000 })
    assert.isTrue((await send(`GET /network/${homeNetwork}/command/${body.id}`)).body.complete)
    assert.strictEqual(await listed(), before)
    await cloud.clock({ advance_ms: 4000 })
    assert.notStrictEqual(await listed(), before)
  })

  it("deviceClockSkewMs shifts created_at of clips by at most the given time", async () => {
    await using cloud = await startWith({ deviceClockSkewMs: 5000 })
    const { now_ms } = await cloud.world()
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => (await cloud.motion({ camera: "Porch" })).id),
    )
    const { media } = await cloud.world()
    const skews = media
      .filter(({ id }) => ids.includes(id))
      .map(({ created_at }) => Math.abs(Date.parse(created_at) - now_ms))
    assert.isAbove(Math.max(...skews), 1000)
    assert.isAtMost(Math.max(...skews), 6000)
  })

  it("signInsPerHour limits sign-ins with status 429 for an hour", async () => {
    await using cloud = await startWith({ signInsPerHour: 2, secondFactor: "off" })
    const attempt = async () => {
      const flow = signInFlow(cloud.url, "7E1B9C2D-0000-4000-8000-000000000009")
      await flow.start()
      return (await flow.password(await flow.csrf(), cloud.account.email, cloud.account.password)).status
    }
    assert.deepStrictEqual([await attempt(), await attempt(), await attempt()], [302, 302, 429])
    await cloud.clock({ advance_ms: 3_600_001 })
    assert.strictEqual(await attempt(), 302)
  })

  it("accessTokenSeconds sets expires_in and the lifetime of access tokens", async () => {
    await using cloud = await startWith({ accessTokenSeconds: 60 })
    const { send, tokens } = await signIn(cloud.url, cloud.account)
    assert.strictEqual(tokens.expires_in, 60)
    await cloud.clock({ advance_ms: 60_000 })
    assert.strictEqual((await send("GET /networks")).status, 401)
  })

  it("subscription false accepts a snooze of 240 minutes only", async () => {
    await using cloud = await startWith({ subscription: false })
    const { send, account } = await signIn(cloud.url, cloud.account)
    const snooze = (minutes: number) =>
      send(`POST /api/v1/accounts/${account}/networks/${homeNetwork}/cameras/8800101/snooze`, {
        snooze_time: minutes,
      })
    expectShape("error-snooze-unsupported", (await snooze(30)).body)
    expectShape("post-camera-snooze", (await snooze(240)).body)
  })

  it("withdrawnCalls all_tokens opens withdrawn calls to OAuth tokens", async () => {
    await using cloud = await startWith({ withdrawnCalls: "all_tokens" })
    const { send } = await signIn(cloud.url, cloud.account)
    assert.property((await send("GET /homescreen")).body, "devices")
  })

  it("withdrawnCalls all_tokens accepts the password grant, which returns 412 without the code", async () => {
    await using cloud = await startWith({ withdrawnCalls: "all_tokens" })
    const grant = (password: string, headers: Record<string, string> = {}) =>
      httpClient(cloud.url, { hardware_id: "an-install", ...headers })(
        "POST /oauth/token",
        new URLSearchParams({
          username: cloud.account.email,
          password,
          client_id: "android",
          grant_type: "password",
          scope: "client",
        }),
      )
    const wrong = await grant("wrong")
    assert.deepStrictEqual([wrong.status, wrong.body.error], [401, "invalid_grant"])
    const codeRequested = await grant(cloud.account.password)
    assert.strictEqual(codeRequested.status, 412)
    expectShape("post-oauth-signin-2fa-required", codeRequested.body)
    assert.strictEqual((await grant(cloud.account.password, { "2fa-code": "000000" })).status, 400)
    const granted = await grant(cloud.account.password, { "2fa-code": cloud.account.pin })
    expectShape("post-oauth-token", granted.body)
    const own = httpClient(cloud.url, { authorization: `Bearer ${granted.body.access_token}` })
    assert.strictEqual((await own("GET /networks")).status, 200)
  })
})

it("An outdated app build gets status 426", async () => {
  await using cloud = await startWith({})
  const { tokens } = await signIn(cloud.url, cloud.account)
  const old = httpClient(cloud.url, {
    authorization: `Bearer ${tokens.access_token}`,
    "app-build": "ANDROID_8854",
  })
  assert.strictEqual((await old("GET /networks")).status, 426)
  expectShape("get-version-outdated", (await old("GET /api/v1/version")).body)
})
