import {
  type ArmState,
  type Camera,
  cameraKey,
  type EventOf,
  type BlinkEvent,
  type Network,
  type NetworkId,
  type Snapshot,
  type SyncModule,
  type Timestamp,
} from "@blink-streams/model"
import { Equal, Predicate, type Schema } from "effect"
import type { TemperatureLimits } from "../../AccountMonitorContract.ts"
import type { DiffState } from "./DiffState.ts"
import {
  type EventSubject,
  cameraSubject,
  networkSubject,
  syncModuleSubject,
  makeEventBuilder,
  type EventBuilder,
} from "./EventBuilder.ts"

/** Events of a comparison, and the state to compare the next snapshot with. */
export interface DiffResult {
  readonly events: ReadonlyArray<BlinkEvent>
  readonly diffState: DiffState
}

export interface DiffOptions {
  /** Networks with a pending command. The command reports their arm state, the snapshot does not. */
  readonly heldNetworks: ReadonlySet<NetworkId>
  readonly limits: TemperatureLimits
  /** Cause of a change of arming, where it is known. */
  readonly armedBy: ReadonlyMap<NetworkId, EventOf<"arm.changed">["data"]["by"]>
}

const keys = {
  network: (network: Network) => networkSubject(network).key,
  syncModule: (syncModule: SyncModule) => syncModuleSubject(syncModule).key,
  camera: cameraKey,
}

/** Keeps the first of several members with the same key. */
const uniqueBy = <A>(members: ReadonlyArray<A>, keyOf: (member: A) => string): ReadonlyArray<A> => {
  const seen = new Set<string>()
  const first = members.filter((member) => seen.size !== seen.add(keyOf(member)).size)
  return first.length === members.length ? members : first
}

/** The first snapshot produces no events. */
const withBaseline = (before: DiffState, { networks, syncModules, cameras }: Snapshot): DiffState => ({
  ...before,
  hasBaseline: true,
  networks: uniqueBy(networks, keys.network),
  syncModules: uniqueBy(syncModules, keys.syncModule),
  cameras: uniqueBy(cameras, keys.camera),
})

type PendingChanges = Record<string, Schema.Json>

/** Accepts a new value when two snapshots in a row show it; the old value holds until then. */
const makeConfirmation = (before: DiffState["pending"], after: PendingChanges) => {
  const confirmedTwice = (key: string, value: Schema.Json): boolean => {
    if (JSON.stringify(before[key]) === JSON.stringify(value)) return true
    after[key] = value
    return false
  }
  return {
    confirmedTwice,
    /** `online` is accepted at once; any other value may be one bad report. */
    online: (key: string, from: Camera["online"], to: Camera["online"]) =>
      from === to || to === "online" || confirmedTwice(`${key}:online`, to) ? to : from,
    /** Last known value of a field that a snapshot may lack. It is kept until a snapshot has a value again. */
    lastKnown: <A extends string | number>(
      key: string,
      from: A | null,
      to: A | null,
      isValue: (value: unknown) => value is A,
    ): A | null => {
      const kept = before[key]
      const lastValue = from ?? (isValue(kept) ? kept : null)
      if (to === null && lastValue !== null) after[key] = lastValue
      return lastValue
    },
  }
}
type Confirmation = ReturnType<typeof makeConfirmation>

const signalBars = ({ wifiBars, hubBars }: Camera) => ({ wifiBars, hubBars })

const crossedLimit = (from: number, to: number, { lowestCelsius, highestCelsius }: TemperatureLimits) => {
  if (from >= lowestCelsius !== to >= lowestCelsius) return lowestCelsius
  return from > highestCelsius !== to > highestCelsius ? highestCelsius : null
}

const compareNetwork =
  ({ emit }: EventBuilder, { heldNetworks, armedBy }: DiffOptions) =>
  (from: Network, polled: Network): Network => {
    const to = heldNetworks.has(polled.id) ? { ...polled, arm: from.arm } : polled
    const subject = networkSubject(to)
    if (from.name !== to.name)
      emit(subject, { kind: "network.renamed", data: { from: from.name, to: to.name } })
    if (from.arm !== to.arm) {
      const by = armedBy.get(to.id) ?? "unknown"
      emit(subject, { kind: "arm.changed", data: { from: from.arm, to: to.arm, by } })
    }
    return to
  }

/** Compares the fields that sync modules and cameras have in common. */
const compareDevice = <Device extends Camera | SyncModule>(
  { emit }: EventBuilder,
  subject: EventSubject,
  from: Device,
  to: Device,
) => {
  if (from.name !== to.name) emit(subject, { kind: "device.renamed", data: { from: from.name, to: to.name } })
  if (from.networkId !== to.networkId)
    emit(subject, { kind: "device.moved", data: { from: from.networkId, to: to.networkId } })
  if (from.online !== to.online)
    emit(subject, { kind: "online.changed", data: { from: from.online, to: to.online } })
  if (from.firmware !== to.firmware)
    emit(subject, { kind: "firmware.changed", data: { from: from.firmware, to: to.firmware } })
}

const compareSyncModule =
  (builder: EventBuilder, confirmation: Confirmation) =>
  (from: SyncModule, polled: SyncModule): SyncModule => {
    const subject = syncModuleSubject(polled)
    const barsConfirmed =
      from.wifiBars === polled.wifiBars ||
      confirmation.confirmedTwice(`${subject.key}:signal`, polled.wifiBars)
    const to = {
      ...polled,
      online: confirmation.online(subject.key, from.online, polled.online),
      wifiBars: barsConfirmed ? polled.wifiBars : from.wifiBars,
    }
    compareDevice(builder, subject, from, to)
    if (from.wifiBars !== to.wifiBars)
      builder.emit(subject, {
        kind: "signal.changed",
        data: {
          from: { wifiBars: from.wifiBars, hubBars: null },
          to: { wifiBars: to.wifiBars, hubBars: null },
        },
      })
    if (from.localStorage !== to.localStorage)
      builder.emit(subject, {
        kind: "storage.changed",
        data: { from: from.localStorage, to: to.localStorage },
      })
    return to
  }

const compareCamera =
  (builder: EventBuilder, confirmation: Confirmation, limits: TemperatureLimits) =>
  (from: Camera, polled: Camera): Camera => {
    const { emit } = builder
    const subject = cameraSubject(polled)
    const sameBars = from.wifiBars === polled.wifiBars && from.hubBars === polled.hubBars
    const confirmedBars =
      sameBars || confirmation.confirmedTwice(`${subject.key}:signal`, signalBars(polled))
        ? signalBars(polled)
        : signalBars(from)
    const to = {
      ...polled,
      ...confirmedBars,
      online: confirmation.online(subject.key, from.online, polled.online),
    }
    compareDevice(builder, subject, from, to)
    if (from.detection !== to.detection)
      emit(subject, { kind: "detection.changed", data: { from: from.detection, to: to.detection } })
    if (from.battery !== to.battery)
      emit(subject, { kind: "battery.changed", data: { from: from.battery, to: to.battery } })
    if (from.snoozed !== to.snoozed)
      emit(subject, { kind: "snooze.changed", data: { from: from.snoozed, to: to.snoozed } })
    if (from.wifiBars !== to.wifiBars || from.hubBars !== to.hubBars)
      emit(subject, { kind: "signal.changed", data: { from: signalBars(from), to: signalBars(to) } })
    const celsius = to.temperature?.celsius ?? null
    const lastCelsius = confirmation.lastKnown(
      `${subject.key}:celsius`,
      from.temperature?.celsius ?? null,
      celsius,
      Predicate.isNumber,
    )
    if (lastCelsius !== null && celsius !== null) {
      const limit = crossedLimit(lastCelsius, celsius, limits)
      if (limit !== null)
        emit(subject, {
          kind: "temperature.crossed",
          data: { from: { celsius: lastCelsius }, to: { celsius }, limit: { celsius: limit } },
        })
    }
    const thumbnailUrl = to.thumbnail?.url ?? null
    const lastThumbnailUrl = confirmation.lastKnown(
      `${subject.key}:thumbnail`,
      from.thumbnail?.url ?? null,
      thumbnailUrl,
      Predicate.isString,
    )
    if (to.thumbnail !== null && lastThumbnailUrl !== thumbnailUrl)
      emit(subject, { kind: "thumbnail.changed", data: to.thumbnail }, to.thumbnail.takenAt ?? undefined)
    return to
  }

/** Returns `before` itself when `after` has the same members. */
const reuseIfSame = <A>(before: ReadonlyArray<A>, after: ReadonlyArray<A>): ReadonlyArray<A> =>
  after.length === before.length && after.every((member, index) => member === before[index]) ? before : after

/**
 * Compares the members of one list. A new member is reported at once, a missing one when the next snapshot lacks it
 * too. An unchanged member keeps its identity, and so does an unchanged list.
 */
const compareMembers = <A>(
  before: ReadonlyArray<A>,
  polled: ReadonlyArray<A>,
  options: {
    readonly keyOf: (member: A) => string
    readonly events: ReadonlyArray<BlinkEvent>
    readonly confirmation: Confirmation
    readonly compare: (from: A, to: A) => A
    readonly added: (to: A) => void
    readonly removed: (from: A) => void
  },
): ReadonlyArray<A> => {
  const compareMember = (from: A, member: A): A => {
    if (from === member) return from
    const eventsBefore = options.events.length
    const to = options.compare(from, member)
    // A member with an event has changed. The comparison of its values would cost more than the rest.
    return options.events.length === eventsBefore && Equal.equals(from, to) ? from : to
  }
  // Most snapshots have the same members in the same order, and most of those are the same objects.
  const inOrder =
    polled.length === before.length &&
    polled.every((member, index) => {
      const from = before[index]
      return from === member || (from !== undefined && options.keyOf(from) === options.keyOf(member))
    })
  if (inOrder)
    return reuseIfSame(
      before,
      polled.map((member, index) => compareMember(before[index] ?? member, member)),
    )
  const known = new Map(before.map((member) => [options.keyOf(member), member]))
  const after = uniqueBy(polled, options.keyOf).map((member) => {
    const key = options.keyOf(member)
    const from = known.get(key)
    known.delete(key)
    if (from !== undefined) return compareMember(from, member)
    options.added(member)
    return member
  })
  for (const [key, member] of known) {
    if (options.confirmation.confirmedTwice(`${key}:missing`, true)) options.removed(member)
    else after.push(member)
  }
  return reuseIfSame(before, after)
}

/** True when the snapshot has the very objects of the state and no change is pending. */
const isUnchanged = (before: DiffState, snapshot: Snapshot): boolean =>
  snapshot.cameras === before.cameras &&
  snapshot.networks === before.networks &&
  snapshot.syncModules === before.syncModules &&
  Object.keys(before.pending).length === 0

/**
 * Compares a snapshot with the confirmed state and returns the events. Pure.
 *
 * `offline`, a change of signal bars and a missing device must be seen twice, because one report may be wrong.
 * `unknown` is a value like any other: a field that could not be read is reported as `unknown`, never as a default. The
 * returned state is the same object when nothing has changed.
 */
export const diff = (before: DiffState, snapshot: Snapshot, options: DiffOptions): DiffResult => {
  if (!before.hasBaseline) return { events: [], diffState: withBaseline(before, snapshot) }
  if (isUnchanged(before, snapshot)) return { events: [], diffState: before }
  const builder = makeEventBuilder(
    { account: snapshot.account, source: "state", observedAt: snapshot.takenAt },
    before.ordinals,
  )
  const pending: PendingChanges = {}
  const confirmation = makeConfirmation(before.pending, pending)
  const { events, emit } = builder
  const networks = compareMembers(before.networks, snapshot.networks, {
    events,
    confirmation,
    keyOf: keys.network,
    compare: compareNetwork(builder, options),
    added: (to) => emit(networkSubject(to), { kind: "network.added", data: { to } }),
    removed: (from) => emit(networkSubject(from), { kind: "network.removed", data: { from } }),
  })
  const syncModules = compareMembers(before.syncModules, snapshot.syncModules, {
    events,
    confirmation,
    keyOf: keys.syncModule,
    compare: compareSyncModule(builder, confirmation),
    added: (to) => emit(syncModuleSubject(to), { kind: "device.added", data: {} }),
    removed: (from) => emit(syncModuleSubject(from), { kind: "device.removed", data: {} }),
  })
  const cameras = compareMembers(before.cameras, snapshot.cameras, {
    events,
    confirmation,
    keyOf: keys.camera,
    compare: compareCamera(builder, confirmation, options.limits),
    added: (to) => emit(cameraSubject(to), { kind: "device.added", data: { to } }),
    removed: (from) => emit(cameraSubject(from), { kind: "device.removed", data: { from } }),
  })
  const unchanged =
    networks === before.networks &&
    syncModules === before.syncModules &&
    cameras === before.cameras &&
    Equal.equals(pending, before.pending)
  const diffState = unchanged
    ? before
    : { ...before, networks, syncModules, cameras, pending, ordinals: builder.ordinals() }
  return { events: builder.events, diffState }
}

/** Applies an arm state that a command has caused, from `arming` to the final state. */
export const armChanged = (
  before: DiffState,
  at: { readonly account: Snapshot["account"]; readonly network: NetworkId; readonly observedAt: Timestamp },
  to: ArmState,
  by: EventOf<"arm.changed">["data"]["by"],
): DiffResult => {
  const network = before.networks.find(({ id }) => id === at.network)
  if (network === undefined || network.arm === to) return { events: [], diffState: before }
  const builder = makeEventBuilder({ ...at, source: "command" }, before.ordinals)
  builder.emit(networkSubject(network), { kind: "arm.changed", data: { from: network.arm, to, by } })
  const networks = before.networks.map((known) => (known === network ? { ...known, arm: to } : known))
  return { events: builder.events, diffState: { ...before, networks, ordinals: builder.ordinals() } }
}
