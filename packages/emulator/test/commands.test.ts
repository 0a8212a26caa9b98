import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator } from "../src/index.ts"
import { type Send, legacySignIn, signIn } from "./support/cloudClient.ts"
import { expectShape } from "./support/expectShape.ts"

const homeNetwork = 5130001
const porch = 8800101
const owl = 8900201

let cloud: EmulatedCloud
let send: Send
let account: number

beforeEach(async () => {
  cloud = await startEmulator({ seed: 11, speed: 0 })
  const session = await signIn(cloud.url, cloud.account)
  send = session.send
  account = session.account
})
afterEach(() => cloud.close())

const arm = (action: "arm" | "disarm", network = homeNetwork) =>
  send(`POST /api/v1/accounts/${account}/networks/${network}/state/${action}`)
const poll = async (id: number, network = homeNetwork) =>
  (await send(`GET /network/${network}/command/${id}`)).body
const armed = async (network = homeNetwork): Promise<boolean> => {
  const { body } = await send(`GET /api/v3/accounts/${account}/homescreen`)
  return body.networks.find((one: { id: number }) => one.id === network).armed
}
const thumbnail = async (): Promise<string> => {
  const { body } = await send(`GET /api/v3/accounts/${account}/homescreen`)
  return body.cameras.find(({ id }: { id: number }) => id === porch).thumbnail
}
const advance = (ms: number) => cloud.clock({ advance_ms: ms })

it("A command has a sequence number only after it was sent to the sync module", async () => {
  const { body } = await send(`POST /network/${homeNetwork}/camera/${porch}/thumbnail`)
  assert.isNull(body.sequence)
  await advance(1000)
  assert.isNumber((await poll(body.id)).commands[0].sequence)
})

describe("Arming", () => {
  it("Arming takes 2 s, during which the homescreen shows the old state and a poll returns 908", async () => {
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

  it("Arming creates one command with a child per camera with motion detection enabled", async () => {
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

  it("Arming takes effect at once with code 304 when no camera has motion detection enabled", async () => {
    await cloud.change({ camera: "Cabin Hall", set: { enabled: false } })
    const got = await arm("arm", 5130002)
    assert.strictEqual(got.status, 200)
    expectShape("error-state-no-cameras", got.body)
    assert.isTrue(await armed(5130002))
  })

  it("Arming takes effect when the connection is closed before the response", async () => {
    await cloud.fault({ match: { path: "/state/disarm", method: "POST" }, times: 1, do: { drop: "after" } })
    const outcome = await arm("disarm").then(
      () => "completed",
      () => "closed",
    )
    assert.strictEqual(outcome, "closed")
    await advance(2000)
    assert.isFalse(await armed())
  })

  it("Arming has no effect when the connection is closed before the request is handled", async () => {
    await cloud.fault({ match: { path: "/state/disarm" }, times: 1, do: { drop: "before" } })
    await arm("disarm").catch(() => undefined)
    await advance(2000)
    assert.isTrue(await armed())
  })
})

describe("A sync module", () => {
  it("A sync module runs one command at a time and accepts another afterwards", async () => {
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

  it("An offline sync module completes no command and accepts another after a minute", async () => {
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

  it("A mini without a sync module completes commands on its own", async () => {
    const start = `POST /api/v1/accounts/${account}/networks/5130002/owls/8900202/thumbnail`
    const { body } = await send(start)
    expectShape("post-owl-thumbnail", body)
    await advance(3000)
    assert.isTrue((await poll(body.id, 5130002)).complete)
  })
})

describe("A new thumbnail", () => {
  it("A new thumbnail gets a new address, and the old address keeps the old picture", async () => {
    const before = await thumbnail()
    const old = await send(`GET ${before}`)
    const { body } = await send(`POST /network/${homeNetwork}/camera/${porch}/thumbnail`)
    expectShape("get-command-new", await poll(body.id))
    await advance(1500)
    expectShape("get-command-running", await poll(body.id))
    assert.strictEqual(await thumbnail(), before)
    await advance(1500)
    expectShape("get-command-complete", await poll(body.id))
    const after = await thumbnail()
    assert.notStrictEqual(after, before)
    assert.deepStrictEqual((await send(`GET ${before}`)).bytes, old.bytes)
    assert.notDeepEqual((await send(`GET ${after}`)).bytes, old.bytes)
  })

  it("An unresponsive camera takes no thumbnail", async () => {
    await cloud.change({ camera: porch, set: { unresponsive: true } })
    const before = await thumbnail()
    const { body } = await send(`POST /network/${homeNetwork}/camera/${porch}/thumbnail`)
    await advance(50_000)
    assert.isFalse((await poll(body.id)).complete)
    assert.strictEqual(await thumbnail(), before)
  })

  it("A thumbnail is rejected with 409 while the camera records", async () => {
    await cloud.motion({ camera: porch, duration: 10 })
    assert.strictEqual((await send(`POST /network/${homeNetwork}/camera/${porch}/thumbnail`)).status, 409)
    await advance(10_000)
    assert.strictEqual((await send(`POST /network/${homeNetwork}/camera/${porch}/thumbnail`)).status, 200)
  })
})

describe("A clip on demand", () => {
  it("A clip on demand completes with its upload and is listed then", async () => {
    const { body } = await send(`POST /network/${homeNetwork}/camera/${porch}/clip`)
    await advance(14_000)
    assert.isFalse((await poll(body.id)).complete)
    await advance(1000)
    const done = await poll(body.id)
    assert.isTrue(done.complete)
    const { body: list } = await send(`GET /api/v1/accounts/${account}/media/changed?since=2020-01-01&page=1`)
    assert.include(
      list.media.map(({ id }: { id: number }) => id),
      done.media_id,
    )
  })
})

describe("Camera settings", () => {
  it("A setting of a battery camera takes effect at once", async () => {
    const path = `/network/${homeNetwork}/camera/${porch}`
    await send(`POST ${path}/update`, { video_length: 25, motion_sensitivity: 8, unheard_of: 1 })
    const { camera } = (await send(`GET ${path}/config`)).body
    assert.deepInclude(camera[0], { video_length: 25, motion_sensitivity: 8 })
    assert.notProperty(camera[0], "unheard_of")
  })

  it("Motion detection of a mini changes when the command completes", async () => {
    const path = `/api/v1/accounts/${account}/networks/${homeNetwork}/owls/${owl}/config`
    const { body } = await send(`POST ${path}`, { enabled: false })
    assert.isTrue((await send(`GET ${path}`)).body.enabled)
    await advance(1500)
    assert.isTrue((await poll(body.id)).complete)
    assert.isFalse((await send(`GET ${path}`)).body.enabled)
  })

  it("A POST with a content type and no body is accepted", async () => {
    const { tokens } = await signIn(cloud.url, cloud.account)
    const { status } = await fetch(`${cloud.url}/network/${homeNetwork}/camera/${porch}/enable`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${tokens.access_token}` },
    })
    assert.strictEqual(status, 200)
  })
})

/** A program that runs on the weekdays around the date of the test. */
const daily = (time: string, action: "arm" | "disarm") => ({
  schedule: [{ dow: ["thu", "fri", "sat"], devices: [], time: `2020-01-01 ${time}:00 +0000`, action }],
})

describe("A program", () => {
  it("A program arms and disarms at its times on its weekdays", async () => {
    const friday = Date.UTC(2026, 2, 13, 22, 0)
    await using fresh = await startEmulator({
      speed: 0,
      startAt: friday,
      settings: { accessTokenSeconds: 7 * 86_400 },
    })
    const session = await signIn(fresh.url, fresh.account)
    const base = `/api/v1/networks/${homeNetwork}/programs`
    const created = await session.send(`POST ${base}/create`, {
      name: "Nights",
      schedule: [
        { dow: ["fri"], devices: [], time: "2020-01-01 23:30:00 +0000", action: "disarm" },
        { dow: ["sat"], devices: [], time: "2020-01-01 04:00:00 +0000", action: "arm" },
      ],
      format: "v1",
    })
    expectShape("post-program-update", created.body)
    const list = (await session.send(`GET ${base}`)).body
    expectShape("get-programs", list)
    const state = async () => (await session.send(`GET /network/${homeNetwork}`)).body.network.armed
    await fresh.clock({ advance_ms: 91 * 60_000 })
    assert.isFalse(await state())
    await fresh.clock({ advance_ms: 3 * 3_600_000 })
    assert.isFalse(await state())
    await fresh.clock({ advance_ms: 90 * 60_000 })
    assert.isTrue(await state())
    const off = await session.send(`POST ${base}/${list[0].id}/disable`)
    expectShape("post-program-disable", off.body)
    expectShape("post-program-enable", (await session.send(`POST ${base}/${list[0].id}/enable`)).body)
  })

  it("A program ignores its earlier times when it is edited and switched at the time of its creation", async () => {
    await using fresh = await startEmulator({ speed: 0, startAt: Date.UTC(2026, 2, 13, 22, 0) })
    const session = await signIn(fresh.url, fresh.account)
    const base = `/api/v1/networks/${homeNetwork}/programs`
    const { program } = (await session.send(`POST ${base}/create`, daily("22:30", "disarm"))).body
    await session.send(`POST ${base}/${program.id}/update`, daily("23:30", "disarm"))
    await session.send(`POST ${base}/${program.id}/disable`)
    await session.send(`POST ${base}/${program.id}/enable`)
    const state = async () => (await session.send(`GET /network/${homeNetwork}`)).body.network.armed
    await fresh.clock({ advance_ms: 31 * 60_000 })
    assert.isTrue(await state())
    await fresh.clock({ advance_ms: 60 * 60_000 })
    assert.isFalse(await state())
    const legacy = await legacySignIn(fresh.url, fresh.account)
    const { event } = (await legacy.send(`GET /events/network/${homeNetwork}`)).body
    assert.lengthOf(
      event.filter(({ type }: { type: string }) => type === "disarmed"),
      1,
    )
  })
})

describe("Invalid settings", () => {
  it("An invalid clip length counts as the default length", async () => {
    for (const length of ["long", 0, 100_000, { of: 10 }]) {
      await send(`POST /network/${homeNetwork}/camera/${porch}/update`, { video_length: length })
      const { body } = await send(`POST /network/${homeNetwork}/camera/${porch}/clip`)
      await advance(15_000)
      assert.isTrue((await poll(body.id)).complete)
    }
    await arm("disarm")
    await advance(2000)
    assert.isFalse(await armed())
    const { media } = await cloud.world()
    assert.isTrue(media.every(({ seconds }) => seconds >= 1 && seconds <= 60))
  })

  it("An invalid calibration leaves the temperature unchanged", async () => {
    const temperature = async () =>
      (await cloud.world()).cameras.find(({ id }) => id === porch)?.temperature_f
    const before = await temperature()
    await send(`POST /api/v1/network/${homeNetwork}/camera/${porch}/calibrate`, { current_temp: "warm" })
    await advance(2000)
    assert.strictEqual(await temperature(), before)
  })
})
