import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator, type EmulatorSettings } from "../src/index.ts"
import { type Send, signIn } from "./support/cloudClient.ts"

const porch = 8800101
const noon = Date.UTC(2026, 2, 14, 12, 0)

let cloud: EmulatedCloud
let send: Send
let account: number

const start = async (settings: Partial<EmulatorSettings> = {}) => {
  await cloud?.close()
  cloud = await startEmulator({
    seed: 2,
    speed: 0,
    startAt: noon,
    settings: { accessTokenSeconds: 90 * 86_400, ...settings },
  })
  const session = await signIn(cloud.url, cloud.account)
  send = session.send
  account = session.account
}

beforeEach(() => start())
afterEach(() => cloud.close())

interface Item {
  readonly id: number
  readonly created_at: string
  readonly updated_at: string
  readonly deleted: boolean
  readonly partial: boolean
  readonly watched: boolean
  readonly media: string
  readonly thumbnail: string
}

const changed = async (since = "1970-01-01T00:00:00+0000", page = 1): Promise<ReadonlyArray<Item>> =>
  (await send(`GET /api/v1/accounts/${account}/media/changed?since=${since}&page=${page}`)).body.media
const motion = async (input: object = {}): Promise<number> =>
  (await cloud.motion({ camera: porch, ...input })).id ?? 0
const find = async (id: number): Promise<Item | undefined> => (await changed()).find((item) => item.id === id)
const advance = (ms: number) => cloud.clock({ advance_ms: ms })

const porchUpdated = async () =>
  (await send(`GET /api/v3/accounts/${account}/homescreen`)).body.cameras[0].updated_at

describe("A clip", () => {
  it("A clip is listed 20 to 40 s after the start of its motion, with that time", async () => {
    const id = await motion({ duration: 5 })
    await advance(19_999)
    assert.isUndefined(await find(id))
    await advance(20_001)
    assert.strictEqual((await find(id))?.created_at, "2026-03-14T12:00:00+00:00")
  })

  it("A clip that is published after 40 s is listed after one that began later", async () => {
    const late = await motion({ publish_after_ms: 40_000 })
    await advance(5000)
    const quick = await motion({ camera: "Living Room", publish_after_ms: 10_000 })
    await advance(12_000)
    assert.isDefined(await find(quick))
    assert.isUndefined(await find(late))
    const mark = (await find(quick))?.updated_at ?? ""
    await advance(25_000)
    const newer = await changed(encodeURIComponent(mark))
    assert.include(
      newer.map(({ id }) => id),
      late,
    )
    assert.isBelow(
      newer.findIndex(({ id }) => id === quick),
      newer.findIndex(({ id }) => id === late),
    )
  })

  it("A partial clip is listed again when it is complete", async () => {
    const id = await motion({ publish_after_ms: 10_000, partial_first: true })
    await advance(10_000)
    const first = await find(id)
    assert.isTrue(first?.partial)
    const short = await send(`GET ${first?.media}`)
    await advance(15_000)
    const whole = await find(id)
    assert.isFalse(whole?.partial)
    assert.notStrictEqual(whole?.updated_at, first?.updated_at)
    assert.isAbove((await send(`GET ${whole?.media}`)).bytes.length, short.bytes.length)
  })

  it("Clip ids do not ascend with time", async () => {
    const ids = [await motion(), await motion(), await motion(), await motion()]
    assert.notDeepEqual(
      ids,
      [...ids].sort((one, other) => one - other),
    )
    assert.strictEqual(new Set(ids).size, 4)
  })

  it("A clip is an MP4 of the announced length, and its thumbnail a JPEG", async () => {
    const id = await motion({ duration: 7, publish_after_ms: 8000 })
    await advance(8000)
    const item = await find(id)
    const video = await send(`GET ${item?.media}`)
    assert.strictEqual(video.type, "video/mp4")
    assert.strictEqual(video.bytes.subarray(4, 8).toString("latin1"), "ftyp")
    const head = video.bytes.indexOf("mvhd")
    assert.strictEqual(video.bytes.readUInt32BE(head + 20) / video.bytes.readUInt32BE(head + 16), 7)
    const thumbnail = await send(`GET ${item?.thumbnail}`)
    assert.strictEqual(thumbnail.type, "image/jpeg")
    assert.strictEqual(thumbnail.bytes.readUInt16BE(0), 0xffd8)
    assert.strictEqual(thumbnail.bytes.readUInt16BE(thumbnail.bytes.length - 2), 0xffd9)
  })

  it("A clip is watched after its first download", async () => {
    const id = await motion({ publish_after_ms: 1000 })
    await advance(60_000)
    const before = await find(id)
    await send(`GET ${before?.media}`)
    const after = await find(id)
    assert.deepStrictEqual([before?.watched, after?.watched], [false, true])
    assert.notStrictEqual(after?.updated_at, before?.updated_at)
  })

  it("A deleted clip stays in the list and returns 404", async () => {
    const id = await motion({ publish_after_ms: 1000 })
    await advance(60_000)
    const item = await find(id)
    const got = await send(`POST /api/v1/accounts/${account}/media/delete`, { media_list: [id] })
    assert.deepStrictEqual(got.body, { message: "Successfully deleted media", code: 711 })
    assert.isTrue((await find(id))?.deleted)
    assert.strictEqual((await send(`GET ${item?.media}`)).status, 404)
  })

  it("A purged clip is listed again, as deleted", async () => {
    const id = await motion({ publish_after_ms: 1000 })
    await advance(29 * 86_400_000)
    const yesterday = "2026-04-11T12:00:00+0000"
    assert.notInclude(
      (await changed(yesterday)).map((item) => item.id),
      id,
    )
    await cloud.media({ id, set: { purged: true } })
    const listed = (await changed(yesterday)).find((item) => item.id === id)
    assert.isTrue(listed?.deleted)
    assert.strictEqual(listed?.created_at, "2026-03-14T12:00:00+00:00")
  })

  it("A clip is deleted after the retention period", async () => {
    await send(`POST /api/v1/account/video_options`, { auto_purge_days: 3 })
    const id = await motion({ publish_after_ms: 1000 })
    await advance(2 * 86_400_000)
    assert.isFalse((await find(id))?.deleted)
    await advance(26 * 3_600_000)
    assert.isTrue((await find(id))?.deleted)
  })

  it("A clip is never listed on an account without a plan", async () => {
    await start({ subscription: false })
    await motion({ publish_after_ms: 1000 })
    await advance(100_000)
    assert.deepStrictEqual(await changed(), [])
  })

  it("A clip changes updated_at of its camera at its start and when it is listed", async () => {
    await motion({ publish_after_ms: 30_000 })
    assert.strictEqual(await porchUpdated(), "2026-03-14T12:00:00+00:00")
    await advance(30_000)
    assert.strictEqual(await porchUpdated(), "2026-03-14T12:00:30+00:00")
  })
})

describe("The list of changed media", () => {
  it("The list of changed media shifts by one when a clip is added between two pages", async () => {
    await start({ mediaPageSize: 25 })
    const first = await changed(undefined, 1)
    assert.strictEqual(first.length, 25)
    await motion({ publish_after_ms: 1000 })
    await advance(2000)
    const second = await changed(undefined, 2)
    assert.strictEqual(second[0]?.id, first.at(-1)?.id)
    assert.deepStrictEqual(await changed(undefined, 9), [])
  })

  it("The list of changed media returns page 1 for page 0", async () => {
    assert.deepStrictEqual(await changed(undefined, 0), await changed(undefined, 1))
  })

  it.each([
    "2026-03-14T11:59:59+0000",
    "2026-03-14T11:59:59%2B0000",
    "2026-03-14T11:59:59+00:00",
    "2026-03-14T11:59:59.000Z",
    "2026-03-14%2011:59:59",
    "2026-03-14T06:59:59-0500",
  ])("The list of changed media accepts since=%s", async (since) => {
    const id = await motion({ publish_after_ms: 0 })
    assert.deepStrictEqual(
      (await changed(since)).map((item) => item.id),
      [id],
    )
  })
})

describe("A thumbnail", () => {
  it("A thumbnail is found at the address form of its camera, with the extension where it needs one", async () => {
    const { cameras, owls, doorbells } = (await send(`GET /api/v3/accounts/${account}/homescreen`)).body
    const [sedona, catalina, xt2] = cameras.map(({ thumbnail }: { thumbnail: string }) => thumbnail)
    assert.match(sedona, /^\/api\/v3\/media\/.*\.jpg\?ts=\d+&ext=$/)
    assert.match(catalina, /^\/media\/.*fw_.*_\d{4}_\d\d_\d\d__\d\d_\d\d(AM|PM)$/)
    const addresses = [
      sedona,
      `${sedona}.jpg`,
      `${catalina}.jpg`,
      `${xt2}.jpg`,
      owls[0].thumbnail,
      doorbells[0].thumbnail,
    ]
    for (const address of addresses) {
      const got = await send(`GET ${address}`)
      assert.deepStrictEqual([got.status, got.type], [200, "image/jpeg"], address)
    }
    assert.strictEqual((await send(`GET ${catalina}`)).status, 404)
  })

  it("A thumbnail is listed as a number with timestampThumbnails, from which the address follows", async () => {
    await start({ timestampThumbnails: true })
    const { cameras } = (await send(`GET /api/v3/accounts/${account}/homescreen`)).body
    const [{ id, network_id, type, thumbnail }] = cameras
    assert.isNumber(thumbnail)
    assert.strictEqual((await send(`GET /${thumbnail}.jpg`)).status, 400)
    const folder = `/api/v3/media/accounts/${account}/networks/${network_id}/${type}/${id}`
    const got = await send(`GET ${folder}/thumbnail/thumbnail.jpg?ts=${thumbnail}&ext=`)
    assert.strictEqual(got.type, "image/jpeg")
  })

  it("A thumbnail needs a session", async () => {
    const { cameras } = (await send(`GET /api/v3/accounts/${account}/homescreen`)).body
    assert.strictEqual((await fetch(cloud.url + cameras[0].thumbnail)).status, 401)
  })
})
