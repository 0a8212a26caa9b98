import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, legacySignIn, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const home = 5130001
const porch = 8800101
const owl = 8900201

let cloud: EmulatedCloud
let ask: Send
let account: number

beforeEach(async () => {
  cloud = await startEmulator({ seed: 11, speed: 0 })
  const session = await signIn(cloud.url, cloud.account)
  ask = session.ask
  account = session.account
})
afterEach(() => cloud.close())

const arm = (word: "arm" | "disarm", network = home) =>
  ask(`POST /api/v1/accounts/${account}/networks/${network}/state/${word}`)
const poll = async (id: number, network = home) => (await ask(`GET /network/${network}/command/${id}`)).body
const armed = async (network = home): Promise<boolean> => {
  const { body } = await ask(`GET /api/v3/accounts/${account}/homescreen`)
  return body.networks.find((one: { id: number }) => one.id === network).armed
}
const thumbnail = async (): Promise<string> => {
  const { body } = await ask(`GET /api/v3/accounts/${account}/homescreen`)
  return body.cameras.find(({ id }: { id: number }) => id === porch).thumbnail
}
const advance = (ms: number) => cloud.clock({ advance_ms: ms })

it("a command has the hub's number only once the hub was sent it", async () => {
  const { body } = await ask(`POST /network/${home}/camera/${porch}/thumbnail`)
  assert.isNull(body.sequence)
  await advance(1000)
  assert.isNumber((await poll(body.id)).commands[0].sequence)
})

describe("arming", () => {
  it("takes two seconds, in which the homescreen tells the old state and the poll says 908", async () => {
    const { body } = await arm("disarm")
    const early = await poll(body.id)
    assert.deepInclude(early, {
      complete: false,
      status: 0,
      status_code: 908,
      status_msg: "Command succeeded",
    })
    assert.isTrue(await armed())
    await advance(2000)
    const late = await poll(body.id)
    assert.isTrue(late.complete)
    expectShape("get-command-arm-complete", late)
    assert.isFalse(await armed())
  })

  it("is one command with a child for each camera that has motion on", async () => {
    const { body } = await arm("arm")
    await advance(2000)
    const { commands } = await poll(body.id)
    assert.deepStrictEqual(
      commands.map(({ command }: { command: string }) => command),
      ["arm", "config_lfr", "config_lfr", "config_lfr", "config_lfr", "config_lfr"],
    )
    assert.isTrue(
      commands.slice(1).every((child: { parent_command_id: number }) => child.parent_command_id === body.id),
    )
  })

  it("is done at once and answers 304 where no camera has motion on", async () => {
    await cloud.change({ camera: "Cabin Hall", set: { enabled: false } })
    const got = await arm("arm", 5130002)
    assert.strictEqual(got.status, 200)
    expectShape("error-state-no-cameras", got.body)
    assert.isTrue(await armed(5130002))
  })

  it("takes effect though the answer never arrived", async () => {
    await cloud.fault({ match: { path: "/state/disarm", method: "POST" }, times: 1, do: { drop: "after" } })
    const outcome = await arm("disarm").then(
      () => "answered",
      () => "cut off",
    )
    assert.strictEqual(outcome, "cut off")
    await advance(2000)
    assert.isFalse(await armed())
  })

  it("has no effect where the connection was cut before", async () => {
    await cloud.fault({ match: { path: "/state/disarm" }, times: 1, do: { drop: "before" } })
    await arm("disarm").catch(() => undefined)
    await advance(2000)
    assert.isTrue(await armed())
  })
})

describe("a hub", () => {
  it("does one command at a time and is free again afterwards", async () => {
    const [one, other] = await Promise.all([arm("arm"), arm("disarm")])
    assert.deepStrictEqual(
      [one.status, other.status].toSorted((low, high) => low - high),
      [200, 409],
    )
    const refused = one.status === 409 ? one : other
    expectShape("error-busy", refused.body)
    assert.match(refused.body.message, /busy/)
    await advance(2000)
    assert.strictEqual((await arm("arm")).status, 200)
  })

  it("that is offline never answers, and takes other commands after a minute", async () => {
    await cloud.change({ sync_module: "Home Hub", set: { status: "offline" } })
    const { body } = await arm("disarm")
    await advance(30_000)
    const running = await poll(body.id)
    assert.isFalse(running.complete)
    assert.strictEqual(running.commands[0].state_stage, "rest")
    assert.isTrue(await armed())
    assert.strictEqual((await arm("disarm")).status, 409)
    await advance(31_000)
    assert.strictEqual((await arm("disarm")).status, 200)
  })

  it("is not asked where a mini needs none", async () => {
    const start = `POST /api/v1/accounts/${account}/networks/5130002/owls/8900202/thumbnail`
    const { body } = await ask(start)
    expectShape("post-owl-thumbnail", body)
    await advance(3000)
    assert.isTrue((await poll(body.id, 5130002)).complete)
  })
})

describe("a new still", () => {
  it("gets a new address, and the old one keeps the old picture", async () => {
    const before = await thumbnail()
    const old = await ask(`GET ${before}`)
    const { body } = await ask(`POST /network/${home}/camera/${porch}/thumbnail`)
    expectShape("get-command-new", await poll(body.id))
    await advance(1500)
    expectShape("get-command-running", await poll(body.id))
    assert.strictEqual(await thumbnail(), before)
    await advance(1500)
    expectShape("get-command-complete", await poll(body.id))
    const after = await thumbnail()
    assert.notStrictEqual(after, before)
    assert.deepStrictEqual((await ask(`GET ${before}`)).bytes, old.bytes)
    assert.notDeepEqual((await ask(`GET ${after}`)).bytes, old.bytes)
  })

  it("never comes from a camera that does not hear", async () => {
    await cloud.change({ camera: porch, set: { deaf: true } })
    const before = await thumbnail()
    const { body } = await ask(`POST /network/${home}/camera/${porch}/thumbnail`)
    await advance(50_000)
    assert.isFalse((await poll(body.id)).complete)
    assert.strictEqual(await thumbnail(), before)
  })

  it("is refused while the camera records", async () => {
    await cloud.motion({ camera: porch, duration: 10 })
    assert.strictEqual((await ask(`POST /network/${home}/camera/${porch}/thumbnail`)).status, 409)
    await advance(10_000)
    assert.strictEqual((await ask(`POST /network/${home}/camera/${porch}/thumbnail`)).status, 200)
  })
})

describe("a clip on demand", () => {
  it("is complete when it is uploaded, and then listed", async () => {
    const { body } = await ask(`POST /network/${home}/camera/${porch}/clip`)
    await advance(14_000)
    assert.isFalse((await poll(body.id)).complete)
    await advance(1000)
    const done = await poll(body.id)
    assert.isTrue(done.complete)
    const { body: list } = await ask(`GET /api/v1/accounts/${account}/media/changed?since=2020-01-01&page=1`)
    assert.include(
      list.media.map(({ id }: { id: number }) => id),
      done.media_id,
    )
  })
})

describe("a setting", () => {
  it("of a battery camera is kept at once", async () => {
    const path = `/network/${home}/camera/${porch}`
    await ask(`POST ${path}/update`, { video_length: 25, motion_sensitivity: 8, unheard_of: 1 })
    const { camera } = (await ask(`GET ${path}/config`)).body
    assert.deepInclude(camera[0], { video_length: 25, motion_sensitivity: 8 })
    assert.notProperty(camera[0], "unheard_of")
  })

  it("switches the motion of a mini when the mini has heard of it", async () => {
    const path = `/api/v1/accounts/${account}/networks/${home}/owls/${owl}/config`
    const { body } = await ask(`POST ${path}`, { enabled: false })
    assert.isTrue((await ask(`GET ${path}`)).body.enabled)
    await advance(1500)
    assert.isTrue((await poll(body.id)).complete)
    assert.isFalse((await ask(`GET ${path}`)).body.enabled)
  })

  it("takes POSTs with a type and no body, as the clients send them", async () => {
    const { tokens } = await signIn(cloud.url, cloud.account)
    const { status } = await fetch(`${cloud.url}/network/${home}/camera/${porch}/enable`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${tokens.access_token}` },
    })
    assert.strictEqual(status, 200)
  })
})

/** A program that does so on the days around the test's. */
const daily = (time: string, action: "arm" | "disarm") => ({
  schedule: [{ dow: ["thu", "fri", "sat"], devices: [], time: `2020-01-01 ${time}:00 +0000`, action }],
})

describe("a program", () => {
  it("arms and disarms by itself at its time of day, on its weekdays", async () => {
    const friday = Date.UTC(2026, 2, 13, 22, 0)
    await using fresh = await startEmulator({
      speed: 0,
      startAt: friday,
      settings: { accessTokenSeconds: 7 * 86_400 },
    })
    const session = await signIn(fresh.url, fresh.account)
    const base = `/api/v1/networks/${home}/programs`
    const created = await session.ask(`POST ${base}/create`, {
      name: "Nights",
      schedule: [
        { dow: ["fri"], devices: [], time: "2020-01-01 23:30:00 +0000", action: "disarm" },
        { dow: ["sat"], devices: [], time: "2020-01-01 04:00:00 +0000", action: "arm" },
      ],
      format: "v1",
    })
    expectShape("post-program-update", created.body)
    const list = (await session.ask(`GET ${base}`)).body
    expectShape("get-programs", list)
    const state = async () => (await session.ask(`GET /network/${home}`)).body.network.armed
    await fresh.clock({ advance_ms: 91 * 60_000 })
    assert.isFalse(await state())
    await fresh.clock({ advance_ms: 3 * 3_600_000 })
    assert.isFalse(await state())
    await fresh.clock({ advance_ms: 90 * 60_000 })
    assert.isTrue(await state())
    const off = await session.ask(`POST ${base}/${list[0].id}/disable`)
    expectShape("post-program-disable", off.body)
    expectShape("post-program-enable", (await session.ask(`POST ${base}/${list[0].id}/enable`)).body)
  })

  it("forgets the hours it had before, also when it is edited and switched in the instant of its making", async () => {
    await using fresh = await startEmulator({ speed: 0, startAt: Date.UTC(2026, 2, 13, 22, 0) })
    const session = await signIn(fresh.url, fresh.account)
    const base = `/api/v1/networks/${home}/programs`
    const { program } = (await session.ask(`POST ${base}/create`, daily("22:30", "disarm"))).body
    await session.ask(`POST ${base}/${program.id}/update`, daily("23:30", "disarm"))
    await session.ask(`POST ${base}/${program.id}/disable`)
    await session.ask(`POST ${base}/${program.id}/enable`)
    const state = async () => (await session.ask(`GET /network/${home}`)).body.network.armed
    await fresh.clock({ advance_ms: 31 * 60_000 })
    assert.isTrue(await state())
    await fresh.clock({ advance_ms: 60 * 60_000 })
    assert.isFalse(await state())
    const legacy = await legacySignIn(fresh.url, fresh.account)
    const { event } = (await legacy.ask(`GET /events/network/${home}`)).body
    assert.lengthOf(
      event.filter(({ type }: { type: string }) => type === "disarmed"),
      1,
    )
  })
})

describe("settings that no camera can have", () => {
  it("stop nothing: a clip without a length has the usual one, and the world goes on", async () => {
    for (const length of ["long", 0, 100_000, { of: 10 }]) {
      await ask(`POST /network/${home}/camera/${porch}/update`, { video_length: length })
      const { body } = await ask(`POST /network/${home}/camera/${porch}/clip`)
      await advance(15_000)
      assert.isTrue((await poll(body.id)).complete)
    }
    await arm("disarm")
    await advance(2000)
    assert.isFalse(await armed())
    const { media } = await cloud.world()
    assert.isTrue(media.every(({ seconds }) => seconds >= 1 && seconds <= 60))
  })

  it("leave a camera the temperature it has", async () => {
    const temperature = async () =>
      (await cloud.world()).cameras.find(({ id }) => id === porch)?.temperature_f
    const before = await temperature()
    await ask(`POST /api/v1/network/${home}/camera/${porch}/calibrate`, { current_temp: "warm" })
    await advance(2000)
    assert.strictEqual(await temperature(), before)
  })
})
