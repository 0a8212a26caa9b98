import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, signIn } from "./support/cloudClient.ts"

const home = 5130001

let cloud: EmulatedCloud
let ask: Send
let account: number

beforeEach(async () => {
  cloud = await startEmulator({ seed: 13, speed: 0 })
  const session = await signIn(cloud.url, cloud.account)
  ask = session.ask
  account = session.account
})
afterEach(() => cloud.close())

const porch = async () => (await ask(`GET /api/v3/accounts/${account}/homescreen`)).body.cameras[0]

const porchPath = () => `POST /api/v1/accounts/${account}/networks/${home}/cameras/8800101`

describe("snooze", () => {
  it("counts down in minutes and ends by itself", async () => {
    await ask(`${porchPath()}/snooze`, { snooze_time: 30 })
    await cloud.clock({ advance_ms: 10 * 60_000 })
    assert.deepInclude(await porch(), { snooze: true, snooze_time_remaining: 20 })
    await cloud.clock({ advance_ms: 20 * 60_000 })
    assert.deepInclude(await porch(), { snooze: false, snooze_time_remaining: null })
  })

  it("can be ended before", async () => {
    await ask(`${porchPath()}/snooze`, { snooze_time: 30 })
    await ask(`${porchPath()}/unsnooze`)
    assert.isFalse((await porch()).snooze)
  })

  it.each([0, -1, 1440, "soon"])("of %j minutes is refused", async (snooze_time) => {
    const got = await ask(`${porchPath()}/snooze`, { snooze_time })
    assert.deepStrictEqual([got.status, got.body.code], [400, 2800])
  })
})

it("notifications keep what a client sets and nothing that is none", async () => {
  const path = `/api/v1/accounts/${account}/notifications/configuration`
  await ask(`POST ${path}`, { notifications: { motion: false, lottery: true } })
  const { notifications } = (await ask(`GET ${path}`)).body
  assert.isFalse(notifications.motion)
  assert.isTrue(notifications.doorbell)
  assert.notProperty(notifications, "lottery")
})

it("a network keeps its new name at once", async () => {
  const { body } = await ask(`POST /network/${home}/update`, { name: "Harbour" })
  assert.strictEqual(body.network.name, "Harbour")
  const { networks } = (await ask(`GET /api/v3/accounts/${account}/homescreen`)).body
  assert.strictEqual(networks[0].name, "Harbour")
})

it("usage lists networks that have no battery camera, since a client counts on them", async () => {
  const { networks } = (await ask("GET /api/v1/camera/usage")).body
  assert.deepStrictEqual(
    networks.map(({ cameras }: { cameras: ReadonlyArray<unknown> }) => cameras.length),
    [3, 0],
  )
})

it("a network without a hub has none to ask for", async () => {
  const { summary } = (await ask("GET /networks")).body
  assert.deepStrictEqual([summary[home].onboarded, summary[5130002].onboarded], [true, false])
  assert.strictEqual((await ask("GET /network/5130002/syncmodules")).status, 404)
})

it("nobody sees another's account or network", async () => {
  const { accounts } = await cloud.addAccount({ networks: 1, cameras: 1 })
  const other = accounts[0]
  assert.strictEqual((await ask(`GET /api/v3/accounts/${other?.id}/homescreen`)).status, 401)
  assert.strictEqual((await ask(`GET /network/${other?.networks[0]}`)).status, 404)
})

const list = async (query = "", body: object = {}) =>
  (await ask(`POST /api/v4/accounts/${account}/media${query}`, body)).body

describe("the list of the newest app", () => {
  it("goes on after its key until nothing is left", async () => {
    const first = await list()
    assert.strictEqual(first.media.length, 36)
    assert.deepStrictEqual((await list(`?pagination_key=${first.pagination_key}`)).media, [])
  })

  it("knows favourites, watched and deleted clips", async () => {
    const { id } = (await list()).media[0]
    await ask(`POST /api/v4/accounts/${account}/media/favorite`, { event_ids: [String(id)] })
    const favorites = await list("", { filters: { favorites: true } })
    assert.deepStrictEqual(
      favorites.media.map((item: { id: number }) => item.id),
      [id],
    )
    const { unwatched_clips: before } = (await ask(`GET /api/v4/accounts/${account}/unwatched_media`)).body
    const fresh = (await list()).media.find((item: { watched: boolean }) => !item.watched)
    await ask(`POST /api/v4/accounts/${account}/media/mark_as_viewed`, { media_list: [fresh.id] })
    const { unwatched_clips: after } = (await ask(`GET /api/v4/accounts/${account}/unwatched_media`)).body
    assert.strictEqual(after, before - 1)
    await ask(`DELETE /api/v4/accounts/${account}/media/${id}/delete`)
    assert.strictEqual((await list()).media.length, 35)
  })
})
