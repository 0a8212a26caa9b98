import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type EmulatedCloud, startEmulator, type EmulatorOptions, type Scenario } from "../src/index.ts"
import { type Send, httpClient, signIn } from "./support/cloudClient.ts"

let cloud: EmulatedCloud
let controlApi: Send

beforeEach(async () => {
  cloud = await startEmulator({ seed: 4, speed: 0 })
  controlApi = httpClient(cloud.url)
})
afterEach(() => cloud.close())

describe("The control API", () => {
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
    ["POST /__emulator/change", { sync_module: "Home Hub", set: { unresponsive: true } }, "set.unresponsive"],
    ["POST /__emulator/media", { id: 1, set: { watched: true } }, "id"],
    ["POST /__emulator/faults", { do: { drop: "sometimes" } }, "do.drop"],
    ["POST /__emulator/clock", { speed: -1 }, "speed"],
    ["POST /__emulator/accounts", { email: "demo@example.com" }, "email"],
    ["POST /__emulator/reset", { scenario: "storm" }, "scenario"],
    ["POST /__emulator/reset", { settings: { withdrawnCalls: "maybe" } }, "settings.withdrawnCalls"],
  ])("The control API rejects %s %j with the name of the invalid field", async (line, body, field) => {
    const got = await controlApi(line, body)
    assert.strictEqual(got.status, 400)
    assert.strictEqual(got.body.field, field)
    assert.include(got.body.error, field)
  })

  it("The control API lists the known names when a name is unknown", async () => {
    const got = await controlApi("POST /__emulator/motion", { camera: "Attic" })
    assert.match(got.body.error, /8800101 "Porch"/)
  })

  it("The control API rejects a request log position that is no number", async () => {
    const got = await controlApi("GET /__emulator/requests?since=yesterday")
    assert.deepStrictEqual([got.status, got.body.field], [400, "since"])
  })

  it("The control API rejects a body that is not JSON", async () => {
    const got = await controlApi("POST /__emulator/motion", "camera=Porch")
    assert.deepStrictEqual([got.status, got.body.field], [400, "(body)"])
  })
})

const scenario = (steps: ReadonlyArray<object>) => ({ name: "custom", steps })

describe("A custom scenario", () => {
  it("A custom scenario runs its steps at their times", async () => {
    const custom: Scenario = {
      name: "custom",
      steps: [
        { at_ms: 1000, motion: { camera: "Porch", publish_after_ms: 500 } },
        { at_ms: 2000, every_ms: 1000, times: 2, change: { network: "Cabin", set: { armed: "toggle" } } },
      ],
    }
    await cloud.reset({ scenario: custom })
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
  ])("An invalid scenario is rejected with the path of the field: %j", async (custom, field) => {
    const got = await controlApi("POST /__emulator/reset", { scenario: custom })
    assert.strictEqual(got.status, 400)
    assert.include(got.body.field, field)
    assert.strictEqual((await cloud.world()).scenario, "quiet")
  })

  it("startEmulator rejects with the path of the field when the scenario is invalid", async () => {
    const outcome = await startEmulator({
      scenario: { name: "custom", steps: [{ motion: { camera: "Attic" } }] },
    }).then(
      () => "started",
      (error: { readonly _tag: string; readonly field: string }) => `${error._tag} ${error.field}`,
    )
    assert.strictEqual(outcome, "ControlError steps[0].motion.camera")
  })
})

it("A motion with when_armed records no clip while the network is disarmed", async () => {
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
])("startEmulator rejects an invalid option with its name: %j", async (options, field) => {
  const outcome = await startEmulator(options as EmulatorOptions).then(
    () => "started",
    (error: { readonly field: string }) => error.field,
  )
  assert.strictEqual(outcome, field)
})

it("startEmulator rejects with the port number when the port is in use", async () => {
  const port = Number(new URL(cloud.url).port)
  const outcome = await startEmulator({ port }).then(
    () => "started",
    (error: { readonly _tag: string; readonly message: string }) => `${error._tag}: ${error.message}`,
  )
  assert.match(outcome, new RegExp(`^PortUnavailable: .*${port}`))
})

it("The request log contains requests of clients and none of the control API", async () => {
  const { send } = await signIn(cloud.url, cloud.account)
  const { last } = (await controlApi("GET /__emulator/requests")).body
  await send("GET /networks?secret=1")
  const { requests } = (await controlApi(`GET /__emulator/requests?since=${last}`)).body
  assert.deepStrictEqual(
    requests.map(({ n, method, path, status }: Record<string, unknown>) => ({ n, method, path, status })),
    [{ n: last + 1, method: "GET", path: "/networks", status: 200 }],
  )
})

it("The ground truth contains a clip before any list shows it", async () => {
  const { id } = await cloud.motion({ camera: "Porch" })
  const item = (await cloud.world()).media.find((one) => one.id === id)
  assert.deepInclude(item, { camera_id: 8800101, source: "pir", visible: false, deleted: false })
})

it("The scenario home lists a clip within three seconds", async () => {
  await cloud.reset({ scenario: "home" })
  const visible = async () => (await cloud.world()).media.filter((item) => item.visible).length
  const before = await visible()
  await cloud.clock({ advance_ms: 3000 })
  assert.isAbove(await visible(), before)
  await cloud.clock({ advance_ms: 600_000 })
  assert.isAbove(await visible(), before + 30)
})
