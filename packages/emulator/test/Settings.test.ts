import { assert, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator, type Settings } from "../src/index.ts"
import { httpClient, signIn, signInFlow } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const home = 5130001

const startWith = (settings: Partial<Settings>): Promise<EmulatedCloud> =>
  startEmulator({ seed: 1, speed: 0, settings })

describe("a setting", () => {
  it("busyStatus 200 hides a refusal in a success, as one report has it", async () => {
    await using cloud = await startWith({ busyStatus: 200 })
    const { ask } = await signIn(cloud.url, cloud.account)
    await ask(`POST /network/${home}/arm`)
    const refused = await ask(`POST /network/${home}/disarm`)
    assert.deepStrictEqual([refused.status, refused.body.code], [200, 307])
  })

  it("verifiesClients lets a new install do nothing before it is verified by its own code", async () => {
    await using cloud = await startWith({ verifiesClients: true })
    const { ask, account } = await signIn(cloud.url, cloud.account)
    const info = async () => (await ask("GET /api/v2/users/info")).body
    const { client_id, client_verification_required } = await info()
    assert.isTrue(client_verification_required)
    assert.strictEqual((await ask(`GET /network/${home}`)).status, 401)
    const pin = `POST /api/v5/clients/${client_id}/client_verification/pin`
    assert.strictEqual((await ask(`${pin}/resend`)).body.code, 211)
    assert.strictEqual((await ask(`${pin}/verify`, { pin: "000000", trusted: true })).body.code, 1621)
    await ask(`${pin}/verify`, { pin: cloud.account.pin, trusted: true })
    assert.isFalse((await info()).client_verification_required)
    assert.strictEqual((await ask(`GET /network/${home}`)).status, 200)
    const again = await signIn(cloud.url, cloud.account)
    assert.strictEqual((await again.ask(`GET /api/v4/accounts/${account}/homescreen`)).status, 200)
    assert.strictEqual((await again.ask(`GET /network/${home}`)).status, 200)
  })

  it("temperatureUnits c tells lists in Celsius and settings in Fahrenheit all the same", async () => {
    await using cloud = await startWith({ temperatureUnits: "c" })
    await cloud.change({ camera: "Porch", set: { temperature: 68 } })
    const { ask, account } = await signIn(cloud.url, cloud.account)
    const { cameras } = (await ask(`GET /api/v3/accounts/${account}/homescreen`)).body
    assert.strictEqual(cameras[0].signals.temp, 20)
    assert.strictEqual((await ask("GET /user")).body.temp_units, "c")
    const { camera, signals } = (await ask(`GET /network/${home}/camera/8800101/config`)).body
    assert.strictEqual(camera[0].temperature + camera[0].temp_adjust, 68)
    assert.strictEqual(signals.temp, 20)
  })

  it("stillDelayMs lets a command be done before its picture has an address", async () => {
    await using cloud = await startWith({ thumbnailDelayMs: 4000 })
    const { ask, account } = await signIn(cloud.url, cloud.account)
    const told = async () =>
      (await ask(`GET /api/v3/accounts/${account}/homescreen`)).body.cameras[0].thumbnail
    const before = await told()
    const { body } = await ask(`POST /network/${home}/camera/8800101/thumbnail`)
    await cloud.clock({ advance_ms: 3000 })
    assert.isTrue((await ask(`GET /network/${home}/command/${body.id}`)).body.complete)
    assert.strictEqual(await told(), before)
    await cloud.clock({ advance_ms: 4000 })
    assert.notStrictEqual(await told(), before)
  })

  it("deviceClockSkewMs sets the clocks of devices apart from the cloud's", async () => {
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

  it("signInsPerHour refuses those who sign in for ever", async () => {
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

  it("accessTokenSeconds is what a client is told and gets", async () => {
    await using cloud = await startWith({ accessTokenSeconds: 60 })
    const { ask, tokens } = await signIn(cloud.url, cloud.account)
    assert.strictEqual(tokens.expires_in, 60)
    await cloud.clock({ advance_ms: 60_000 })
    assert.strictEqual((await ask("GET /networks")).status, 401)
  })

  it("subscription false leaves one length of snooze", async () => {
    await using cloud = await startWith({ subscription: false })
    const { ask, account } = await signIn(cloud.url, cloud.account)
    const snooze = (minutes: number) =>
      ask(`POST /api/v1/accounts/${account}/networks/${home}/cameras/8800101/snooze`, {
        snooze_time: minutes,
      })
    expectShape("error-snooze-unsupported", (await snooze(30)).body)
    expectShape("post-camera-snooze", (await snooze(240)).body)
  })

  it("gate off answers what is withdrawn to everybody", async () => {
    await using cloud = await startWith({ gate: "off" })
    const { ask } = await signIn(cloud.url, cloud.account)
    assert.property((await ask("GET /homescreen")).body, "devices")
  })

  it("gate off grants tokens by password alone, as in late 2025: without the code, 412", async () => {
    await using cloud = await startWith({ gate: "off" })
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
    const asked = await grant(cloud.account.password)
    assert.strictEqual(asked.status, 412)
    expectShape("post-oauth-signin-2fa-required", asked.body)
    assert.strictEqual((await grant(cloud.account.password, { "2fa-code": "000000" })).status, 400)
    const granted = await grant(cloud.account.password, { "2fa-code": cloud.account.pin })
    expectShape("post-oauth-token", granted.body)
    const own = httpClient(cloud.url, { authorization: `Bearer ${granted.body.access_token}` })
    assert.strictEqual((await own("GET /networks")).status, 200)
  })
})

it("an app of long ago is told to update", async () => {
  await using cloud = await startWith({})
  const { tokens } = await signIn(cloud.url, cloud.account)
  const old = httpClient(cloud.url, {
    authorization: `Bearer ${tokens.access_token}`,
    "app-build": "ANDROID_8854",
  })
  assert.strictEqual((await old("GET /networks")).status, 426)
  expectShape("get-version-outdated", (await old("GET /api/v1/version")).body)
})
