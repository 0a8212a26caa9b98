import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const homeNetwork = 5130001

let cloud: EmulatedCloud
let send: Send
let base: string

beforeEach(async () => {
  cloud = await startEmulator({ seed: 12, speed: 0 })
  const session = await signIn(cloud.url, cloud.account)
  send = session.send
  base = `/api/v1/accounts/${session.account}/networks/${homeNetwork}/sync_modules/6210001/local_storage`
})
afterEach(() => cloud.close())

const advance = (ms: number) => cloud.clock({ advance_ms: ms })

const manifest = async () => {
  const { body } = await send(`POST ${base}/manifest/request`)
  assert.strictEqual((await send(`GET ${base}/manifest/request/${body.id}`)).status, 400)
  await advance(3000)
  return (await send(`GET ${base}/manifest/request/${body.id}`)).body
}

describe("USB storage", () => {
  it("A manifest lists the clips as text, with names without spaces, after the command has completed", async () => {
    await cloud.motion({ camera: "Front Door", duration: 5 })
    await advance(20_000)
    const list = await manifest()
    expectShape("get-local-storage-manifest", list)
    assert.include(
      list.clips.map(({ camera_name }: { camera_name: string }) => camera_name),
      "FrontDoor",
    )
  })

  it("A USB clip can be downloaded only after the sync module has uploaded it", async () => {
    const { manifest_id, clips } = await manifest()
    const path = `${base}/manifest/${manifest_id}/clip/request/${clips[0].id}`
    assert.strictEqual((await send(`GET ${path}`)).status, 404)
    expectShape("post-local-storage-clip-request", (await send(`POST ${path}`)).body)
    await advance(4000)
    const video = await send(`GET ${path}`)
    assert.deepStrictEqual([video.status, video.type], [200, "video/mp4"])
    assert.strictEqual(Math.ceil(video.bytes.length / 1024), Number(clips[0].size))
  })

  it("An older manifest is valid until the sync module restarts, which changes all clip ids", async () => {
    const old = await manifest()
    await manifest()
    const path = `${base}/manifest/${old.manifest_id}/clip/request/${old.clips[0].id}`
    assert.strictEqual((await send(`POST ${path}`)).status, 200)
    await advance(4000)
    assert.strictEqual((await send(`GET ${path}`)).type, "video/mp4")
    await cloud.change({ sync_module: "Home Hub", set: { status: "offline" } })
    await cloud.change({ sync_module: "Home Hub", set: { status: "online" } })
    assert.strictEqual((await send(`POST ${path}`)).status, 404)
    assert.strictEqual((await send(`GET ${path}`)).status, 404)
    const anew = await manifest()
    assert.strictEqual(anew.clips.length, old.clips.length)
    const ids = new Set([...old.clips, ...anew.clips].map(({ id }: { id: string }) => id))
    assert.strictEqual(ids.size, 2 * old.clips.length)
    const found = `${base}/manifest/${anew.manifest_id}/clip/request/${anew.clips[0].id}`
    assert.strictEqual((await send(`POST ${found}`)).status, 200)
  })

  it("A manifest gives no access to clips that it does not contain", async () => {
    const old = await manifest()
    await cloud.motion({ camera: "Porch", duration: 5 })
    await advance(10_000)
    const { clips } = await manifest()
    const path = `${base}/manifest/${old.manifest_id}/clip/request/${clips.at(-1).id}`
    assert.strictEqual((await send(`POST ${path}`)).status, 404)
  })

  it("A deleted USB clip stays in manifests for up to a minute and cannot be downloaded", async () => {
    const { manifest_id, clips } = await manifest()
    const deletedId = clips[0].id
    const clip = `${base}/manifest/${manifest_id}/clip`
    expectShape("post-local-storage-clip-delete", (await send(`POST ${clip}/delete/${deletedId}`)).body)
    await advance(2000)
    const listed = async () => (await manifest()).clips.map(({ id }: { id: string }) => id)
    assert.include(await listed(), deletedId)
    assert.strictEqual((await send(`POST ${clip}/request/${deletedId}`)).status, 404)
    await advance(60_000)
    assert.notInclude(await listed(), deletedId)
  })

  it("A manifest request keeps the sync module busy", async () => {
    await send(`POST ${base}/manifest/request`)
    assert.strictEqual((await send(`POST /network/${homeNetwork}/arm`)).status, 409)
  })

  it("USB storage can be ejected and mounted", async () => {
    await send(`POST ${base}/eject`)
    await advance(2000)
    assert.strictEqual((await send(`GET ${base}/status`)).body.usb_state, "unmounted")
    await send(`POST ${base}/mount`)
    await advance(2000)
    assert.strictEqual((await send(`GET ${base}/status`)).body.usb_state, "active")
  })
})
