import { armChanged, diff, type DiffOptions } from "../src/internal/derive/diff.ts"
import { type DiffState, initialDiffState } from "../src/internal/derive/DiffState.ts"
import { type BlinkEvent, type Camera, NetworkId, type Snapshot, SyncModuleId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { account, at, camera, homeNetwork, network, snapshot, syncModule } from "./fixtures.ts"

const cabin = NetworkId.make(502)

const options: DiffOptions = {
  heldNetworks: new Set(),
  limits: { lowestCelsius: 5, highestCelsius: 35 },
  armedBy: new Map(),
}

/** States and events of a series of snapshots; the first one is the baseline. */
const pollAll = (...sets: ReadonlyArray<Partial<Snapshot>>) => {
  const results = [diff(initialDiffState, snapshot(0, sets[0]), options)]
  for (const [index, set] of sets.slice(1).entries())
    results.push(diff(results.at(-1)!.diffState, snapshot(60 * (index + 1), set), options))
  return {
    states: results.map(({ diffState }) => diffState),
    /** Events of each snapshot. */
    events: results.map(({ events }) => events.map(({ kind, data }) => ({ kind, ...data }))),
  }
}

/** One camera with other values. */
const onlyFirst = (set: Partial<Camera>) => ({ cameras: [camera(1, set)] })

const celsius = (value: number | null) =>
  onlyFirst({
    temperature: value === null ? null : { celsius: value, raw: value, unit: "celsius", basis: "account" },
  })
const shown = (url: string | null) => onlyFirst({ thumbnail: url === null ? null : { url, takenAt: at(1) } })
/** Number of events of each snapshot with one of these temperatures. */
const crossings = (...values: ReadonlyArray<number>) =>
  pollAll(...values.map(celsius)).events.map((events) => events.length)

describe("The first snapshot", () => {
  it("diff keeps the first of several members with the same key, and other fields of the state", () => {
    const first = { ...initialDiffState, ordinals: { "arm.changed:network:501": 4 }, health: { state: "ok" } }
    const twice = snapshot(0, {
      networks: [homeNetwork(), homeNetwork({ name: "Copy" }), homeNetwork({ id: cabin })],
      syncModules: [syncModule(), syncModule({ name: "Copy" })],
      cameras: [camera(1), camera(1, { name: "Copy" }), camera(1, { kind: "mini" })],
    })
    assert.deepStrictEqual(diff(first, twice, options), {
      events: [],
      diffState: {
        ...first,
        hasBaseline: true,
        networks: [homeNetwork(), homeNetwork({ id: cabin })],
        syncModules: [syncModule()],
        cameras: [camera(1), camera(1, { kind: "mini" })],
      },
    })
  })

  it("diff keeps the very lists of a snapshot without copies", () => {
    const first = snapshot(0)
    const { diffState } = diff(initialDiffState, first, options)
    assert.strictEqual(diffState.networks, first.networks)
    assert.strictEqual(diffState.cameras, first.cameras)
  })
})

/** Subject and times of the events after a second snapshot. */
const changedTo = (before: Partial<Snapshot>, after: Partial<Snapshot>): ReadonlyArray<BlinkEvent> =>
  diff(diff(initialDiffState, snapshot(0, before), options).diffState, snapshot(60, after), options).events

describe("Added and removed members", () => {
  it("diff reports a new network, sync module and camera with their data", () => {
    const added = changedTo(
      {},
      {
        networks: [homeNetwork({ id: cabin }), homeNetwork()],
        syncModules: [syncModule(), syncModule({ id: SyncModuleId.make(78), name: "Second" })],
        cameras: [camera(1), camera(3), camera(2)],
      },
    )
    for (const { source, observedAt } of added)
      assert.deepStrictEqual([source, observedAt], ["state", at(60)])
    assert.deepStrictEqual<unknown>(
      added.map(({ kind, data, subject }) => ({ kind, data, subject })),
      [
        {
          kind: "network.added",
          data: { to: homeNetwork({ id: cabin }) },
          subject: { account, network: cabin, name: "Home" },
        },
        {
          kind: "device.added",
          data: {},
          subject: { account, network, syncModule: SyncModuleId.make(78), name: "Second" },
        },
        {
          kind: "device.added",
          data: { to: camera(3) },
          subject: { account, network, camera: camera(3).id, kind: "camera", name: "Camera 3" },
        },
      ],
    )
  })

  it("diff reports a new member once when a snapshot has it twice", () => {
    const { events, states } = pollAll({}, { cameras: [camera(1), camera(2), camera(3), camera(3)] })
    assert.lengthOf(events[1]!, 1)
    assert.deepStrictEqual(states[1]?.cameras, [camera(1), camera(2), camera(3)])
  })

  it("diff keeps a missing member after the others until a second snapshot lacks it", () => {
    const { events, states } = pollAll({}, { cameras: [camera(2)] }, { cameras: [camera(2)] })
    assert.deepStrictEqual(states[1]?.cameras, [camera(2), camera(1)])
    assert.deepStrictEqual(states[1]?.pending, { "camera:1:missing": true })
    assert.deepStrictEqual(events, [[], [], [{ kind: "device.removed", from: camera(1) }]])
    assert.deepStrictEqual(states[2]?.pending, {})
  })

  it("diff confirms the absence of each member on its own", () => {
    const { events } = pollAll({}, { cameras: [camera(2)] }, { cameras: [camera(1)] }, { cameras: [] })
    assert.deepStrictEqual(events, [[], [], [], [{ kind: "device.removed", from: camera(2) }]])
  })

  it("diff compares a member that is listed in another place", () => {
    const { events } = pollAll({}, { cameras: [camera(2, { snoozed: true }), camera(1)] })
    assert.deepStrictEqual(events[1], [{ kind: "snooze.changed", from: false, to: true }])
  })

  it("diff compares members beside a new one and a missing one", () => {
    const { events } = pollAll({}, { cameras: [camera(3), camera(2, { snoozed: true })] })
    assert.deepStrictEqual(events[1], [
      { kind: "device.added", to: camera(3) },
      { kind: "snooze.changed", from: false, to: true },
    ])
  })
})

describe("Identity of the state", () => {
  const first = snapshot(0)
  const base = diff(initialDiffState, first, options).diffState

  it("diff returns the same state for the same lists, and for equal copies of any of them", () => {
    const same = diff(base, { ...first, takenAt: at(60) }, options)
    assert.deepStrictEqual(same.events, [])
    assert.strictEqual(same.diffState, base)
    for (const list of ["networks", "syncModules", "cameras"] as const) {
      const { events, diffState } = diff(
        base,
        { ...first, ...structuredClone({ [list]: first[list] }) },
        options,
      )
      assert.deepStrictEqual(events, [])
      assert.strictEqual(diffState, base)
    }
  })

  it("diff keeps the objects and lists that have not changed", () => {
    const cameras = [camera(1), camera(2, { snoozed: true })]
    const { diffState } = diff(base, snapshot(60, { cameras }), options)
    assert.strictEqual(diffState.networks, base.networks)
    assert.strictEqual(diffState.syncModules, base.syncModules)
    assert.strictEqual(diffState.cameras[0], base.cameras[0])
    assert.strictEqual(diffState.cameras[1]?.snoozed, true)
  })

  it("diff stores a change of each list alone, even if it causes no event", () => {
    const second = syncModule({ id: SyncModuleId.make(78) })
    const lists = { ...first, syncModules: [syncModule(), second] }
    const before = diff(initialDiffState, lists, options).diffState
    const silent: ReadonlyArray<Partial<Snapshot>> = [
      { networks: [homeNetwork({ timeZone: "Europe/Paris" })] },
      { syncModules: [second, syncModule()] },
      { cameras: [camera(1, { batteryBars: 1 }), camera(2)] },
      { cameras: [camera(2), camera(1)] },
    ]
    for (const change of silent)
      assert.deepStrictEqual(diff(before, { ...lists, ...change }, options), {
        events: [],
        diffState: { ...before, ...change },
      })
  })

  it("diff forgets a pending change when a snapshot with the same lists does not confirm it", () => {
    const doubtful = diff(base, { ...first, cameras: [camera(1)] }, options).diffState
    const again = diff(doubtful, { ...first, cameras: doubtful.cameras }, options)
    assert.deepStrictEqual(again, {
      events: [],
      diffState: { ...base, cameras: doubtful.cameras, pending: {} },
    })
  })

  it("diff returns the same state while the same change is pending", () => {
    const [offline, unknown] = (["offline", "unknown"] as const).map((online) => onlyFirst({ online }))
    const { states, events } = pollAll(onlyFirst({}), offline!, unknown!, offline!, offline!)
    assert.deepStrictEqual(states[1]?.pending, { "camera:1:online": "offline" })
    assert.deepStrictEqual(states[2]?.pending, { "camera:1:online": "unknown" })
    assert.deepStrictEqual(events.flat(), [{ kind: "online.changed", from: "online", to: "offline" }])
    assert.deepStrictEqual(states[4]?.pending, {})
  })

  it("diff counts the events of a state that goes on from an earlier one", () => {
    const before: DiffState = { ...base, ordinals: { "snooze.changed:camera:1": 7 }, health: { clips: "ok" } }
    const cameras = [camera(1, { snoozed: true }), camera(2)]
    const { diffState } = diff(before, snapshot(60, { cameras }), options)
    assert.deepStrictEqual(diffState, {
      ...before,
      cameras,
      ordinals: { "snooze.changed:camera:1": 8 },
    })
  })
})

describe("Networks and sync modules", () => {
  it("diff names the cause of a change of arming where it is known", () => {
    const before = diff(initialDiffState, snapshot(0), options).diffState
    const armed = snapshot(60, { networks: [homeNetwork({ arm: "armed" })] })
    const by = (armedBy: DiffOptions["armedBy"]) =>
      diff(before, armed, { ...options, armedBy }).events.map(({ data }) => data)
    const change = { from: "disarmed", to: "armed" }
    assert.deepStrictEqual<unknown>(by(new Map([[network, "schedule"]])), [{ ...change, by: "schedule" }])
    assert.deepStrictEqual<unknown>(by(new Map([[cabin, "schedule"]])), [{ ...change, by: "unknown" }])
  })

  it("diff compares the other fields of a network with a pending command", () => {
    const before = diff(initialDiffState, snapshot(0), options).diffState
    const polled = snapshot(60, { networks: [homeNetwork({ arm: "armed", name: "Cabin" })] })
    const { events, diffState } = diff(before, polled, { ...options, heldNetworks: new Set([network]) })
    assert.deepStrictEqual(
      events.map(({ kind, subject }) => [kind, subject.name]),
      [["network.renamed", "Cabin"]],
    )
    assert.deepStrictEqual(diffState.networks, [homeNetwork({ name: "Cabin" })])
  })

  it("diff reports every change of a sync module, its bars after two snapshots", () => {
    const changed = syncModule({
      name: "Attic",
      networkId: cabin,
      online: "unknown",
      firmware: null,
      wifiBars: 2,
      localStorage: "full",
    })
    const { events, states } = pollAll({}, { syncModules: [changed] }, { syncModules: [changed] })
    assert.deepStrictEqual(events[1], [
      { kind: "device.renamed", from: "Hub", to: "Attic" },
      { kind: "device.moved", from: network, to: cabin },
      { kind: "firmware.changed", from: "4.5", to: null },
      { kind: "storage.changed", from: "active", to: "full" },
    ])
    assert.deepStrictEqual(states[1]?.syncModules, [{ ...changed, online: "online", wifiBars: 5 }])
    assert.deepStrictEqual(states[1]?.pending, {
      "sync_module:77:online": "unknown",
      "sync_module:77:signal": 2,
    })
    assert.deepStrictEqual(events[2], [
      { kind: "online.changed", from: "online", to: "unknown" },
      {
        kind: "signal.changed",
        from: { wifiBars: 5, hubBars: null },
        to: { wifiBars: 2, hubBars: null },
      },
    ])
    assert.deepStrictEqual(states[2]?.syncModules, [changed])
  })
})

describe("Cameras", () => {
  it("diff reports every change of a camera, online and bars after two snapshots", () => {
    const changed: Partial<Camera> = {
      name: "Gate",
      networkId: cabin,
      online: "offline",
      detection: "unknown",
      battery: "low",
      wifiBars: null,
      hubBars: 1,
      firmware: "11",
      snoozed: null,
      thumbnail: { url: "/new", takenAt: null },
    }
    const { events, states } = pollAll(onlyFirst({}), onlyFirst(changed), onlyFirst(changed))
    assert.deepStrictEqual(events[1], [
      { kind: "device.renamed", from: "Camera 1", to: "Gate" },
      { kind: "device.moved", from: network, to: cabin },
      { kind: "firmware.changed", from: "10.76", to: "11" },
      { kind: "detection.changed", from: "on", to: "unknown" },
      { kind: "battery.changed", from: "ok", to: "low" },
      { kind: "snooze.changed", from: false, to: null },
      { kind: "thumbnail.changed", url: "/new", takenAt: null },
    ])
    assert.deepStrictEqual(states[1]?.cameras, [
      camera(1, { ...changed, online: "online", wifiBars: 4, hubBars: 5 }),
    ])
    assert.deepStrictEqual(states[1]?.pending, {
      "camera:1:online": "offline",
      "camera:1:signal": { wifiBars: null, hubBars: 1 },
    })
    assert.deepStrictEqual(events[2], [
      { kind: "online.changed", from: "online", to: "offline" },
      {
        kind: "signal.changed",
        from: { wifiBars: 4, hubBars: 5 },
        to: { wifiBars: null, hubBars: 1 },
      },
    ])
    assert.deepStrictEqual(states[2]?.cameras, [camera(1, changed)])
  })

  it("diff dates a thumbnail without a time by the snapshot", () => {
    const [event] = changedTo(onlyFirst({}), onlyFirst({ thumbnail: { url: "/new", takenAt: null } }))
    assert.strictEqual(event?.occurredAt, at(60))
  })

  it("diff reports bars of either kind, and only those that two snapshots agree on", () => {
    for (const set of [{ wifiBars: 1 }, { hubBars: 1 }]) {
      assert.deepStrictEqual(pollAll(onlyFirst({}), onlyFirst(set), onlyFirst(set)).events.slice(1), [
        [],
        [
          {
            kind: "signal.changed",
            from: { wifiBars: 4, hubBars: 5 },
            to: { wifiBars: 4, hubBars: 5, ...set },
          },
        ],
      ])
    }
    const flapping = pollAll(
      onlyFirst({}),
      onlyFirst({ wifiBars: 1 }),
      onlyFirst({ wifiBars: 2 }),
      onlyFirst({ wifiBars: 1 }),
    )
    assert.deepStrictEqual(flapping.events.flat(), [])
  })

  it("diff counts a temperature at a limit as between the limits", () => {
    assert.deepStrictEqual(crossings(20, 5, 4.9, 5), [0, 0, 1, 1])
    assert.deepStrictEqual(crossings(20, 35, 35.1, 35), [0, 0, 1, 1])
    assert.deepStrictEqual(crossings(4, 3, 36, 37), [0, 0, 1, 0])
  })

  it("diff keeps the last known temperature while snapshots lack it, and forgets it then", () => {
    const { states, events } = pollAll(celsius(20), celsius(null), celsius(null), celsius(40), celsius(40))
    assert.deepStrictEqual(
      states.map(({ pending }) => pending),
      [{}, { "camera:1:celsius": 20 }, { "camera:1:celsius": 20 }, {}, {}],
    )
    assert.deepStrictEqual(events.flat(), [
      { kind: "temperature.crossed", from: { celsius: 20 }, to: { celsius: 40 }, limit: { celsius: 35 } },
    ])
  })

  it("diff reports no crossing for the first known temperature, and remembers no unknown one", () => {
    const { states, events } = pollAll(celsius(null), celsius(null), celsius(40))
    assert.deepStrictEqual(events.flat(), [])
    assert.deepStrictEqual(states[1]?.pending, {})
  })

  it("diff keeps the last known thumbnail while snapshots lack it", () => {
    const { states, events } = pollAll(shown("/a"), shown(null), shown(null), shown("/a"), shown("/b"))
    assert.deepStrictEqual(states[2]?.pending, { "camera:1:thumbnail": "/a" })
    assert.deepStrictEqual(events.flat(), [{ kind: "thumbnail.changed", url: "/b", takenAt: at(1) }])
    assert.deepStrictEqual(pollAll(shown(null), shown("/a")).events.flat(), [
      { kind: "thumbnail.changed", url: "/a", takenAt: at(1) },
    ])
  })

  it("diff ignores a remembered value of another type", () => {
    const stored: DiffState = {
      ...diff(initialDiffState, snapshot(0, celsius(null)), options).diffState,
      pending: { "camera:1:celsius": "20", "camera:1:thumbnail": 7 },
    }
    assert.deepStrictEqual(diff(stored, snapshot(60, celsius(40)), options).events, [])
  })
})

describe("armChanged", () => {
  const before: DiffState = {
    ...diff(initialDiffState, snapshot(0, { networks: [homeNetwork({ id: cabin }), homeNetwork()] }), options)
      .diffState,
    health: { clips: "ok" },
  }
  const observedAt = at(9)

  it("armChanged reports the change of one network as caused by a command", () => {
    const { events, diffState } = armChanged(before, { account, network, observedAt }, "armed", "command")
    assert.deepStrictEqual(events, [
      {
        kind: "arm.changed",
        data: { from: "disarmed", to: "armed", by: "command" },
        id: events[0]!.id,
        occurredAt: observedAt,
        observedAt,
        source: "command",
        subject: { account, network, name: "Home" },
      },
    ])
    assert.deepStrictEqual(diffState, {
      ...before,
      networks: [homeNetwork({ id: cabin }), homeNetwork({ arm: "armed" })],
      ordinals: { [`arm.changed:network:${network}`]: 1 },
    })
  })

  it("armChanged returns the same state for an unknown network and for the state that it has", () => {
    const unknown = NetworkId.make(9)
    const results = [
      armChanged(before, { account, network: unknown, observedAt }, "armed", "command"),
      armChanged(before, { account, network, observedAt }, "disarmed", "command"),
    ]
    for (const result of results) {
      assert.deepStrictEqual(result.events, [])
      assert.strictEqual(result.diffState, before)
    }
  })
})
