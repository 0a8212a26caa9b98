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

/** What a row of looks tells, after the first. */
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

describe("one change, one event", () => {
  const cases: ReadonlyArray<readonly [string, Partial<Snapshot>, ReturnType<typeof brief>]> = [
    [
      "arming",
      { networks: [homeNetwork({ arm: "armed" })] },
      [{ kind: "arm.changed", from: "disarmed", to: "armed", by: "unknown" }],
    ],
    [
      "an arm state that can't be read",
      { networks: [homeNetwork({ arm: "unknown" })] },
      [{ kind: "arm.changed", from: "disarmed", to: "unknown", by: "unknown" }],
    ],
    [
      "a network's new name",
      { networks: [homeNetwork({ name: "Cabin" })] },
      [{ kind: "network.renamed", from: "Home", to: "Cabin" }],
    ],
    [
      "motion detection",
      { cameras: [camera(1, { detection: "off" }), camera(2)] },
      [{ kind: "detection.changed", from: "on", to: "off" }],
    ],
    [
      "a battery",
      { cameras: [camera(1), camera(2, { battery: "low" })] },
      [{ kind: "battery.changed", from: "ok", to: "low" }],
    ],
    [
      "a snooze",
      { cameras: [camera(1, { snoozed: true }), camera(2)] },
      [{ kind: "snooze.changed", from: false, to: true }],
    ],
    [
      "firmware",
      { syncModules: [syncModule({ firmware: "4.6" })] },
      [{ kind: "firmware.changed", from: "4.5", to: "4.6" }],
    ],
    [
      "a USB stick",
      { syncModules: [syncModule({ localStorage: null })] },
      [{ kind: "storage.changed", from: "active", to: null }],
    ],
    [
      "a camera's new name",
      { cameras: [camera(1, { name: "Gate" }), camera(2)] },
      [{ kind: "device.renamed", from: "Camera 1", to: "Gate" }],
    ],
    [
      "a camera that comes",
      { cameras: [camera(1), camera(2), camera(3)] },
      [{ kind: "device.added", to: camera(3) }],
    ],
    ["a hub that comes", { syncModules: [], cameras: [camera(1), camera(2)] }, []],
    [
      "a new picture",
      { cameras: [camera(1, { thumbnail: { url: "/new", takenAt: at(5) } }), camera(2)] },
      [{ kind: "thumbnail.changed", url: "/new", takenAt: at(5) }],
    ],
    ["a picture that is gone", { cameras: [camera(1, { thumbnail: null }), camera(2)] }, []],
    ["bars of the battery", { cameras: [camera(1, { batteryBars: 1 }), camera(2)] }, []],
  ]
  for (const [description, change, expected] of cases)
    it(description, () => {
      assert.deepStrictEqual(brief(pollAll(snapshot(0), snapshot(60, change)).events), expected)
    })
})

it("an event names its subject, its times and the ordinal of its transition", () => {
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
      source: "homescreen",
    },
  )
})

it("a picture happened when it was taken", () => {
  const taken = { cameras: [camera(1, { thumbnail: { url: "/new", takenAt: at(7) } }), camera(2)] }
  assert.strictEqual(pollAll(snapshot(0), snapshot(60, taken)).events[0]?.occurredAt, at(7))
})

it("offline must be seen twice, online once", () => {
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

it("a look that lacks a device once is no removal", () => {
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

it("a camera and a Mini may have one number", () => {
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

it("a signal must hold for two looks", () => {
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
    camera(1, { temperature: { celsius, raw: celsius, unit: "celsius", ground: "account" } }),
    camera(2),
  ],
})

it("a temperature is told when it crosses a limit, either way", () => {
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

it("a temperature that was missing for a while is compared with the last one that was known", () => {
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

it("a picture that is missing for a while is no new one", () => {
  const none = { cameras: [camera(1, { thumbnail: null }), camera(2)] }
  const { events } = pollAll(snapshot(0), snapshot(60, none), snapshot(120, none), snapshot(180))
  assert.deepStrictEqual(events, [])
})

it("while a command is under way, a look does not contradict it", () => {
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

it("a caused arm state that is there already tells nothing", () => {
  const before = withBaseline(snapshot(0))
  assert.deepStrictEqual(armChanged(before, { account, network, observedAt: at(1) }, "disarmed", "command"), {
    events: [],
    diffState: before,
  })
})

it.effect.prop("the same look again tells nothing and changes nothing", { look: Snapshot }, ({ look }) =>
  Effect.sync(() => {
    const memory = withBaseline(look)
    const copy: Snapshot = structuredClone(look)
    const second = diff(memory, copy, options)
    assert.deepStrictEqual(second.events, [])
    assert.strictEqual(second.diffState, memory)
  }),
)

it.effect.prop(
  "whatever two looks show, events are of the schema, ids are unique and the third equal look settles",
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
