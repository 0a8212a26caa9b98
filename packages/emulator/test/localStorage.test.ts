import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type Cloud, emulator } from "@blink-streams/emulator"
import { type Ask, signIn } from "./support/Client.ts"
import { expectShape } from "./support/expectShape.ts"

const home = 5130001

let cloud: Cloud
let ask: Ask
let base: string

beforeEach(async () => {
  cloud = await emulator({ seed: 12, speed: 0 })
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

  it("knows only its newest list", async () => {
    const old = await manifest()
    await manifest()
    const path = `${base}/manifest/${old.manifest_id}/clip/request/${old.clips[0].id}`
    assert.strictEqual((await ask(`POST ${path}`)).status, 404)
  })

  it("forgets a clip that is deleted", async () => {
    const { manifest_id, clips } = await manifest()
    const gone = clips[0].id
    expectShape(
      "post-local-storage-clip-delete",
      (await ask(`POST ${base}/manifest/${manifest_id}/clip/delete/${gone}`)).body,
    )
    await advance(2000)
    assert.notInclude(
      (await manifest()).clips.map(({ id }: { id: string }) => id),
      gone,
    )
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
