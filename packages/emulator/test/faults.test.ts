import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, httpClient, signIn } from "./support/cloudClient.ts"

let cloud: EmulatedCloud
let ask: Send

beforeEach(async () => {
  cloud = await startEmulator({ seed: 4 })
  ask = (await signIn(cloud.url, cloud.account)).ask
})
afterEach(() => cloud.close())

const networks = () => ask("GET /networks")
const ends = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "answered",
    () => "cut off",
  )

const statuses = async (seed: number) => {
  await using own = await startEmulator({ seed })
  await own.fault({ probability: 0.5, do: { status: 503 } })
  const got = []
  for (let nth = 0; nth < 20; nth++) got.push((await httpClient(own.url)("GET /regions")).status)
  return got
}

describe("a fault", () => {
  it("answers with its status, type, body and wait, as often as it says", async () => {
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

  it("leaves other paths alone, and takes an asterisk for anything", async () => {
    await cloud.fault({ match: { path: "/network/*/syncmodules" }, do: { status: 502 } })
    assert.strictEqual((await ask("GET /network/5130001/syncmodules")).status, 502)
    assert.strictEqual((await networks()).status, 200)
  })

  it("cuts the connection", async () => {
    const { id } = await cloud.fault({ do: { drop: "before" } })
    assert.strictEqual(await ends(networks()), "cut off")
    await cloud.faults.clear(id)
    assert.strictEqual((await networks()).status, 200)
  })

  it("announces more than it sends", async () => {
    await cloud.fault({ times: 1, do: { truncate: true } })
    assert.strictEqual(await ends(networks()), "cut off")
  })

  it("makes nonsense of the body under the right type", async () => {
    await cloud.fault({ times: 1, do: { garbage: true } })
    const response = await ends(networks())
    assert.strictEqual(response, "cut off") // the client of these tests parses what calls itself JSON
  })

  it("drips the body without harm to it", async () => {
    const whole = await networks()
    await cloud.fault({ times: 1, do: { drip_ms: 1 } })
    assert.deepStrictEqual((await networks()).body, whole.body)
  })

  it("ends tokens, or jumps the clock, by the way", async () => {
    await cloud.fault({ times: 1, do: { expire_tokens: "access" } })
    assert.strictEqual((await networks()).status, 401)
    const before = (await cloud.world()).now_ms
    await cloud.fault({ times: 1, do: { advance_ms: 60_000 } })
    await networks()
    assert.isAtLeast((await cloud.world()).now_ms, before + 60_000)
  })

  it("with a probability strikes the same requests for the same seed", async () => {
    const first = await statuses(1)
    assert.deepStrictEqual(await statuses(1), first)
    assert.notDeepEqual(await statuses(2), first)
    assert.includeMembers(first, [200, 503])
  })
})
