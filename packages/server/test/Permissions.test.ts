import { AccountId, type BlinkEvent, EventId, NetworkId, SyncModuleId, topicOf } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  areInside,
  fullPermissions,
  hasScope,
  mayCommand,
  maySeeAccount,
  maySeeEvent,
  noPermissions,
  Permissions,
  permissionsKey,
  visibleState,
} from "../src/Permissions.ts"
import { account, armed, cabinNetwork, hall, homeNetwork, motion, porch, stateAt } from "./testServer.ts"

const otherAccount = AccountId.make(9)
const limitedTo = (set: Partial<Permissions>): Permissions => ({ ...fullPermissions, ...set })
const camera = (id: typeof porch, kind: "camera" | "mini" = "camera") => ({ kind, id })

it("The permissions without limits have all scopes", () => {
  assert.deepStrictEqual(fullPermissions, {
    scopes: ["read", "control", "admin"],
    accounts: null,
    networks: null,
    cameras: null,
  })
})

it("No permissions are no scopes, and empty lists", () => {
  assert.deepStrictEqual(noPermissions, { scopes: [], accounts: [], networks: [], cameras: [] })
})

it("Permissions are decoded with their limits", () => {
  const permissions: Permissions = {
    scopes: ["read"],
    accounts: [account],
    networks: [homeNetwork],
    cameras: [camera(porch, "mini")],
  }
  assert.deepStrictEqual(Schema.decodeUnknownSync(Permissions)(structuredClone(permissions)), permissions)
  assert.deepStrictEqual(Schema.decodeUnknownSync(Permissions)(fullPermissions), fullPermissions)
})

const granted = (...scopes: Permissions["scopes"]) =>
  (["none", "read", "control", "admin"] as const).filter((scope) => hasScope(limitedTo({ scopes }), scope))

it("A scope includes itself and the lower ones, and a token has its highest scope", () => {
  assert.deepStrictEqual(granted(), ["none"])
  assert.deepStrictEqual(granted("read"), ["none", "read"])
  assert.deepStrictEqual(granted("control"), ["none", "read", "control"])
  assert.deepStrictEqual(granted("admin"), ["none", "read", "control", "admin"])
  assert.deepStrictEqual(granted("read", "admin"), ["none", "read", "control", "admin"])
})

it("Permissions are inside of a limit when no scope and no list exceeds it", () => {
  const limit: Permissions = {
    scopes: ["control"],
    accounts: [account, otherAccount],
    networks: [homeNetwork, cabinNetwork],
    cameras: [camera(porch), camera(hall)],
  }
  const inside: Permissions = {
    scopes: ["read", "control"],
    accounts: [account],
    networks: [cabinNetwork],
    cameras: [camera(hall)],
  }
  assert.isTrue(areInside(limit, limit))
  assert.isTrue(areInside(inside, limit))
  assert.isTrue(areInside(inside, fullPermissions))
  assert.isTrue(areInside(noPermissions, limit))
  for (const wider of [
    { scopes: ["read", "admin"] as const },
    { accounts: null },
    { accounts: [account, AccountId.make(10)] },
    { networks: null },
    { networks: [homeNetwork, NetworkId.make(10)] },
    { cameras: null },
    { cameras: [camera(porch), camera(porch, "mini")] },
  ])
    assert.isFalse(areInside({ ...inside, ...wider }, limit), JSON.stringify(wider))
})

it("A list of accounts hides all others", () => {
  assert.isTrue(maySeeAccount(fullPermissions, account))
  assert.isTrue(maySeeAccount(limitedTo({ accounts: [otherAccount, account] }), account))
  assert.isFalse(maySeeAccount(limitedTo({ accounts: [otherAccount] }), account))
  assert.isFalse(maySeeAccount(limitedTo({ accounts: [] }), account))
})

/** Event of a kind, whose data are not looked at, with a subject. */
const eventOf = (kind: BlinkEvent["kind"], subject: Partial<BlinkEvent["subject"]> = {}): BlinkEvent =>
  ({ ...armed(1, "armed"), kind, id: EventId.make(kind), subject: { account, ...subject } }) as BlinkEvent
const moved = (from: typeof homeNetwork, to: typeof homeNetwork): BlinkEvent => ({
  ...motion(1, porch, to),
  kind: "device.moved",
  data: { from, to },
})

describe("maySeeEvent", () => {
  const home = limitedTo({ networks: [homeNetwork] })
  const onlyPorch = limitedTo({ cameras: [camera(porch)] })
  const cases: ReadonlyArray<readonly [string, Permissions, BlinkEvent, boolean]> = [
    ["any event to a token without limits", fullPermissions, motion(1), true],
    ["an event without network to a token without limits", fullPermissions, eventOf("motion"), true],
    ["an event of a permitted account", limitedTo({ accounts: [account] }), motion(1), true],
    ["an event of another account", limitedTo({ accounts: [otherAccount] }), motion(1), false],
    ["an event of a permitted network", home, motion(1), true],
    ["an event of another network", home, motion(1, hall, cabinNetwork), false],
    ["an arm state of another network", home, armed(1, "armed", cabinNetwork), false],
    ["the health of the account to a token with networks", home, eventOf("session.changed"), true],
    ["another event without network to a token with networks", home, eventOf("command.progress"), false],
    ["a move within the permitted network", home, moved(homeNetwork, homeNetwork), true],
    ["a move into the permitted network", home, moved(cabinNetwork, homeNetwork), false],
    [
      "a move out of the permitted network",
      home,
      { ...moved(homeNetwork, cabinNetwork), subject: { account, network: homeNetwork } },
      false,
    ],
    [
      "a move between permitted networks",
      limitedTo({ networks: [homeNetwork, cabinNetwork] }),
      moved(homeNetwork, cabinNetwork),
      true,
    ],
    ["a permitted camera", onlyPorch, motion(1), true],
    ["another camera of the same network", onlyPorch, motion(1, hall), false],
    [
      "a camera of another kind with the same id",
      onlyPorch,
      { ...motion(1), subject: { ...motion(1).subject, kind: "mini" } },
      false,
    ],
    [
      "a permitted camera in another network",
      limitedTo({ networks: [cabinNetwork], cameras: [camera(porch)] }),
      motion(1),
      false,
    ],
    [
      "another camera in a permitted network",
      limitedTo({ networks: [homeNetwork], cameras: [camera(porch)] }),
      motion(1, hall),
      false,
    ],
    ["a device without a kind", onlyPorch, eventOf("device.renamed", { camera: hall }), true],
    ["a device without an id", onlyPorch, eventOf("device.renamed", { kind: "camera" }), true],
  ]
  for (const [description, permissions, event, visible] of cases)
    it(`maySeeEvent ${visible ? "shows" : "hides"} ${description}`, () =>
      assert.strictEqual(maySeeEvent(permissions, event), visible))

  it("maySeeEvent shows events without a camera to a token with cameras only for topics without cameras", () => {
    const visible = Object.keys(topicOf).filter((kind) =>
      maySeeEvent(onlyPorch, eventOf(kind as BlinkEvent["kind"], { network: homeNetwork })),
    )
    assert.deepStrictEqual(
      new Set(visible.map((kind) => topicOf[kind as BlinkEvent["kind"]])),
      new Set(["arm", "online", "device", "command", "health"]),
    )
  })
})

describe("mayCommand", () => {
  const target = { account, network: homeNetwork, camera: camera(porch) }
  const cases: ReadonlyArray<readonly [string, Permissions, Parameters<typeof mayCommand>[1], boolean]> = [
    ["a camera with no limits", fullPermissions, target, true],
    ["an account with no limits", fullPermissions, { account }, true],
    ["a camera of a permitted account", limitedTo({ accounts: [account] }), target, true],
    ["a camera of another account", limitedTo({ accounts: [otherAccount] }), target, false],
    [
      "a permitted camera of another account",
      limitedTo({ accounts: [otherAccount], networks: [homeNetwork], cameras: [camera(porch)] }),
      target,
      false,
    ],
    ["a permitted network", limitedTo({ networks: [homeNetwork] }), { account, network: homeNetwork }, true],
    ["another network", limitedTo({ networks: [homeNetwork] }), { account, network: cabinNetwork }, false],
    ["an account with a list of networks", limitedTo({ networks: [homeNetwork] }), { account }, false],
    ["a permitted camera", limitedTo({ cameras: [camera(hall), camera(porch)] }), target, true],
    ["another camera", limitedTo({ cameras: [camera(hall)] }), target, false],
    ["a camera of another kind", limitedTo({ cameras: [camera(porch, "mini")] }), target, false],
    [
      "a network with a list of cameras",
      limitedTo({ cameras: [camera(porch)] }),
      { account, network: homeNetwork },
      false,
    ],
    [
      "a permitted camera in another network",
      limitedTo({ networks: [cabinNetwork], cameras: [camera(porch)] }),
      target,
      false,
    ],
    [
      "another camera in a permitted network",
      limitedTo({ networks: [homeNetwork], cameras: [camera(hall)] }),
      target,
      false,
    ],
  ]
  for (const [description, permissions, target, permitted] of cases)
    it(`mayCommand ${permitted ? "permits" : "refuses"} ${description}`, () =>
      assert.strictEqual(mayCommand(permissions, target), permitted))
})

describe("visibleState", () => {
  const syncModules = [homeNetwork, cabinNetwork].map((networkId, index) => ({
    id: SyncModuleId.make(index),
    networkId,
    name: "Hub",
    online: "online" as const,
    firmware: null,
    wifiBars: null,
    localStorage: null,
  }))
  const base = stateAt(1)
  const [porchState, hallState] = base.cameras
  const mini = { ...porchState!, kind: "mini" as const }
  const state = { ...base, syncModules, cameras: [porchState!, mini, hallState!] }

  it("visibleState is the state itself without limits, and null for another account", () => {
    assert.strictEqual(visibleState(fullPermissions, state), state)
    assert.strictEqual(visibleState(limitedTo({ accounts: [account] }), state), state)
    assert.isNull(visibleState(limitedTo({ accounts: [otherAccount] }), state))
  })

  it("visibleState has only the permitted networks, with their sync modules and cameras", () =>
    assert.deepStrictEqual(visibleState(limitedTo({ networks: [homeNetwork] }), state), {
      ...state,
      networks: [state.networks[0]!],
      syncModules: [syncModules[0]!],
      cameras: [porchState!, mini],
    }))

  it("visibleState has only the permitted cameras, and all networks", () =>
    assert.deepStrictEqual(visibleState(limitedTo({ cameras: [camera(porch)] }), state), {
      ...state,
      cameras: [porchState!],
    }))

  it("visibleState has only the permitted cameras of the permitted networks", () =>
    assert.deepStrictEqual(
      visibleState(limitedTo({ networks: [homeNetwork], cameras: [camera(porch), camera(hall)] }), state)
        ?.cameras,
      [porchState!],
    ))
})

describe("permissionsKey", () => {
  const limits = {
    accounts: [account, otherAccount],
    networks: [homeNetwork, cabinNetwork],
    cameras: [camera(porch), camera(hall), camera(porch, "mini")],
  }

  it("permissionsKey is the same for the same limits in another order and with other scopes", () =>
    assert.strictEqual(
      permissionsKey({ scopes: ["read"], ...limits }),
      permissionsKey({
        scopes: ["admin"],
        accounts: limits.accounts.toReversed(),
        networks: limits.networks.toReversed(),
        cameras: limits.cameras.toReversed(),
      }),
    ))

  it("permissionsKey differs for every other limit", () => {
    const others: ReadonlyArray<Partial<Permissions>> = [
      {},
      ...Object.keys(limits).flatMap((list) => [{ [list]: null }, { [list]: [] }]),
      { accounts: [account] },
      { networks: [homeNetwork] },
      { cameras: [camera(porch), camera(hall)] },
      { accounts: null, networks: null, cameras: null },
    ]
    const keys = others.map((set) => permissionsKey({ scopes: ["read"], ...limits, ...set }))
    assert.strictEqual(new Set(keys).size, keys.length)
  })
})
