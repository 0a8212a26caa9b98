import type { MediaItem, Network } from "../../emulator/src/internal/world/World.ts"
import type { AccountState, EventKind, RecordedEvent } from "@blink-streams/model"
import type { InProcessCloud } from "./inProcessCloud.ts"

/** State of the emulated world at the first poll. */
export interface WorldBaseline {
  /** Clips that were recorded after this time are history. Infinity when none are. */
  readonly historyFrom: number
  readonly clips: ReadonlyMap<number, { readonly watched: boolean; readonly deleted: boolean }>
  readonly armed: ReadonlyMap<number, boolean>
  /** By id, which is unique in this world: the legacy API knows one kind of camera only. */
  readonly names: ReadonlyMap<number, string>
}

export const captureBaseline = ({ engine: { world } }: InProcessCloud, historyMs: number): WorldBaseline => ({
  historyFrom: historyMs === 0 ? Number.POSITIVE_INFINITY : world.startedAt - historyMs,
  clips: new Map(
    [...world.media.values()].map((item) => [
      item.id,
      { watched: item.watchedAt !== null, deleted: item.deletedAt !== null },
    ]),
  ),
  armed: new Map([...world.networks.values()].map(({ id, armed }) => [id, armed])),
  names: new Map([...world.cameras.values()].map(({ id, name }) => [id, name])),
})

/** True when the recording of a clip should be in the log: after the first poll, or as history. */
const isRecordingExpected = ({ id, createdAt }: MediaItem, { clips, historyFrom }: WorldBaseline): boolean =>
  !clips.has(id) || createdAt > historyFrom

/** Time between the start of the world and the first poll: a clip this close to the start of history may be part of it. */
const historyToleranceMs = 600_000

const isHistoryUncertain = ({ createdAt }: MediaItem, { historyFrom }: WorldBaseline): boolean =>
  Math.abs(createdAt - historyFrom) < historyToleranceMs

/** Ids of the events of a clip that the log should have. */
const expectedEvents = (item: MediaItem, baseline: WorldBaseline): ReadonlyArray<string> => {
  const before = baseline.clips.get(item.id)
  const isRecorded = isRecordingExpected(item, baseline)
  const kinds = {
    motion: isRecorded && (item.source === "pir" || item.source === "cv_motion"),
    "doorbell.pressed": isRecorded && item.source === "button_press",
    "clip.added": isRecorded,
    "clip.watched": item.watchedAt !== null && before?.watched !== true,
    "clip.deleted": item.deletedAt !== null && before?.deleted !== true,
  }
  return Object.entries(kinds).flatMap(([kind, expected]) => (expected ? [`${kind}:${item.id}`] : []))
}

/** The legacy API reports a press as motion. It lists no deleted clips, and watched ones on its first pages only. */
const expectedLegacyEvents = (item: MediaItem, baseline: WorldBaseline): ReadonlyArray<string> => {
  if (!isRecordingExpected(item, baseline)) return []
  return item.eventId === null ? [`clip.added:${item.id}`] : [`motion:${item.id}`, `clip.added:${item.id}`]
}

const kindsOfClips = /^(motion|doorbell\.pressed|clip\.(added|watched|deleted)):/

/** Clips on USB storage have no stable ids: camera and time identify them. */
const isLocalClip = (id: string): boolean => id.includes(":local:")

/** Ids of the emitted clip events. A motion that the legacy event list showed first has the id of its row. */
const emittedClipEvents = (events: ReadonlyArray<RecordedEvent>, items: ReadonlyArray<MediaItem>) => {
  const rows = new Map(items.map(({ eventId, id }) => [`motion:row:${eventId}`, `motion:${id}`]))
  return events
    .map(({ event }) => rows.get(event.id) ?? String(event.id))
    .filter((id) => kindsOfClips.test(id))
}

/** True when the log has all events of a clip, so that its loss afterwards cannot matter. */
export const isEmitted = (
  item: MediaItem,
  {
    baseline,
    events,
    now,
  }: {
    readonly baseline: WorldBaseline
    readonly events: ReadonlyArray<RecordedEvent>
    readonly now: number
  },
): boolean => {
  const ids = new Set(events.map(({ event }) => String(event.id)))
  const wasPartial = events.some(
    ({ event }) => event.kind === "clip.added" && event.data.clipId === String(item.id) && event.data.partial,
  )
  return (
    item.completeAt <= now &&
    !isHistoryUncertain(item, baseline) &&
    expectedEvents(item, baseline).every((id) => ids.has(id)) &&
    (!wasPartial || ids.has(`clip.updated:${item.id}`))
  )
}

/** True when the network was in the expected state at some time between `from` and `to`, by the world's own record. */
const wasArmed = (
  network: Network,
  first: boolean,
  expectedArmed: boolean,
  from: number,
  to: number,
): boolean => {
  const changes = network.events.filter(({ type }) => type === "armed" || type === "disarmed")
  const before = changes.findLast(({ createdAt }) => createdAt <= from)
  const at = before === undefined ? first : before.type === "armed"
  return (
    at === expectedArmed ||
    changes.some(
      ({ type, createdAt }) => (type === "armed") === expectedArmed && createdAt > from && createdAt <= to,
    )
  )
}

/** Longest duration of a request in the histories, with a renewal of the session before it. */
const maxRequestMs = 40_000

const isSettled = (arm: string): arm is "armed" | "disarmed" => arm === "armed" || arm === "disarmed"

/** Errors of the present state, each at the time that its `asOf` claims. */
export const stateErrors = (
  cloud: InProcessCloud,
  state: AccountState,
  events: ReadonlyArray<RecordedEvent>,
  baseline: WorldBaseline,
): ReadonlyArray<string> =>
  state.networks.flatMap(({ id, arm }) => {
    const network = cloud.engine.world.networks.get(id)!
    const first = baseline.armed.get(id) === true
    const last = events.findLast(
      ({ event }) => event.kind === "arm.changed" && event.subject.network === id,
    )?.event
    const logged = last?.kind === "arm.changed" ? last.data.to : first ? "armed" : "disarmed"
    const at = Date.parse(arm.asOf ?? "") + cloud.aheadMs
    return [
      ...(logged === arm.state ? [] : [`network ${id} is believed ${arm.state}, and logged ${logged}`]),
      ...(isSettled(arm.state) && !wasArmed(network, first, arm.state === "armed", at - maxRequestMs, at)
        ? [`network ${id} is believed ${arm.state} as of ${arm.asOf}, which it was not`]
        : []),
    ]
  })

/**
 * Kinds that histories can cause. Any other kind is an error, and so is a gap: one poll can read all of their clips.
 */
const possibleKinds = new Set<EventKind>([
  "motion",
  "doorbell.pressed",
  "clip.added",
  "clip.updated",
  "clip.watched",
  "clip.deleted",
  "arm.changed",
  "thumbnail.changed",
  "device.renamed",
  "command.progress",
  "session.changed",
  "health.changed",
  "schema.drift",
])

/** A person arms or disarms, in the cloud's time. */
export interface ManualChange {
  readonly network: number
  readonly at: number
}

/** The polled lists, and the changes that the world does not record. */
interface VerifyOptions {
  readonly dialect: "oauth" | "legacy"
  readonly usbStorage: boolean
  readonly manualChanges: ReadonlyArray<ManualChange>
}

const partition = <A>(all: ReadonlyArray<A>, isSecond: (one: A) => boolean) =>
  [all.filter((one) => !isSecond(one)), all.filter(isSecond)] as const

const recordingKinds = new Set<EventKind>(["motion", "doorbell.pressed", "clip.added"])

/** The recordings of history are marked, and nothing else is. The last of them is an hour older than the world. */
const backfilledErrors = (
  { engine: { world } }: InProcessCloud,
  events: ReadonlyArray<RecordedEvent>,
): ReadonlyArray<string> =>
  events.flatMap(({ event }) => {
    const isHistory =
      recordingKinds.has(event.kind) && Date.parse(event.occurredAt) < world.startedAt - 1_800_000
    return (event.backfilled === true) === isHistory ? [] : [`${event.id} is backfilled: ${!isHistory}`]
  })

const clipErrors = (
  events: ReadonlyArray<RecordedEvent>,
  recorded: ReadonlyArray<MediaItem>,
  { dialect, usbStorage }: VerifyOptions,
  baseline: WorldBaseline,
) => {
  const [items, uncertain] = partition(recorded, (item) => isHistoryUncertain(item, baseline))
  const isUncertain = (id: string) => uncertain.some((item) => id.endsWith(`:${item.id}`))
  const isLegacy = dialect === "legacy"
  const all = emittedClipEvents(events, recorded).filter((id) => !isLocalClip(id) && !isUncertain(id))
  const emitted = isLegacy ? all.filter((id) => !id.startsWith("clip.watched")) : all
  const expected = new Set(
    items.flatMap((item) => (isLegacy ? expectedLegacyEvents : expectedEvents)(item, baseline)),
  )
  const seen = new Set(emitted)
  const partial = events.flatMap(({ event }) =>
    event.kind === "clip.added" && event.data.partial === true ? [`clip.updated:${event.data.clipId}`] : [],
  )
  const updated = events.flatMap(({ event }) => (event.kind === "clip.updated" ? [String(event.id)] : []))
  const starts = new Map(items.map(({ id, createdAt }) => [String(id), createdAt]))
  return [
    ...[...expected]
      .filter((id) => !seen.has(id) && !(usbStorage && id.startsWith("motion")))
      .map((id) => `missing ${id}`),
    ...emitted.filter((id) => !expected.has(id)).map((id) => `invented ${id}`),
    ...(emitted.length === seen.size ? [] : ["emitted twice"]),
    ...partial.filter((id) => !updated.includes(id)).map((id) => `missing ${id}`),
    ...updated.filter((id) => !partial.includes(id)).map((id) => `invented ${id}`),
    // A row of the legacy event list has the cloud's time, a clip that of the camera.
    ...events.flatMap(({ event }) => {
      if (event.source !== "clips") return []
      if (event.kind !== "motion" && event.kind !== "doorbell.pressed") return []
      const start = starts.get(event.data.clipId ?? "")
      return start === undefined || start === Date.parse(event.occurredAt)
        ? []
        : [`${event.id} has another time`]
    }),
  ]
}

/** The camera kind of the model. */
const keyOf = ({ kind, id }: MediaItem["camera"]) => `${kind === "owl" ? "mini" : kind}:${id}`

const tally = (keys: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Either of two lists may show a motion first, so only the number of motions per camera is compared. */
const usbStorageErrors = (
  cloud: InProcessCloud,
  events: ReadonlyArray<RecordedEvent>,
  baseline: WorldBaseline,
) => {
  const { world } = cloud.engine
  const items = [...world.media.values()].filter(
    (item) => isRecordingExpected(item, baseline) && item.source !== "button_press",
  )
  const happened = tally(items.map(({ camera }) => keyOf(camera)))
  const emitted = tally(
    events.flatMap(({ event }) =>
      event.kind === "motion" ? [`${event.subject.kind}:${event.subject.camera}`] : [],
    ),
  )
  const expectedClips = [...world.networks.values()].flatMap(({ id, syncModule }) =>
    (syncModule?.storage?.clips ?? []).flatMap((stored) => {
      const item = world.media.get(stored.mediaId)
      if (item === undefined || !isRecordingExpected(item, baseline)) return []
      const at = new Date(stored.createdAt).toISOString()
      return [`clip.added:local:${id}:${keyOf(item.camera)}:${at}`]
    }),
  )
  const added = events.flatMap(({ event }) =>
    event.kind === "clip.added" && isLocalClip(event.id) ? [String(event.id)] : [],
  )
  return [
    ...[...new Set([...happened.keys(), ...emitted.keys()])].flatMap((camera) => {
      const [should, is] = [happened.get(camera) ?? 0, emitted.get(camera) ?? 0]
      return should === is ? [] : [`${is} motions emitted at ${camera}, expected ${should}`]
    }),
    ...expectedClips.filter((id) => !added.includes(id)).map((id) => `missing ${id}`),
    ...added.filter((id) => !expectedClips.includes(id)).map((id) => `invented ${id}`),
  ]
}

const armErrors = (
  cloud: InProcessCloud,
  network: Network,
  events: ReadonlyArray<RecordedEvent>,
  baseline: WorldBaseline,
) => {
  const errors: Array<string> = []
  const first = baseline.armed.get(network.id) === true
  let before: string = first ? "armed" : "disarmed"
  for (const { event } of events) {
    if (event.kind !== "arm.changed" || event.subject.network !== network.id) continue
    const { from, to } = event.data
    if (from !== before) errors.push(`${event.id} goes from ${from}, not ${before}`)
    before = to
    const at = Date.parse(event.observedAt) + cloud.aheadMs
    if (isSettled(to) && !wasArmed(network, first, to === "armed", at - maxRequestMs, at))
      errors.push(`${event.id} says ${to}, which it was not`)
  }
  if (before !== (network.armed ? "armed" : "disarmed"))
    errors.push(`network ${network.id} ends ${before}, but armed is ${network.armed}`)
  return errors
}

/**
 * True when a schedule of the network was due between two times, both in the cloud's time. The time of the last edit is
 * ignored: within these minutes a new schedule cannot be distinguished from an old one.
 */
const wasDue = ({ programs }: Network, action: string, from: number, to: number): boolean =>
  programs.some(({ schedule }) =>
    schedule.some((point) => {
      const ofDay = Date.parse(`1970-01-01T${point.time.slice(11, 16)}:00Z`)
      const latest = Math.floor((to - ofDay) / 86_400_000) * 86_400_000 + ofDay
      return point.action === action && latest >= from
    }),
  )

/** Longest interval between two polls for an attribution, with the duration of the first request. */
const maxAttributionMs = 15 * 60_000 + maxRequestMs

/** An attributed change must have its cause in the possible period. */
const attributionErrors = (
  { aheadMs }: InProcessCloud,
  network: Network,
  events: ReadonlyArray<RecordedEvent>,
  manualChanges: ReadonlyArray<ManualChange>,
) =>
  events.flatMap(({ event }) => {
    if (event.kind !== "arm.changed" || event.subject.network !== network.id) return []
    const at = Date.parse(event.observedAt) + aheadMs
    const { by, to } = event.data
    const isWrong =
      (by === "schedule" &&
        !wasDue(network, to === "armed" ? "arm" : "disarm", at - maxAttributionMs, at + 5_000)) ||
      (by === "external" &&
        !manualChanges.some(
          (hand) => hand.network === network.id && hand.at <= at && hand.at > at - maxAttributionMs,
        ))
    return isWrong ? [`${event.id} was not by ${by}`] : []
  })

const nameErrors = (
  cloud: InProcessCloud,
  events: ReadonlyArray<RecordedEvent>,
  { names }: WorldBaseline,
) => {
  const now = new Map(names)
  const errors: Array<string> = []
  for (const { event } of events) {
    if (event.kind !== "device.renamed" || event.subject.camera === undefined) continue
    const { from, to } = event.data
    if (now.get(event.subject.camera) !== from) errors.push(`${event.id} goes from ${from}`)
    now.set(event.subject.camera, to)
  }
  for (const { id, name } of cloud.engine.world.cameras.values())
    if (now.get(id) !== name) errors.push(`camera ${id} ends as ${now.get(id)}`)
  return errors
}

/** Errors of the log of a settled history. */
export const logErrors = (
  cloud: InProcessCloud,
  events: ReadonlyArray<RecordedEvent>,
  baseline: WorldBaseline,
  options: VerifyOptions,
): ReadonlyArray<string> => {
  const { world } = cloud.engine
  return [
    ...clipErrors(events, [...world.media.values()], options, baseline),
    ...backfilledErrors(cloud, events),
    ...(options.usbStorage ? usbStorageErrors(cloud, events, baseline) : []),
    ...[...world.networks.values()].flatMap((network) => armErrors(cloud, network, events, baseline)),
    ...[...world.networks.values()].flatMap((network) =>
      attributionErrors(cloud, network, events, options.manualChanges),
    ),
    ...nameErrors(cloud, events, baseline),
    ...events.filter(({ seq }, index) => seq !== index + 1).map(({ seq }) => `seq ${seq} is not consecutive`),
    ...events
      .filter(({ event }) => !possibleKinds.has(event.kind))
      .map(({ event }) => `invented ${event.id}`),
  ]
}
