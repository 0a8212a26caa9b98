import {
  type ArmState,
  type Camera,
  cameraKey,
  type EventOf,
  type HomeEvent,
  type Network,
  type NetworkId,
  type Snapshot,
  type SyncModule,
  type Timestamp,
} from "@blink-streams/model"
import { Equal, Predicate, type Schema } from "effect"
import type { HomeMemory } from "./HomeMemory.ts"
import { type About, aboutCamera, aboutNetwork, aboutSyncModule, makeTeller, type Teller } from "./Teller.ts"

/** Crossing one of these is told. */
export interface TemperatureLimits {
  readonly lowestCelsius: number
  readonly highestCelsius: number
}

/** What has changed, and what is known of the home from then on. */
export interface Difference {
  readonly events: ReadonlyArray<HomeEvent>
  readonly memory: HomeMemory
}

export interface DiffOptions {
  /** Networks with one of our commands under way: their arm state is the command's to tell. */
  readonly held: ReadonlySet<NetworkId>
  readonly limits: TemperatureLimits
  /** Who armed or disarmed, as far as known. */
  readonly armedBy: ReadonlyMap<NetworkId, EventOf<"arm.changed">["data"]["by"]>
}

const keys = {
  network: (network: Network) => aboutNetwork(network).key,
  syncModule: (hub: SyncModule) => aboutSyncModule(hub).key,
  camera: cameraKey,
}

/** A list that names one member twice means the first. */
const once = <A>(members: ReadonlyArray<A>, keyOf: (member: A) => string): ReadonlyArray<A> => {
  const seen = new Set<string>()
  const first = members.filter((member) => seen.size !== seen.add(keyOf(member)).size)
  return first.length === members.length ? members : first
}

/** The first look tells nothing. */
const baseline = (before: HomeMemory, { networks, syncModules, cameras }: Snapshot): HomeMemory => ({
  ...before,
  looked: true,
  networks: once(networks, keys.network),
  syncModules: once(syncModules, keys.syncModule),
  cameras: once(cameras, keys.camera),
})

type Unsettled = Record<string, Schema.Json>

/** Takes `to` for true when it is seen a second time in a row; until then `from` holds. */
const settler = (before: HomeMemory["unsettled"], after: Unsettled) => {
  const seenAgain = (key: string, value: Schema.Json): boolean => {
    if (key in before && JSON.stringify(before[key]) === JSON.stringify(value)) return true
    after[key] = value
    return false
  }
  return {
    seenAgain,
    /** Good news is taken at once; anything else may be one bad report. */
    online: (key: string, from: Camera["online"], to: Camera["online"]) =>
      from === to || to === "online" || seenAgain(`${key}:online`, to) ? to : from,
    /** The last value there was, of one that a look may lack: it is kept until a look has one again. */
    lastKnown: <A extends string | number>(
      key: string,
      from: A | null,
      to: A | null,
      isValue: (value: unknown) => value is A,
    ): A | null => {
      const kept = before[key]
      const last = from ?? (isValue(kept) ? kept : null)
      if (to === null && last !== null) after[key] = last
      return last
    },
  }
}
type Settler = ReturnType<typeof settler>

const bars = ({ wifiBars, hubBars }: Camera) => ({ wifiBars, hubBars })

const crossed = (from: number, to: number, { lowestCelsius, highestCelsius }: TemperatureLimits) => {
  if (from >= lowestCelsius !== to >= lowestCelsius) return lowestCelsius
  return from > highestCelsius !== to > highestCelsius ? highestCelsius : null
}

const compareNetwork =
  ({ tell }: Teller, { held, armedBy }: DiffOptions) =>
  (from: Network, look: Network): Network => {
    const to = held.has(look.id) ? { ...look, arm: from.arm } : look
    const about = aboutNetwork(to)
    if (from.name !== to.name)
      tell(about, { kind: "network.renamed", data: { from: from.name, to: to.name } })
    if (from.arm !== to.arm) {
      const by = armedBy.get(to.id) ?? "unknown"
      tell(about, { kind: "arm.changed", data: { from: from.arm, to: to.arm, by } })
    }
    return to
  }

/** What hubs and cameras have in common. */
const compareDevice = <Device extends Camera | SyncModule>(
  { tell }: Teller,
  about: About,
  from: Device,
  to: Device,
) => {
  if (from.name !== to.name) tell(about, { kind: "device.renamed", data: { from: from.name, to: to.name } })
  if (from.networkId !== to.networkId)
    tell(about, { kind: "device.moved", data: { from: from.networkId, to: to.networkId } })
  if (from.online !== to.online)
    tell(about, { kind: "online.changed", data: { from: from.online, to: to.online } })
  if (from.firmware !== to.firmware)
    tell(about, { kind: "firmware.changed", data: { from: from.firmware, to: to.firmware } })
}

const compareSyncModule =
  (teller: Teller, settle: Settler) =>
  (from: SyncModule, look: SyncModule): SyncModule => {
    const about = aboutSyncModule(look)
    const barsHold = from.wifiBars === look.wifiBars || settle.seenAgain(`${about.key}:signal`, look.wifiBars)
    const to = {
      ...look,
      online: settle.online(about.key, from.online, look.online),
      wifiBars: barsHold ? look.wifiBars : from.wifiBars,
    }
    compareDevice(teller, about, from, to)
    if (from.wifiBars !== to.wifiBars)
      teller.tell(about, {
        kind: "signal.changed",
        data: {
          from: { wifiBars: from.wifiBars, hubBars: null },
          to: { wifiBars: to.wifiBars, hubBars: null },
        },
      })
    if (from.localStorage !== to.localStorage)
      teller.tell(about, { kind: "storage.changed", data: { from: from.localStorage, to: to.localStorage } })
    return to
  }

const compareCamera =
  (teller: Teller, settle: Settler, limits: TemperatureLimits) =>
  (from: Camera, look: Camera): Camera => {
    const { tell } = teller
    const about = aboutCamera(look)
    const sameBars = from.wifiBars === look.wifiBars && from.hubBars === look.hubBars
    const believed = sameBars || settle.seenAgain(`${about.key}:signal`, bars(look)) ? bars(look) : bars(from)
    const to = { ...look, ...believed, online: settle.online(about.key, from.online, look.online) }
    compareDevice(teller, about, from, to)
    if (from.detection !== to.detection)
      tell(about, { kind: "detection.changed", data: { from: from.detection, to: to.detection } })
    if (from.battery !== to.battery)
      tell(about, { kind: "battery.changed", data: { from: from.battery, to: to.battery } })
    if (from.snoozed !== to.snoozed)
      tell(about, { kind: "snooze.changed", data: { from: from.snoozed, to: to.snoozed } })
    if (from.wifiBars !== to.wifiBars || from.hubBars !== to.hubBars)
      tell(about, { kind: "signal.changed", data: { from: bars(from), to: bars(to) } })
    const now = to.temperature?.celsius ?? null
    const last = settle.lastKnown(
      `${about.key}:celsius`,
      from.temperature?.celsius ?? null,
      now,
      Predicate.isNumber,
    )
    const limit = last === null || now === null ? null : crossed(last, now, limits)
    if (last !== null && now !== null && limit !== null)
      tell(about, {
        kind: "temperature.crossed",
        data: { from: { celsius: last }, to: { celsius: now }, limit: { celsius: limit } },
      })
    const picture = to.thumbnail?.url ?? null
    const before = settle.lastKnown(
      `${about.key}:picture`,
      from.thumbnail?.url ?? null,
      picture,
      Predicate.isString,
    )
    if (to.thumbnail !== null && before !== picture)
      tell(about, { kind: "thumbnail.changed", data: to.thumbnail }, to.thumbnail.takenAt ?? undefined)
    return to
  }

/** `before` itself where `after` has the very same members. */
const sameOr = <A>(before: ReadonlyArray<A>, after: ReadonlyArray<A>): ReadonlyArray<A> =>
  after.length === before.length && after.every((member, index) => member === before[index]) ? before : after

/**
 * Compares the members of one list. What is new is told at once; what is missing is told when a second look lacks
 * it too. An unchanged member keeps its identity, and so does an unchanged list.
 */
const compareAll = <A>(
  before: ReadonlyArray<A>,
  look: ReadonlyArray<A>,
  rules: {
    readonly keyOf: (member: A) => string
    readonly events: ReadonlyArray<HomeEvent>
    readonly settle: Settler
    readonly compare: (from: A, to: A) => A
    readonly added: (to: A) => void
    readonly removed: (from: A) => void
  },
): ReadonlyArray<A> => {
  const pair = (from: A, member: A): A => {
    if (from === member) return from
    const told = rules.events.length
    const to = rules.compare(from, member)
    return rules.events.length === told && Equal.equals(from, to) ? from : to
  }
  // Most looks show the same members in the same order, and most of those are the very same objects.
  const inOrder =
    look.length === before.length &&
    look.every((member, index) => {
      const from = before[index]
      return from === member || (from !== undefined && rules.keyOf(from) === rules.keyOf(member))
    })
  if (inOrder)
    return sameOr(
      before,
      look.map((member, index) => pair(before[index] ?? member, member)),
    )
  const known = new Map(before.map((member) => [rules.keyOf(member), member]))
  const after = once(look, rules.keyOf).map((member) => {
    const key = rules.keyOf(member)
    const from = known.get(key)
    known.delete(key)
    if (from !== undefined) return pair(from, member)
    rules.added(member)
    return member
  })
  for (const [key, member] of known) {
    if (rules.settle.seenAgain(`${key}:gone`, true)) rules.removed(member)
    else after.push(member)
  }
  return sameOr(before, after)
}

/** Whether a look is of the very objects that are believed: then there is nothing to compare, and nothing to settle. */
const isSame = (before: HomeMemory, look: Snapshot): boolean =>
  look.cameras === before.cameras &&
  look.networks === before.networks &&
  look.syncModules === before.syncModules &&
  Object.keys(before.unsettled).length === 0

/**
 * Compares a look with what was believed and tells the difference. Pure.
 *
 * Going offline and the bars of a signal must be seen twice, as must the absence of a device: one report is not
 * enough. `unknown` is a value like any other: an answer that could not be read is told as `unknown`, never as a
 * default. The memory that comes back is the same object when the look changed nothing.
 */
export const diff = (before: HomeMemory, look: Snapshot, options: DiffOptions): Difference => {
  if (!before.looked) return { events: [], memory: baseline(before, look) }
  if (isSame(before, look)) return { events: [], memory: before }
  const teller = makeTeller(
    { account: look.account, source: "homescreen", observedAt: look.takenAt },
    before.ordinals,
  )
  const unsettled: Unsettled = {}
  const settle = settler(before.unsettled, unsettled)
  const { events, tell } = teller
  const networks = compareAll(before.networks, look.networks, {
    events,
    settle,
    keyOf: keys.network,
    compare: compareNetwork(teller, options),
    added: (to) => tell(aboutNetwork(to), { kind: "network.added", data: { to } }),
    removed: (from) => tell(aboutNetwork(from), { kind: "network.removed", data: { from } }),
  })
  const syncModules = compareAll(before.syncModules, look.syncModules, {
    events,
    settle,
    keyOf: keys.syncModule,
    compare: compareSyncModule(teller, settle),
    added: (to) => tell(aboutSyncModule(to), { kind: "device.added", data: {} }),
    removed: (from) => tell(aboutSyncModule(from), { kind: "device.removed", data: {} }),
  })
  const cameras = compareAll(before.cameras, look.cameras, {
    events,
    settle,
    keyOf: keys.camera,
    compare: compareCamera(teller, settle, options.limits),
    added: (to) => tell(aboutCamera(to), { kind: "device.added", data: { to } }),
    removed: (from) => tell(aboutCamera(from), { kind: "device.removed", data: { from } }),
  })
  const same =
    teller.events.length === 0 &&
    networks === before.networks &&
    syncModules === before.syncModules &&
    cameras === before.cameras &&
    Equal.equals(unsettled, before.unsettled)
  const memory = same
    ? before
    : { ...before, networks, syncModules, cameras, unsettled, ordinals: teller.ordinals() }
  return { events: teller.events, memory }
}

/** An arm state that was not looked up but caused: by a command, from `arming` on to its end. */
export const armChanged = (
  before: HomeMemory,
  at: { readonly account: Snapshot["account"]; readonly network: NetworkId; readonly observedAt: Timestamp },
  to: ArmState,
  by: EventOf<"arm.changed">["data"]["by"],
): Difference => {
  const network = before.networks.find(({ id }) => id === at.network)
  if (network === undefined || network.arm === to) return { events: [], memory: before }
  const teller = makeTeller({ ...at, source: "command" }, before.ordinals)
  teller.tell(aboutNetwork(network), { kind: "arm.changed", data: { from: network.arm, to, by } })
  const networks = before.networks.map((known) => (known === network ? { ...known, arm: to } : known))
  return { events: teller.events, memory: { ...before, networks, ordinals: teller.ordinals() } }
}
