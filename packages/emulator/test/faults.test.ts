import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, httpClient, signIn } from "./support/cloudClient.ts"

let cloud: EmulatedCloud
let send: Send

beforeEach(async () => {
  cloud = await startEmulator({ seed: 4 })
  send = (await signIn(cloud.url, cloud.account)).send
})
afterEach(() => cloud.close())

const networks = () => send("GET /networks")
const ends = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "completed",
    () => "closed",
  )

const statuses = async (seed: number) => {
  await using own = await startEmulator({ seed })
  await own.fault({ probability: 0.5, do: { status: 503 } })
  const got = []
  for (let index = 0; index < 20; index++) got.push((await httpClient(own.url)("GET /regions")).status)
  return got
}

describe("A fault", () => {
  it("A fault replaces status, content type, body and retry-after for the given number of requests", async () => {
    await cloud.fault({
      match: { path: "/networks", method: "get" },
      times: 2,
      do: { status: 429, content_type: "text/plain", body: "slow down", retry_after_s: 7 },
    })
    for (const _ of [1, 2]) {
      const got = await networks()
      assert.deepStrictEqual([got.status, got.type, got.body], [429, "text/plain", "slow down"])
      assert.strictEqual(got.headers.get("retry-after"), "7")
    }
    assert.strictEqual((await networks()).status, 200)
  })

  it("A fault affects matching paths only, and an asterisk matches any text", async () => {
    await cloud.fault({ match: { path: "/network/*/syncmodules" }, do: { status: 502 } })
    assert.strictEqual((await send("GET /network/5130001/syncmodules")).status, 502)
    assert.strictEqual((await networks()).status, 200)
  })

  it("A fault with drop closes the connection", async () => {
    const { id } = await cloud.fault({ do: { drop: "before" } })
    assert.strictEqual(await ends(networks()), "closed")
    await cloud.clearFaults(id)
    assert.strictEqual((await networks()).status, 200)
  })

  it("A fault with truncate sends less than the announced length", async () => {
    await cloud.fault({ times: 1, do: { truncate: true } })
    assert.strictEqual(await ends(networks()), "closed")
  })

  it("A fault with garbage makes the body invalid and keeps its content type", async () => {
    await cloud.fault({ times: 1, do: { garbage: true } })
    const response = await ends(networks())
    assert.strictEqual(response, "closed") // the test client fails to parse the JSON
  })

  it("A fault with drip_ms sends the body in chunks without changing it", async () => {
    const whole = await networks()
    await cloud.fault({ times: 1, do: { drip_ms: 1 } })
    assert.deepStrictEqual((await networks()).body, whole.body)
  })

  it("A fault expires tokens or advances the clock when it matches", async () => {
    await cloud.fault({ times: 1, do: { expire_tokens: "access" } })
    assert.strictEqual((await networks()).status, 401)
    const before = (await cloud.world()).now_ms
    await cloud.fault({ times: 1, do: { advance_ms: 60_000 } })
    await networks()
    assert.isAtLeast((await cloud.world()).now_ms, before + 60_000)
  })

  it("A fault with a probability affects the same requests for the same seed", async () => {
    const first = await statuses(1)
    assert.deepStrictEqual(await statuses(1), first)
    assert.notDeepEqual(await statuses(2), first)
    assert.includeMembers(first, [200, 503])
  })
})
