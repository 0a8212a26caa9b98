import { request } from "node:http"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, httpClient, legacySignIn, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const homeNetwork = 5130001

let cloud: EmulatedCloud
let send: Send

beforeEach(async () => {
  cloud = await startEmulator({ seed: 8, speed: 0 })
  send = (await legacySignIn(cloud.url, cloud.account)).send
})
afterEach(() => cloud.close())

const credentials = () => ({ email: cloud.account.email, password: cloud.account.password })

describe("A legacy login", () => {
  it("A legacy login returns the documented shape for a form and that of 2016 for JSON", async () => {
    const form = await httpClient(cloud.url)("POST /login", new URLSearchParams(credentials()))
    expectShape("post-login", form.body)
    const old = await httpClient(cloud.url)("POST /login", credentials())
    expectShape("post-login-2016", old.body)
    assert.deepStrictEqual(Object.keys(old.body.networks), ["5130001", "5130002"])
    assert.strictEqual(Object.keys(old.body.region).length, 1)
  })

  it("A legacy login with a wrong password gets status 401 and code 200", async () => {
    const got = await httpClient(cloud.url)("POST /login", { ...credentials(), password: "wrong" })
    assert.strictEqual(got.status, 401)
    expectShape("error-login-invalid-credentials", got.body)
    assert.deepStrictEqual(got.body, { message: "Invalid credentials", code: 200 })
  })

  it.each(["/api/v4/account/login", "/api/v5/account/login"])(
    "A login at %s can read only networks and homescreen until the PIN is verified",
    async (path) => {
      const { body } = await httpClient(cloud.url)(`POST ${path}`, {
        ...credentials(),
        unique_id: "install-1",
      })
      const token = body.auth?.token ?? body.authtoken.authtoken
      const account = body.account.account_id ?? body.account.id
      const client = body.account.client_id ?? body.client.id
      const pending = httpClient(cloud.url, { "TOKEN-AUTH": token })
      assert.strictEqual((await pending("GET /networks")).status, 200)
      const inventory = await pending(`GET /api/v3/accounts/${account}/homescreen`)
      assert.strictEqual((await pending(`GET ${inventory.body.cameras[0].thumbnail}`)).status, 401)
      assert.strictEqual((await pending("POST /network/5130001/arm")).status, 401)
      const pin = `POST /api/v4/account/${account}/client/${client}/pin`
      const wrong = await pending(`${pin}/verify/`, { pin: "000000" })
      expectShape("error-pin-verify-invalid", wrong.body)
      expectShape("post-pin-resend", (await pending(`${pin}/resend/`)).body)
      const right = await pending(`${pin}/verify/`, { pin: cloud.account.pin })
      expectShape("post-pin-verify", right.body)
      assert.isTrue(right.body.valid)
      assert.strictEqual((await pending("POST /network/5130001/arm")).status, 200)
      const again = await httpClient(cloud.url)(`POST ${path}`, { ...credentials(), unique_id: "install-1" })
      assert.isFalse(
        again.body.account.client_verification_required ?? again.body.client?.verification_required,
      )
    },
  )

  it("A legacy login can verify its PIN under the path with the user id", async () => {
    const { body } = await httpClient(cloud.url)("POST /api/v5/account/login", {
      ...credentials(),
      unique_id: "install-2",
    })
    const { account_id, user_id, client_id } = body.account
    const got = await httpClient(cloud.url, { TOKEN_AUTH: body.auth.token })(
      `POST /api/v5/accounts/${account_id}/users/${user_id}/clients/${client_id}/client_verification/pin/verify`,
      { pin: cloud.account.pin },
    )
    expectShape("post-pin-verify", got.body)
  })

  it("A legacy token reads the homescreen of account None, and an OAuth token does not", async () => {
    const got = await send("GET /api/v3/accounts/None/homescreen")
    assert.strictEqual(got.body.networks?.[0].id, homeNetwork)
    const oauthClient = await signIn(cloud.url, cloud.account)
    assert.strictEqual((await oauthClient.send("GET /api/v3/accounts/None/homescreen")).status, 401)
  })

  it("A legacy login without an install id needs no PIN", async () => {
    const { body } = await httpClient(cloud.url)("POST /api/v4/account/login", credentials())
    const client = httpClient(cloud.url, { TOKEN_AUTH: body.authtoken.authtoken })
    const list = await client(
      `GET /api/v1/accounts/${body.account.id}/media/changed?since=2019-04-19T23:11:20+0000&page=1`,
    )
    assert.strictEqual((await client(`GET ${list.body.media[0].media}`)).type, "video/mp4")
  })

  it("A legacy login with reauth is rejected after the user has removed the client from the list", async () => {
    const form = { ...credentials(), unique_id: "install-2", reauth: "true" }
    const login = () => httpClient(cloud.url)("POST /api/v5/account/login", form)
    const { auth, account } = (await login()).body
    const client = httpClient(cloud.url, { TOKEN_AUTH: auth.token })
    await client(`POST /api/v4/account/${account.account_id}/client/${account.client_id}/pin/verify`, {
      pin: cloud.account.pin,
    })
    const panel = `/api/v1/accounts/${account.account_id}/clients/${account.client_id}/control_panel`
    assert.strictEqual((await client(`GET ${panel}/clients`)).status, 403)
    await client(`POST ${panel}/request_pin`)
    await client(`POST ${panel}/pin/verify`, { pin: cloud.account.pin })
    assert.include(
      (await client(`GET ${panel}/clients`)).body.clients.map(({ id }: { id: number }) => id),
      account.client_id,
    )
    await client(`POST ${panel}/delete`, { client_id: account.client_id })
    assert.strictEqual((await client("GET /networks")).status, 401)
    const refused = await login()
    expectShape("error-login-client-deleted", refused.body)
    assert.strictEqual(refused.status, 401)
    assert.deepInclude(refused.body, { message: "Client already deleted. Please re-login", code: 242 })
    const { body } = await httpClient(cloud.url)("POST /api/v5/account/login", { ...form, reauth: "false" })
    assert.isTrue(body.account.client_verification_required)
    // It is on the list again, as another client.
    const again = (await login()).body
    assert.strictEqual(again.account.client_id, body.account.client_id)
  })

  it("A legacy login gets 426 with withdrawnCalls closed", async () => {
    await using closed = await startEmulator({ settings: { withdrawnCalls: "closed" } })
    for (const path of ["/login", "/api/v5/account/login"]) {
      const got = await httpClient(closed.url)(`POST ${path}`, credentials())
      assert.strictEqual(got.status, 426)
      expectShape("error-app-update-required", got.body)
    }
  })

  it("A legacy token expires after a day", async () => {
    await cloud.clock({ advance_ms: 86_399_000 })
    assert.strictEqual((await send("GET /networks")).status, 200)
    await cloud.clock({ advance_ms: 1001 })
    assert.strictEqual((await send("GET /networks")).status, 401)
  })
})

describe("A withdrawn call", () => {
  it.each([
    `GET /network/${homeNetwork}/cameras`,
    "GET /homescreen",
    "GET /api/v2/videos/page/0",
    `GET /events/network/${homeNetwork}`,
    "GET /account/clients",
  ])("The withdrawn call %s accepts a legacy token and returns code 105 to an OAuth token", async (line) => {
    const { send: oauthClient } = await signIn(cloud.url, cloud.account)
    assert.strictEqual((await send(line)).status, 200)
    assert.deepStrictEqual((await oauthClient(line)).body, {
      message: "An app update is required",
      code: 105,
    })
  })
})

describe("Both APIs", () => {
  it("Both APIs show the same state", async () => {
    const { send: oauthClient, account } = await signIn(cloud.url, cloud.account)
    const { body } = await send(`POST /network/${homeNetwork}/disarm`)
    await cloud.clock({ advance_ms: 2000 })
    assert.isTrue((await oauthClient(`GET /network/${homeNetwork}/command/${body.id}`)).body.complete)
    const { networks } = (await oauthClient(`GET /api/v3/accounts/${account}/homescreen`)).body
    assert.isFalse(networks[0].armed)
    assert.isFalse((await send("GET /homescreen")).body.network.armed)
  })

  it("Both APIs list the same clip with the same bytes", async () => {
    const { id } = await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 6000 })
    await cloud.clock({ advance_ms: 6000 })
    const { send: oauthClient, account } = await signIn(cloud.url, cloud.account)
    const now = (await oauthClient(`GET /api/v1/accounts/${account}/media/changed?since=1970-01-01&page=1`))
      .body.media[0]
    const [then] = (await send("GET /api/v2/videos/page/0")).body
    assert.deepStrictEqual([now.id, then.id], [id, id])
    assert.strictEqual(then.length, 5)
    const old = await send(`GET ${then.address}`)
    assert.strictEqual(old.bytes.length, then.size)
    assert.deepStrictEqual((await oauthClient(`GET ${now.media}`)).bytes, old.bytes)
    assert.strictEqual((await send(`GET ${then.thumbnail}.jpg`)).type, "image/jpeg")
    assert.strictEqual((await send(`GET ${then.address.replace("mp4", "jpg")}`)).type, "image/jpeg")
  })
})

describe("The legacy video list", () => {
  it("The legacy video list has ten items per page, newest first, and ends with an empty page", async () => {
    const pages = await Promise.all(
      [0, 1, 2, 3, 4].map(async (page) => (await send(`GET /api/v2/videos/page/${page}`)).body),
    )
    assert.deepStrictEqual(
      pages.map(({ length }) => length),
      [10, 10, 10, 6, 0],
    )
    const times = pages.flat().map(({ created_at }: { created_at: string }) => created_at)
    assert.deepStrictEqual(times, [...times].sort().toReversed())
    assert.strictEqual((await send("GET /api/v2/videos/count")).body.count, 36)
  })

  it("The legacy list of changed videos returns changes since a time, with pages from 0 or 1", async () => {
    const { now_ms } = await cloud.world()
    const since = new Date(now_ms).toISOString().replace(/\.\d+Z/, "+0000")
    const changed = async (query: string) => (await send(`GET /api/v2/videos/changed?${query}`)).body
    assert.deepStrictEqual((await changed(`since=${since}&page=0`)).videos, [])
    const { id } = await cloud.motion({ camera: "Porch", publish_after_ms: 1000 })
    await cloud.clock({ advance_ms: 1000 })
    const { videos } = await changed(`since=${since}&page=0`)
    assert.deepStrictEqual(
      videos.map((video: { id: number }) => video.id),
      [id],
    )
    assert.isFalse(videos[0].deleted)
    await send(`POST /api/v2/video/${id}/delete`)
    assert.isTrue((await changed(`since=${since}&page=0`)).videos[0].deleted)
    assert.strictEqual((await changed("since=1970-01-01T00:00:00+0000&page=1")).videos.length, 37)
    assert.deepStrictEqual((await changed("since=1970-01-01T00:00:00+0000&page=2")).videos, [])
  })

  it("The legacy video call returns an array of one video, and 404 after its deletion", async () => {
    const [first] = (await send("GET /api/v2/videos/page/0")).body
    const one = (await send(`GET /api/v2/video/${first.id}`)).body
    expectShape("get-video", one)
    assert.strictEqual(one[0].id, first.id)
    expectShape("post-video-delete", (await send(`POST /api/v2/video/${first.id}/delete`)).body)
    assert.strictEqual((await send(`GET /api/v2/video/${first.id}`)).status, 404)
    assert.strictEqual((await send("GET /api/v2/videos/count")).body.count, 35)
  })
})

describe("The legacy event list", () => {
  it("The legacy event list contains a motion at once, a disarm after its command, and a heartbeat per minute", async () => {
    await cloud.motion({ camera: "Porch" })
    const { body } = await send(`POST /network/${homeNetwork}/disarm`)
    await cloud.clock({ advance_ms: 60_000 })
    const { event } = (await send(`GET /events/network/${homeNetwork}/`)).body
    const types = event.map(({ type }: { type: string }) => type)
    assert.includeMembers(types, ["motion", "disarmed", "heartbeat"])
    assert.strictEqual(event.find(({ type }: { type: string }) => type === "disarmed").command_id, body.id)
    const ids = event.map(({ id }: { id: number }) => id)
    assert.strictEqual(new Set(ids).size, ids.length)
  })
})

it("The server keeps idle connections at least 60 s", async () => {
  const { headers } = await fetch(`${cloud.url}/regions`)
  assert.isAtLeast(Number(/timeout=(\d+)/.exec(headers.get("keep-alive") ?? "")?.[1]), 60)
})

describe("Hosts", () => {
  it("Any Blink host is accepted in the header and in the path", async () => {
    const { body } = await httpClient(cloud.url, { host: "prod.immedia-semi.com" })(
      "POST /login",
      credentials(),
    )
    const token = body.authtoken.authtoken
    const dotted = await httpClient(cloud.url, { host: "rest.u017.immedia-semi.com", TOKEN_AUTH: token })(
      "GET /networks",
    )
    assert.strictEqual(dotted.status, 200)
    for (const host of [
      "rest-u017.immedia-semi.com",
      "rest.prod.immedia-semi.com",
      "prod.immedia-semi.com",
    ]) {
      assert.strictEqual((await send(`GET /${host}/networks`)).status, 200)
    }
  })

  it("Hosts with a dot return the legacy regions", async () => {
    const text = await new Promise<string>((resolve) => {
      request(`${cloud.url}/regions`, { headers: { host: "rest.prod.immedia-semi.com" } }, (response) => {
        response.setEncoding("utf8").on("data", resolve)
      }).end()
    })
    expectShape("get-regions-legacy", JSON.parse(text))
  })

  it("An unknown path returns an HTML page with status 404", async () => {
    const got = await send("GET /health")
    assert.deepStrictEqual([got.status, got.body], [404, "<h1>Not Found</h1>"])
  })
})
