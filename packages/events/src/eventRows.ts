import {
  type AccountId,
  CameraId,
  cameraKey,
  ClipId,
  EventId,
  type HomeEvent,
  type NetworkId,
  type Timestamp,
  Timestamps,
} from "@blink-streams/model"
import type { Batch } from "./EventLog.ts"
import { clipKey, isToldBy, type MomentMemory, momentOf, toldByRowKey } from "./moments.ts"

/** A row of the seed's event list, as far as it is read. */
export interface EventRow {
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

/** Rows that say nothing which the homescreen does not, and names that were inferred but never seen. */
const quiet = new Set([
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
const arming = new Set(["armed", "disarmed", "arm", "disarm"])

const rowKey = ({ id }: EventRow): string => `row:${id}`

const isMotion = (row: EventRow): boolean => row.type === "motion"

const timeOf = ({ created_at }: EventRow): Timestamp | null => Timestamps.parse(created_at ?? "")

/** The legacy dialect knows battery cameras only. */
const cameraOf = ({ camera_id, camera }: EventRow) => {
  const id = camera_id ?? camera
  return id === null || id === undefined ? null : { kind: "camera" as const, id: CameraId.make(id) }
}

const rowMoment = (row: EventRow, network: NetworkId) => {
  const [camera, at] = [cameraOf(row), timeOf(row)]
  return camera === null || at === null ? null : momentOf(network, cameraKey(camera), at)
}

/** The clip of a motion, where the row names it. */
const clipOf = ({ video_id }: EventRow): string | null =>
  video_id === null || video_id === undefined ? null : String(video_id)

/** What has to be recalled before `tellRows` can judge these rows. */
export const rowsToRecall = (rows: ReadonlyArray<EventRow>, network: NetworkId): ReadonlyArray<string> =>
  rows.flatMap((row) => {
    if (!isMotion(row) && !arming.has(row.type ?? "")) return []
    const clip = clipOf(row)
    return [rowKey(row), ...(clip === null ? (rowMoment(row, network)?.keys ?? []) : [clipKey(clip)])]
  })

export interface RowsLook {
  readonly account: AccountId
  readonly network: NetworkId
  readonly observedAt: Timestamp
  /** The first look at this network remembers what is there and tells nothing. */
  readonly baseline: boolean
}

/**
 * Turns rows of the seed's event list into events. Pure.
 *
 * Motion stands here before its clip is uploaded; the clip, when it comes, is known to be the same moment. Arming is
 * the homescreen's to tell, which shows the state and not only the act: `lookAtHome` says that it is worth a look.
 */
export const tellRows = (
  rows: ReadonlyArray<EventRow>,
  recalled: ReadonlyMap<string, unknown>,
  look: RowsLook,
): Required<Pick<Batch, "events" | "memory">> & { readonly lookAtHome: boolean } => {
  const events: Array<HomeEvent> = []
  const memory = new Map<string, true | MomentMemory>()
  const recall = (key: string): unknown => memory.get(key) ?? recalled.get(key)
  const { account, network, observedAt } = look
  const about = { observedAt, source: "events" as const }
  let lookAtHome = false
  const words = new Set<string>()

  const motion = (row: EventRow, occurredAt: Timestamp): HomeEvent => {
    const camera = cameraOf(row)
    const { id, camera_name: name, duration, video_url: clip } = row
    const identity = clipOf(row) ?? `row:${id}`
    return {
      ...about,
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

  const isCopy = (row: EventRow): boolean => {
    const clip = clipOf(row)
    if (clip === null) {
      const moment = rowMoment(row, network)
      return moment !== null && isToldBy(moment, "events", recall, (key, value) => memory.set(key, value))
    }
    if (recall(clipKey(clip)) !== undefined) return true
    memory.set(toldByRowKey(clip), true)
    return false
  }

  for (const row of [...rows].sort((a, b) => a.id - b.id)) {
    const { type } = row
    if (type === null || type === undefined || quiet.has(type)) continue
    if (!isMotion(row) && !arming.has(type)) {
      words.add(type)
      continue
    }
    if (recall(rowKey(row)) !== undefined) continue
    memory.set(rowKey(row), true)
    if (arming.has(type)) lookAtHome ||= !look.baseline
    const occurredAt = timeOf(row)
    // What the first look leaves untold is left to its clip, should that still come.
    if (!isMotion(row) || occurredAt === null || look.baseline) continue
    if (!isCopy(row)) events.push(motion(row, occurredAt))
  }
  for (const word of words)
    events.push({
      ...about,
      kind: "drift",
      id: EventId.make(`drift:${account}:events[].type:${word}`),
      occurredAt: observedAt,
      subject: { account },
      data: { path: "events[].type", reason: `new word "${word}"`, count: 1 },
    })
  return { events, memory: [...memory].map(([key, value]) => ({ key, value })), lookAtHome }
}
