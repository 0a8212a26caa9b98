import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, signIn } from "./support/cloudClient.ts"

const homeNetwork = 5130001

let cloud: EmulatedCloud
let send: Send
let account: number

beforeEach(async () => {
  cloud = await startEmulator({ seed: 13, speed: 0 })
  const session = await signIn(cloud.url, cloud.account)
  send = session.send
  account = session.account
})
afterEach(() => cloud.close())

const porch = async () => (await send(`GET /api/v3/accounts/${account}/homescreen`)).body.cameras[0]

const porchPath = () => `POST /api/v1/accounts/${account}/networks/${homeNetwork}/cameras/8800101`

describe("Snooze", () => {
  it("Snooze shows the remaining minutes and ends when they have passed", async () => {
    await send(`${porchPath()}/snooze`, { snooze_time: 30 })
    await cloud.clock({ advance_ms: 10 * 60_000 })
    assert.deepInclude(await porch(), { snooze: true, snooze_time_remaining: 20 })
    await cloud.clock({ advance_ms: 20 * 60_000 })
    assert.deepInclude(await porch(), { snooze: false, snooze_time_remaining: null })
  })

  it("Snooze ends early with unsnooze", async () => {
    await send(`${porchPath()}/snooze`, { snooze_time: 30 })
    await send(`${porchPath()}/unsnooze`)
    assert.isFalse((await porch()).snooze)
  })

  it.each([0, -1, 1440, "soon"])("Snooze of %j minutes is rejected with code 2800", async (snooze_time) => {
    const got = await send(`${porchPath()}/snooze`, { snooze_time })
    assert.deepStrictEqual([got.status, got.body.code], [400, 2800])
  })
})

it("The notification settings keep known flags and ignore unknown ones", async () => {
  const path = `/api/v1/accounts/${account}/notifications/configuration`
  await send(`POST ${path}`, { notifications: { motion: false, lottery: true } })
  const { notifications } = (await send(`GET ${path}`)).body
  assert.isFalse(notifications.motion)
  assert.isTrue(notifications.doorbell)
  assert.notProperty(notifications, "lottery")
})

it("A network shows its new name in the homescreen after an update", async () => {
  const { body } = await send(`POST /network/${homeNetwork}/update`, { name: "Harbour" })
  assert.strictEqual(body.network.name, "Harbour")
  const { networks } = (await send(`GET /api/v3/accounts/${account}/homescreen`)).body
  assert.strictEqual(networks[0].name, "Harbour")
})

it("Usage lists networks without a battery camera too", async () => {
  const { networks } = (await send("GET /api/v1/camera/usage")).body
  assert.deepStrictEqual(
    networks.map(({ cameras }: { cameras: ReadonlyArray<unknown> }) => cameras.length),
    [3, 0],
  )
})

it("A network without a sync module returns 404 for its sync modules", async () => {
  const { summary } = (await send("GET /networks")).body
  assert.deepStrictEqual([summary[homeNetwork].onboarded, summary[5130002].onboarded], [true, false])
  assert.strictEqual((await send("GET /network/5130002/syncmodules")).status, 404)
})

it("A client cannot read another account or its networks", async () => {
  const { accounts } = await cloud.addAccount({ networks: 1, cameras: 1 })
  const other = accounts[0]
  assert.strictEqual((await send(`GET /api/v3/accounts/${other?.id}/homescreen`)).status, 401)
  assert.strictEqual((await send(`GET /network/${other?.networks[0]}`)).status, 404)
})

const list = async (query = "", body: object = {}) =>
  (await send(`POST /api/v4/accounts/${account}/media${query}`, body)).body

describe("The media list v4", () => {
  it("The media list v4 continues after its pagination key and ends with an empty page", async () => {
    const first = await list()
    assert.strictEqual(first.media.length, 36)
    assert.deepStrictEqual((await list(`?pagination_key=${first.pagination_key}`)).media, [])
  })

  it("The media list v4 filters favorites, counts unwatched clips and omits deleted ones", async () => {
    const { id } = (await list()).media[0]
    await send(`POST /api/v4/accounts/${account}/media/favorite`, { event_ids: [String(id)] })
    const favorites = await list("", { filters: { favorites: true } })
    assert.deepStrictEqual(
      favorites.media.map((item: { id: number }) => item.id),
      [id],
    )
    const { unwatched_clips: before } = (await send(`GET /api/v4/accounts/${account}/unwatched_media`)).body
    const fresh = (await list()).media.find((item: { watched: boolean }) => !item.watched)
    await send(`POST /api/v4/accounts/${account}/media/mark_as_viewed`, { media_list: [fresh.id] })
    const { unwatched_clips: after } = (await send(`GET /api/v4/accounts/${account}/unwatched_media`)).body
    assert.strictEqual(after, before - 1)
    await send(`DELETE /api/v4/accounts/${account}/media/${id}/delete`)
    assert.strictEqual((await list()).media.length, 35)
  })
})
