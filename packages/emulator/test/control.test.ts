import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator, type EmulatorOptions, type Scenario } from "../src/index.ts"
import { type Send, httpClient, signIn } from "./support/cloudClient.ts"

let cloud: EmulatedCloud
let door: Send

beforeEach(async () => {
  cloud = await startEmulator({ seed: 4, speed: 0 })
  door = httpClient(cloud.url)
})
afterEach(() => cloud.close())

describe("the control door refuses what makes no sense and names the field", () => {
  it.each([
    ["POST /__emulator/motion", { camera: "Attic" }, "camera"],
    ["POST /__emulator/motion", {}, "camera"],
    ["POST /__emulator/motion", { camera: "Porch", duration: 0 }, "duration"],
    ["POST /__emulator/motion", { camera: "Porch", publish_after: 3 }, "publish_after"],
    ["POST /__emulator/change", { network: "Homes", set: {} }, "network"],
    ["POST /__emulator/change", { set: { armed: true } }, "network"],
    ["POST /__emulator/change", { camera: "Porch", set: { battery: "empty" } }, "set.battery"],
    ["POST /__emulator/change", { camera: "Porch", set: { armed: true } }, "set.armed"],
    ["POST /__emulator/change", { network: "Home", set: { battery: "low" } }, "set.battery"],
    ["POST /__emulator/change", { sync_module: "Home Hub", set: { deaf: true } }, "set.deaf"],
    ["POST /__emulator/media", { id: 1, set: { watched: true } }, "id"],
    ["POST /__emulator/faults", { do: { drop: "sometimes" } }, "do.drop"],
    ["POST /__emulator/clock", { speed: -1 }, "speed"],
    ["POST /__emulator/accounts", { email: "demo@example.com" }, "email"],
    ["POST /__emulator/reset", { scenario: "storm" }, "scenario"],
    ["POST /__emulator/reset", { settings: { gate: "maybe" } }, "settings.gate"],
  ])("%s %j", async (line, body, field) => {
    const got = await door(line, body)
    assert.strictEqual(got.status, 400)
    assert.strictEqual(got.body.field, field)
    assert.include(got.body.error, field)
  })

  it("and says what there is instead", async () => {
    const got = await door("POST /__emulator/motion", { camera: "Attic" })
    assert.match(got.body.error, /8800101 "Porch"/)
  })

  it("and does so of a place in the record that is no number", async () => {
    const got = await door("GET /__emulator/requests?since=yesterday")
    assert.deepStrictEqual([got.status, got.body.field], [400, "since"])
  })

  it("and says so of a body that is not JSON", async () => {
    const got = await door("POST /__emulator/motion", "camera=Porch")
    assert.deepStrictEqual([got.status, got.body.field], [400, "(body)"])
  })
})

const scenario = (steps: ReadonlyArray<object>) => ({ name: "own", steps })

describe("a scenario of one's own", () => {
  it("runs its steps at their times", async () => {
    const own: Scenario = {
      name: "own",
      steps: [
        { at_ms: 1000, motion: { camera: "Porch", publish_after_ms: 500 } },
        { at_ms: 2000, every_ms: 1000, times: 2, change: { network: "Cabin", set: { armed: "toggle" } } },
      ],
    }
    await cloud.reset({ scenario: own })
    const before = (await cloud.world()).media.length
    const cabin = async () => (await cloud.world()).networks[1]?.armed
    await cloud.clock({ advance_ms: 1000 })
    assert.strictEqual((await cloud.world()).media.length, before + 1)
    await cloud.clock({ advance_ms: 1000 })
    assert.isTrue(await cabin())
    await cloud.clock({ advance_ms: 60_000 })
    assert.isFalse(await cabin())
  })

  it.each([
    [scenario([{ at_ms: 1, motion: { camera: "Attic" } }]), "steps[0].motion.camera"],
    [scenario([{ at_ms: 1 }]), "steps[0]"],
    [scenario([{ at_ms: "soon", motion: { camera: "Porch" } }]), "scenario.steps[0].at_ms"],
    [scenario([{ change: { camera: "Attic", set: { enabled: true } } }]), "steps[0].change.camera"],
    [scenario([{ change: { network: "Home", set: { usb: "active" } } }]), "steps[0].change.set.usb"],
  ])("is refused with the place of its mistake: %j", async (own, field) => {
    const got = await door("POST /__emulator/reset", { scenario: own })
    assert.strictEqual(got.status, 400)
    assert.include(got.body.field, field)
    assert.strictEqual((await cloud.world()).scenario, "quiet")
  })

  it("stops the start where it is malformed", async () => {
    const outcome = await startEmulator({
      scenario: { name: "own", steps: [{ motion: { camera: "Attic" } }] },
    }).then(
      () => "started",
      (error: { readonly _tag: string; readonly field: string }) => `${error._tag} ${error.field}`,
    )
    assert.strictEqual(outcome, "ControlError steps[0].motion.camera")
  })
})

it("a motion for an armed home leaves no clip in a disarmed one", async () => {
  await cloud.change({ network: "Home", set: { armed: false } })
  assert.deepStrictEqual(await cloud.motion({ camera: "Porch", when_armed: true }), { id: null })
  assert.isNumber((await cloud.motion({ camera: "Porch" })).id)
})

it.each([
  [{ port: 70_000 }, "port"],
  [{ seed: 1.5 }, "seed"],
  [{ speed: -1 }, "speed"],
  [{ settings: { mediaPageSize: 10 } }, "settings.mediaPageSize"],
  [{ scenario: "storm" }, "scenario"],
])("an option that makes no sense stops the start and is named: %j", async (options, field) => {
  const outcome = await startEmulator(options as EmulatorOptions).then(
    () => "started",
    (error: { readonly field: string }) => error.field,
  )
  assert.strictEqual(outcome, field)
})

it("a port that is taken is told by its number", async () => {
  const port = Number(new URL(cloud.url).port)
  const outcome = await startEmulator({ port }).then(
    () => "started",
    (error: { readonly _tag: string; readonly message: string }) => `${error._tag}: ${error.message}`,
  )
  assert.match(outcome, new RegExp(`^PortUnavailable: .*${port}`))
})

it("the record of requests holds what clients asked and not what was ordered", async () => {
  const { ask } = await signIn(cloud.url, cloud.account)
  const { last } = (await door("GET /__emulator/requests")).body
  await ask("GET /networks?secret=1")
  const { requests } = (await door(`GET /__emulator/requests?since=${last}`)).body
  assert.deepStrictEqual(
    requests.map(({ n, method, path, status }: Record<string, unknown>) => ({ n, method, path, status })),
    [{ n: last + 1, method: "GET", path: "/networks", status: 200 }],
  )
})

it("the ground truth shows a clip before any list does", async () => {
  const { id } = await cloud.motion({ camera: "Porch" })
  const item = (await cloud.world()).media.find((one) => one.id === id)
  assert.deepInclude(item, { camera_id: 8800101, source: "pir", visible: false, deleted: false })
})

it("house shows life within three seconds", async () => {
  await cloud.reset({ scenario: "house" })
  const visible = async () => (await cloud.world()).media.filter((item) => item.visible).length
  const before = await visible()
  await cloud.clock({ advance_ms: 3000 })
  assert.isAbove(await visible(), before)
  await cloud.clock({ advance_ms: 600_000 })
  assert.isAbove(await visible(), before + 30)
})
