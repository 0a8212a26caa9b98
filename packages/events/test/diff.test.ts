import { armChanged, diff } from "../src/internal/derive/diff.ts"
import { type DiffState, initialDiffState } from "../src/internal/derive/DiffState.ts"
import {
  type BlinkEvent,
  BlinkEvent as HomeEventSchema,
  type NetworkId,
  Snapshot,
} from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Equal, Schema } from "effect"
import { account, at, camera, homeNetwork, syncModule, network, snapshot } from "./fixtures.ts"

const options = {
  heldNetworks: new Set<NetworkId>(),
  limits: { lowestCelsius: 5, highestCelsius: 35 },
  armedBy: new Map(),
}

const withBaseline = (snapshotValue: Snapshot) => diff(initialDiffState, snapshotValue, options).diffState

/** Events and state after a series of snapshots; the first one is the baseline. */
const pollAll = (first: Snapshot, ...others: ReadonlyArray<Snapshot>) => {
  let diffState: DiffState = withBaseline(first)
  const events: Array<BlinkEvent> = []
  for (const polled of others) {
    const result = diff(diffState, polled, options)
    events.push(...result.events)
    diffState = result.diffState
  }
  return { events, diffState }
}
const brief = (events: ReadonlyArray<BlinkEvent>) => events.map(({ kind, data }) => ({ kind, ...data }))

describe("diff of one change", () => {
  const cases: ReadonlyArray<readonly [string, Partial<Snapshot>, ReturnType<typeof brief>]> = [
    [
      "a change of arming",
      { networks: [homeNetwork({ arm: "armed" })] },
      [{ kind: "arm.changed", from: "disarmed", to: "armed", by: "unknown" }],
    ],
    [
      "an arm state that cannot be read",
      { networks: [homeNetwork({ arm: "unknown" })] },
      [{ kind: "arm.changed", from: "disarmed", to: "unknown", by: "unknown" }],
    ],
    [
      "a network's new name",
      { networks: [homeNetwork({ name: "Cabin" })] },
      [{ kind: "network.renamed", from: "Home", to: "Cabin" }],
    ],
    [
      "a change of motion detection",
      { cameras: [camera(1, { detection: "off" }), camera(2)] },
      [{ kind: "detection.changed", from: "on", to: "off" }],
    ],
    [
      "a low battery",
      { cameras: [camera(1), camera(2, { battery: "low" })] },
      [{ kind: "battery.changed", from: "ok", to: "low" }],
    ],
    [
      "a snooze",
      { cameras: [camera(1, { snoozed: true }), camera(2)] },
      [{ kind: "snooze.changed", from: false, to: true }],
    ],
    [
      "a firmware update",
      { syncModules: [syncModule({ firmware: "4.6" })] },
      [{ kind: "firmware.changed", from: "4.5", to: "4.6" }],
    ],
    [
      "removed USB storage",
      { syncModules: [syncModule({ localStorage: null })] },
      [{ kind: "storage.changed", from: "active", to: null }],
    ],
    [
      "a camera's new name",
      { cameras: [camera(1, { name: "Gate" }), camera(2)] },
      [{ kind: "device.renamed", from: "Camera 1", to: "Gate" }],
    ],
    [
      "a new camera",
      { cameras: [camera(1), camera(2), camera(3)] },
      [{ kind: "device.added", to: camera(3) }],
    ],
    [
      "a sync module that is missing from one snapshot",
      { syncModules: [], cameras: [camera(1), camera(2)] },
      [],
    ],
    [
      "a new thumbnail",
      { cameras: [camera(1, { thumbnail: { url: "/new", takenAt: at(5) } }), camera(2)] },
      [{ kind: "thumbnail.changed", url: "/new", takenAt: at(5) }],
    ],
    ["a missing thumbnail", { cameras: [camera(1, { thumbnail: null }), camera(2)] }, []],
    ["a change of battery bars", { cameras: [camera(1, { batteryBars: 1 }), camera(2)] }, []],
  ]
  for (const [description, change, expected] of cases)
    it(`diff emits ${expected.length === 0 ? "no event" : "one event"} for ${description}`, () => {
      assert.deepStrictEqual(brief(pollAll(snapshot(0), snapshot(60, change)).events), expected)
    })
})

it("diff gives an event its subject, its times and an id with the ordinal of the transition", () => {
  const armed = { networks: [homeNetwork({ arm: "armed" })] }
  const { events } = pollAll(snapshot(0), snapshot(60, armed), snapshot(120), snapshot(180, armed))
  assert.deepStrictEqual(
    events.map(({ id }) => String(id)),
    [1, 2, 3].map((ordinal) => `arm.changed:${account}:network:${network}:${ordinal}`),
  )
  const { subject, occurredAt, observedAt, source } = events[2]!
  assert.deepStrictEqual(
    { subject, occurredAt, observedAt, source },
    {
      subject: { account, network, name: "Home" },
      occurredAt: at(180),
      observedAt: at(180),
      source: "state",
    },
  )
})

it("diff dates thumbnail.changed by the time the thumbnail was taken", () => {
  const taken = { cameras: [camera(1, { thumbnail: { url: "/new", takenAt: at(7) } }), camera(2)] }
  assert.strictEqual(pollAll(snapshot(0), snapshot(60, taken)).events[0]?.occurredAt, at(7))
})

it("diff reports offline after two snapshots and online after one", () => {
  const off = { cameras: [camera(1, { online: "offline" }), camera(2)] }
  const { events, diffState } = pollAll(snapshot(0), snapshot(60, off), snapshot(120), snapshot(180, off))
  assert.deepStrictEqual(events, [])
  assert.strictEqual(diffState.cameras[0]?.online, "online")
  assert.deepStrictEqual(
    brief(pollAll(snapshot(0), snapshot(60, off), snapshot(120, off), snapshot(180)).events),
    [
      { kind: "online.changed", from: "online", to: "offline" },
      { kind: "online.changed", from: "offline", to: "online" },
    ],
  )
})

it("diff reports a removed device after two snapshots without it", () => {
  const without = { cameras: [camera(2)], syncModules: [], networks: [] }
  assert.deepStrictEqual(
    pollAll(snapshot(0), snapshot(60, without), snapshot(120), snapshot(180, without)).events,
    [],
  )
  const { events, diffState } = pollAll(
    snapshot(0),
    snapshot(60, without),
    snapshot(120, without),
    snapshot(180, without),
  )
  assert.deepStrictEqual(brief(events), [
    { kind: "network.removed", from: homeNetwork() },
    { kind: "device.removed" },
    { kind: "device.removed", from: camera(1) },
  ])
  assert.deepStrictEqual(diffState.cameras, [camera(2)])
})

it("diff distinguishes a camera and a Mini with the same id", () => {
  const mini = camera(1, { kind: "mini", name: "Hall" })
  const { events } = pollAll(
    snapshot(0, { cameras: [camera(1), mini] }),
    snapshot(60, { cameras: [{ ...mini, detection: "off" }, camera(1)] }),
  )
  assert.deepStrictEqual(
    events.map(({ subject }) => subject.kind),
    ["mini"],
  )
})

const bars = (wifiBars: number) => ({ cameras: [camera(1, { wifiBars }), camera(2)] })

it("diff reports a signal change after two snapshots", () => {
  assert.deepStrictEqual(
    pollAll(snapshot(0), snapshot(60, bars(3)), snapshot(120, bars(2)), snapshot(180)).events,
    [],
  )
  assert.deepStrictEqual(brief(pollAll(snapshot(0), snapshot(60, bars(3)), snapshot(120, bars(3))).events), [
    { kind: "signal.changed", from: { wifiBars: 4, hubBars: 5 }, to: { wifiBars: 3, hubBars: 5 } },
  ])
})

const warm = (celsius: number) => ({
  cameras: [
    camera(1, { temperature: { celsius, raw: celsius, unit: "celsius", basis: "account" } }),
    camera(2),
  ],
})

it("diff reports a temperature that crosses a limit in either direction", () => {
  const { events } = pollAll(
    snapshot(0),
    ...[34, 36, 36, 30, 4, 6].map((celsius, index) => snapshot(60 * index, warm(celsius))),
  )
  assert.deepStrictEqual(
    brief(events),
    [
      [34, 36, 35],
      [36, 30, 35],
      [30, 4, 5],
      [4, 6, 5],
    ].map(([from, to, limit]) => ({
      kind: "temperature.crossed" as const,
      from: { celsius: from! },
      to: { celsius: to! },
      limit: { celsius: limit! },
    })),
  )
})

it("diff compares a temperature with the last known one when snapshots in between lack it", () => {
  const none = { cameras: [camera(1, { temperature: null }), camera(2)] }
  const crossings = (...row: ReadonlyArray<Partial<Snapshot>>) =>
    brief(
      pollAll(...([warm(20), ...row].map((set, index) => snapshot(60 * index, set)) as [Snapshot])).events,
    )
  assert.deepStrictEqual(crossings(none, none, none, warm(2)), [
    { kind: "temperature.crossed", from: { celsius: 20 }, to: { celsius: 2 }, limit: { celsius: 5 } },
  ])
  assert.deepStrictEqual(crossings(none, none, warm(21)), [])
})

it("diff reports no thumbnail change when a thumbnail was missing for a while", () => {
  const none = { cameras: [camera(1, { thumbnail: null }), camera(2)] }
  const { events } = pollAll(snapshot(0), snapshot(60, none), snapshot(120, none), snapshot(180))
  assert.deepStrictEqual(events, [])
})

it("diff ignores the arm state of a network with a pending command", () => {
  const at60 = { account, network, observedAt: at(60) }
  const commandStarted = armChanged(withBaseline(snapshot(0)), at60, "arming", "command")
  assert.deepStrictEqual(brief(commandStarted.events), [
    { kind: "arm.changed", from: "disarmed", to: "arming", by: "command" },
  ])
  const held = diff(commandStarted.diffState, snapshot(70), { ...options, heldNetworks: new Set([network]) })
  assert.deepStrictEqual(held.events, [])
  assert.strictEqual(held.diffState, commandStarted.diffState)
  const after = diff(held.diffState, snapshot(80, { networks: [homeNetwork({ arm: "armed" })] }), options)
  assert.deepStrictEqual(brief(after.events), [
    { kind: "arm.changed", from: "arming", to: "armed", by: "unknown" },
  ])
})

it("armChanged emits no event when the network has the state already", () => {
  const before = withBaseline(snapshot(0))
  assert.deepStrictEqual(armChanged(before, { account, network, observedAt: at(1) }, "disarmed", "command"), {
    events: [],
    diffState: before,
  })
})

it.effect.prop(
  "diff emits nothing and returns the same state when a snapshot is repeated",
  { repeated: Snapshot },
  ({ repeated }) =>
    Effect.sync(() => {
      const before = withBaseline(repeated)
      const copy: Snapshot = structuredClone(repeated)
      const second = diff(before, copy, options)
      assert.deepStrictEqual(second.events, [])
      assert.strictEqual(second.diffState, before)
    }),
)

it.effect.prop(
  "diff emits valid events with unique ids for any two snapshots and nothing for a third equal one",
  { first: Snapshot, second: Snapshot },
  ({ first, second }) =>
    Effect.sync(() => {
      const one = diff(withBaseline(first), second, options)
      const two = diff(one.diffState, second, options)
      const three = diff(two.diffState, second, options)
      const events = [...one.events, ...two.events]
      assert.deepStrictEqual(three.events, [])
      for (const event of events) assert.isTrue(Schema.is(HomeEventSchema)(event))
      assert.strictEqual(new Set(events.map(({ id }) => id)).size, events.length)
      assert.isTrue(Equal.equals(JSON.parse(JSON.stringify(two.diffState)), two.diffState))
    }),
)
