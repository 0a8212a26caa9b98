import {
  type AccountId,
  CameraId,
  cameraKey,
  ClipId,
  EventId,
  type BlinkEvent,
  type NetworkId,
  type Timestamp,
  parseTimestamp,
} from "@blink-streams/model"
import type { Batch } from "../../EventLogContract.ts"
import { clipKey, isDuplicate, type DedupState, detectionOf, emittedByLegacyKey } from "./motionDedup.ts"

/** A row of the legacy API's event list, with the fields that are read. */
export interface LegacyEvent {
  readonly id: number
  readonly type?: string | null
  readonly created_at?: string | null
  readonly camera_id?: number | null
  readonly camera?: number | null
  readonly camera_name?: string | null
  readonly duration?: number | null
  readonly video_id?: number | null
  readonly video_url?: string | null
}

/** Types that add nothing to the homescreen, and inferred types that were never observed. */
const ignoredTypes = new Set([
  "heartbeat",
  "first_boot",
  "scheduled",
  "offline",
  "battery",
  "temperature",
  "lfr",
  "wifi",
  "usage",
])
const armTypes = new Set(["armed", "disarmed", "arm", "disarm"])

const legacyEventKey = ({ id }: LegacyEvent): string => `row:${id}`

const isMotion = (row: LegacyEvent): boolean => row.type === "motion"

const timeOf = ({ created_at }: LegacyEvent): Timestamp | null => parseTimestamp(created_at ?? "")

/** The legacy API lists battery cameras only. */
const cameraOf = ({ camera_id, camera }: LegacyEvent) => {
  const id = camera_id ?? camera
  return id === null || id === undefined ? null : { kind: "camera" as const, id: CameraId.make(id) }
}

const legacyDetection = (row: LegacyEvent, network: NetworkId) => {
  const [camera, at] = [cameraOf(row), timeOf(row)]
  return camera === null || at === null ? null : detectionOf(network, cameraKey(camera), at)
}

/** Clip of a motion row, where the row names one. */
const clipIdOf = ({ video_id }: LegacyEvent): string | null =>
  video_id === null || video_id === undefined ? null : String(video_id)

/** Keys of the metadata that `legacyEvents` needs for these rows. */
export const legacyMetadataKeys = (
  rows: ReadonlyArray<LegacyEvent>,
  network: NetworkId,
): ReadonlyArray<string> =>
  rows.flatMap((row) => {
    if (!isMotion(row) && !armTypes.has(row.type ?? "")) return []
    const clip = clipIdOf(row)
    return [
      legacyEventKey(row),
      ...(clip === null ? (legacyDetection(row, network)?.keys ?? []) : [clipKey(clip)]),
    ]
  })

export interface LegacyEventsContext {
  readonly account: AccountId
  readonly network: NetworkId
  readonly observedAt: Timestamp
  /** True for the first poll of this network: rows are remembered and produce no events. */
  readonly baseline: boolean
}

/**
 * Converts rows of the legacy API's event list into events. Pure.
 *
 * A motion row is listed before its clip is uploaded; the clip is later recognised as the same motion. A row about
 * arming produces no event: the homescreen shows the resulting state, so `shouldPollHomescreen` requests a poll.
 */
export const legacyEvents = (
  rows: ReadonlyArray<LegacyEvent>,
  known: ReadonlyMap<string, unknown>,
  context: LegacyEventsContext,
): Required<Pick<Batch, "events" | "metadata">> & { readonly shouldPollHomescreen: boolean } => {
  const events: Array<BlinkEvent> = []
  const metadata = new Map<string, true | DedupState>()
  const getKnown = (key: string): unknown => metadata.get(key) ?? known.get(key)
  const { account, network, observedAt } = context
  const common = { observedAt, source: "legacy_events" as const }
  let shouldPollHomescreen = false
  const unknownTypes = new Set<string>()

  const motion = (row: LegacyEvent, occurredAt: Timestamp): BlinkEvent => {
    const camera = cameraOf(row)
    const { id, camera_name: name, duration, video_url: clip } = row
    const identity = clipIdOf(row) ?? `row:${id}`
    return {
      ...common,
      kind: "motion",
      id: EventId.make(`motion:${identity}`),
      occurredAt,
      subject: {
        account,
        network,
        ...(camera === null ? {} : { camera: camera.id, kind: camera.kind }),
        ...(name === null || name === undefined ? {} : { name }),
      },
      data: {
        clipId: ClipId.make(identity),
        cause: "pir",
        ...(duration === null || duration === undefined ? {} : { durationSeconds: duration }),
        ...(clip === null || clip === undefined ? {} : { clip }),
      },
    }
  }

  const isDuplicateMotion = (row: LegacyEvent): boolean => {
    const clip = clipIdOf(row)
    if (clip === null) {
      const detection = legacyDetection(row, network)
      return (
        detection !== null &&
        isDuplicate(detection, "legacy", getKnown, (key, value) => metadata.set(key, value))
      )
    }
    if (getKnown(clipKey(clip)) !== undefined) return true
    metadata.set(emittedByLegacyKey(clip), true)
    return false
  }

  for (const row of [...rows].sort((a, b) => a.id - b.id)) {
    const { type } = row
    if (type === null || type === undefined || ignoredTypes.has(type)) continue
    if (!isMotion(row) && !armTypes.has(type)) {
      unknownTypes.add(type)
      continue
    }
    if (getKnown(legacyEventKey(row)) !== undefined) continue
    metadata.set(legacyEventKey(row), true)
    if (armTypes.has(type)) shouldPollHomescreen ||= !context.baseline
    const occurredAt = timeOf(row)
    // A motion of the first poll is left to its clip, should that still come.
    if (!isMotion(row) || occurredAt === null || context.baseline) continue
    if (!isDuplicateMotion(row)) events.push(motion(row, occurredAt))
  }
  for (const unknownType of unknownTypes)
    events.push({
      ...common,
      kind: "schema.drift",
      id: EventId.make(`schema.drift:${account}:events[].type:${unknownType}`),
      occurredAt: observedAt,
      subject: { account },
      data: { path: "events[].type", reason: `unknown value "${unknownType}"`, count: 1 },
    })
  return { events, metadata: [...metadata].map(([key, value]) => ({ key, value })), shouldPollHomescreen }
}
