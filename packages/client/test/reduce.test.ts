import {
  AccountId,
  type AccountState,
  type BlinkState,
  CameraId,
  ClipId,
  EventId,
  type EventKind,
  NetworkId,
  SyncModuleId,
  timestampFromMillis,
} from "@blink-streams/model"
import type { WireEvent } from "@blink-streams/protocol"
import { assert, describe, it } from "@effect/vitest"
import { reduce } from "../src/internal/reduce.ts"

const at = (seconds: number) => timestampFromMillis(1_773_468_000_000 + seconds * 1000)
const account = AccountId.make(1)
const network = NetworkId.make(501)
const syncModule = SyncModuleId.make(77)
const porch = CameraId.make(11)

const camera = (id: CameraId, kind: "camera" | "mini"): AccountState["cameras"][number] => ({
  kind,
  id,
  networkId: network,
  name: `${kind} ${id}`,
  model: "sedona",
  online: "online",
  detection: "on",
  battery: "ok",
  batteryBars: 3,
  wifiBars: 4,
  hubBars: 5,
  temperature: null,
  firmware: null,
  snoozed: null,
  thumbnail: null,
  lastMotionAt: null,
})

const accountState = (id: AccountId, set: Partial<AccountState> = {}): AccountState => ({
  account: id,
  asOf: at(0),
  stale: false,
  session: { state: "active" },
  budget: { callsLeft: 100, throttledUntil: null },
  sources: {},
  networks: [network, NetworkId.make(502)].map((id) => ({
    id,
    name: `Network ${id}`,
    timeZone: null,
    arm: { state: "disarmed", asOf: at(0) },
  })),
  syncModules: [syncModule, SyncModuleId.make(78)].map((id) => ({
    id,
    networkId: network,
    name: `Hub ${id}`,
    online: "online",
    firmware: null,
    wifiBars: 5,
    localStorage: null,
  })),
  cameras: [camera(porch, "camera"), camera(porch, "mini"), camera(CameraId.make(12), "camera")],
  ...set,
})

const other = accountState(AccountId.make(2))
const before: BlinkState = { accounts: [other, accountState(account)] }

type Payload = {
  readonly [Kind in EventKind]: Pick<Extract<WireEvent, { kind: Kind }>, "kind" | "data">
}[EventKind]

const ofPorch: WireEvent["subject"] = { account, network, camera: porch, kind: "camera" }

const event = (payload: Payload, subject: WireEvent["subject"] = ofPorch): WireEvent => ({
  ...payload,
  id: EventId.make("e"),
  occurredAt: at(10),
  observedAt: at(20),
  source: "state",
  subject,
})

const motion = event({ kind: "motion", data: { clipId: ClipId.make("1"), cause: "pir" } })

/** State in which the first camera, sync module or network of the account has other values. */
const changed = {
  camera: (set: Partial<AccountState["cameras"][number]>): BlinkState => {
    const state = accountState(account)
    const [first, ...rest] = state.cameras
    return { accounts: [other, { ...state, cameras: [{ ...first!, ...set }, ...rest] }] }
  },
  syncModule: (set: Partial<AccountState["syncModules"][number]>): BlinkState => {
    const state = accountState(account)
    const [first, ...rest] = state.syncModules
    return { accounts: [other, { ...state, syncModules: [{ ...first!, ...set }, ...rest] }] }
  },
  network: (set: Partial<AccountState["networks"][number]>): BlinkState => {
    const state = accountState(account)
    const [first, ...rest] = state.networks
    return { accounts: [other, { ...state, networks: [{ ...first!, ...set }, ...rest] }] }
  },
}

describe("reduce changes only the subject of the event", () => {
  const cases: ReadonlyArray<readonly [string, WireEvent, BlinkState]> = [
    [
      "the arm state and its time",
      event(
        { kind: "arm.changed", data: { from: "disarmed", to: "armed", by: "external" } },
        { account, network },
      ),
      changed.network({ arm: { state: "armed", asOf: at(20) } }),
    ],
    ["the time of the last motion", motion, changed.camera({ lastMotionAt: at(10) })],
    [
      "the time of the last doorbell press",
      event({ kind: "doorbell.pressed", data: {} }),
      changed.camera({ lastMotionAt: at(10) }),
    ],
    [
      "motion detection",
      event({ kind: "detection.changed", data: { from: "on", to: "off" } }),
      changed.camera({ detection: "off" }),
    ],
    [
      "the battery",
      event({ kind: "battery.changed", data: { from: "ok", to: "low" } }),
      changed.camera({ battery: "low" }),
    ],
    [
      "the thumbnail",
      event({ kind: "thumbnail.changed", data: { url: "/new", takenAt: at(5) } }),
      changed.camera({ thumbnail: { url: "/new", takenAt: at(5) } }),
    ],
    [
      "a camera that is offline",
      event({ kind: "online.changed", data: { from: "online", to: "offline" } }),
      changed.camera({ online: "offline" }),
    ],
    [
      "a sync module that is offline",
      event(
        { kind: "online.changed", data: { from: "online", to: "offline" } },
        { account, network, syncModule },
      ),
      changed.syncModule({ online: "offline" }),
    ],
  ]
  for (const [what, change, expected] of cases)
    it(`reduce applies ${what}`, () => {
      const after = reduce(before, change)
      assert.deepStrictEqual(after, expected)
      assert.strictEqual(after.accounts[0], other)
    })
})

const moved = (lastMotionAt: number) => changed.camera({ lastMotionAt: at(lastMotionAt) })

it("reduce keeps the time of a later motion when an earlier one is listed late", () => {
  assert.deepStrictEqual(reduce(moved(11), motion), moved(11))
  assert.deepStrictEqual(reduce(moved(9), motion), moved(10))
})

it("reduce returns the same state for an event that changes no value on a screen, and for an unknown account", () => {
  const renamed = event({ kind: "device.renamed", data: { from: "a", to: "b" } })
  assert.strictEqual(reduce(before, renamed), before)
  const unknown = event(motion, { ...ofPorch, account: AccountId.make(3) })
  assert.strictEqual(reduce(before, unknown), before)
})
