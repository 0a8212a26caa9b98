import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const home = 5130001

let cloud: EmulatedCloud
let ask: Send
let base: string

beforeEach(async () => {
  cloud = await startEmulator({ seed: 12, speed: 0 })
  const session = await signIn(cloud.url, cloud.account)
  ask = session.ask
  base = `/api/v1/accounts/${session.account}/networks/${home}/sync_modules/6210001/local_storage`
})
afterEach(() => cloud.close())

const advance = (ms: number) => cloud.clock({ advance_ms: ms })

const manifest = async () => {
  const { body } = await ask(`POST ${base}/manifest/request`)
  assert.strictEqual((await ask(`GET ${base}/manifest/request/${body.id}`)).status, 400)
  await advance(3000)
  return (await ask(`GET ${base}/manifest/request/${body.id}`)).body
}

describe("the stick in the hub", () => {
  it("lists what it holds when the hub has been asked, all in strings and without blanks in names", async () => {
    await cloud.motion({ camera: "Front Door", duration: 5 })
    await advance(20_000)
    const list = await manifest()
    expectShape("get-local-storage-manifest", list)
    assert.include(
      list.clips.map(({ camera_name }: { camera_name: string }) => camera_name),
      "FrontDoor",
    )
  })

  it("gives a clip away only after the hub has uploaded it", async () => {
    const { manifest_id, clips } = await manifest()
    const path = `${base}/manifest/${manifest_id}/clip/request/${clips[0].id}`
    assert.strictEqual((await ask(`GET ${path}`)).status, 404)
    expectShape("post-local-storage-clip-request", (await ask(`POST ${path}`)).body)
    await advance(4000)
    const film = await ask(`GET ${path}`)
    assert.deepStrictEqual([film.status, film.type], [200, "video/mp4"])
    assert.strictEqual(Math.ceil(film.bytes.length / 1024), Number(clips[0].size))
  })

  it("goes by an older list until the hub restarts, which gives every clip another id", async () => {
    const old = await manifest()
    await manifest()
    const path = `${base}/manifest/${old.manifest_id}/clip/request/${old.clips[0].id}`
    assert.strictEqual((await ask(`POST ${path}`)).status, 200)
    await advance(4000)
    assert.strictEqual((await ask(`GET ${path}`)).type, "video/mp4")
    await cloud.change({ sync_module: "Home Hub", set: { status: "offline" } })
    await cloud.change({ sync_module: "Home Hub", set: { status: "online" } })
    assert.strictEqual((await ask(`POST ${path}`)).status, 404)
    assert.strictEqual((await ask(`GET ${path}`)).status, 404)
    const anew = await manifest()
    assert.strictEqual(anew.clips.length, old.clips.length)
    const ids = new Set([...old.clips, ...anew.clips].map(({ id }: { id: string }) => id))
    assert.strictEqual(ids.size, 2 * old.clips.length)
    const found = `${base}/manifest/${anew.manifest_id}/clip/request/${anew.clips[0].id}`
    assert.strictEqual((await ask(`POST ${found}`)).status, 200)
  })

  it("knows no clip by a list that does not have it", async () => {
    const old = await manifest()
    await cloud.motion({ camera: "Porch", duration: 5 })
    await advance(10_000)
    const { clips } = await manifest()
    const path = `${base}/manifest/${old.manifest_id}/clip/request/${clips.at(-1).id}`
    assert.strictEqual((await ask(`POST ${path}`)).status, 404)
  })

  it("lists a deleted clip for up to a minute more, and gives it to nobody", async () => {
    const { manifest_id, clips } = await manifest()
    const gone = clips[0].id
    const clip = `${base}/manifest/${manifest_id}/clip`
    expectShape("post-local-storage-clip-delete", (await ask(`POST ${clip}/delete/${gone}`)).body)
    await advance(2000)
    const listed = async () => (await manifest()).clips.map(({ id }: { id: string }) => id)
    assert.include(await listed(), gone)
    assert.strictEqual((await ask(`POST ${clip}/request/${gone}`)).status, 404)
    await advance(60_000)
    assert.notInclude(await listed(), gone)
  })

  it("keeps the hub busy", async () => {
    await ask(`POST ${base}/manifest/request`)
    assert.strictEqual((await ask(`POST /network/${home}/arm`)).status, 409)
  })

  it("can be ejected and mounted", async () => {
    await ask(`POST ${base}/eject`)
    await advance(2000)
    assert.strictEqual((await ask(`GET ${base}/status`)).body.usb_state, "unmounted")
    await ask(`POST ${base}/mount`)
    await advance(2000)
    assert.strictEqual((await ask(`GET ${base}/status`)).body.usb_state, "active")
  })
})
