import type { LegacyEvent } from "@blink-streams/core"
import {
  type AccountId,
  cameraKey,
  ClipId,
  EventId,
  type BlinkEvent,
  type NetworkId,
  type Timestamp,
} from "@blink-streams/model"
import type { Batch } from "../../EventLogContract.ts"
import { clipKey, isDuplicate, type DedupState, detectionOf, emittedByLegacyKey } from "./motionDedup.ts"

const legacyEventKey = ({ id }: LegacyEvent): string => `row:${id}`

const legacyDetection = ({ camera, at }: LegacyEvent, network: NetworkId) =>
  camera === null || at === null ? null : detectionOf(network, cameraKey(camera), at)

/** Keys of the metadata that `legacyEvents` needs for these rows. */
export const legacyMetadataKeys = (
  rows: ReadonlyArray<LegacyEvent>,
  network: NetworkId,
): ReadonlyArray<string> =>
  rows.flatMap((row) => {
    if (row.kind === "other") return []
    return [
      legacyEventKey(row),
      ...(row.clipId === null ? (legacyDetection(row, network)?.keys ?? []) : [clipKey(row.clipId)]),
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

  const motion = (row: LegacyEvent, occurredAt: Timestamp): BlinkEvent => {
    const { camera, cameraName, clip, durationSeconds } = row
    const clipId = row.clipId ?? ClipId.make(legacyEventKey(row))
    return {
      ...common,
      kind: "motion",
      id: EventId.make(`motion:${clipId}`),
      occurredAt,
      subject: {
        account,
        network,
        ...(camera === null ? {} : { camera: camera.id, kind: camera.kind }),
        ...(cameraName === null ? {} : { name: cameraName }),
      },
      data: {
        clipId,
        cause: "pir",
        ...(durationSeconds === null ? {} : { durationSeconds }),
        ...(clip === null ? {} : { clip }),
      },
    }
  }

  const isDuplicateMotion = (row: LegacyEvent): boolean => {
    const clip = row.clipId
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
    if (row.kind === "other" || getKnown(legacyEventKey(row)) !== undefined) continue
    metadata.set(legacyEventKey(row), true)
    if (row.kind === "arm") shouldPollHomescreen ||= !context.baseline
    // A motion of the first poll is left to its clip, should that still come.
    if (row.kind !== "motion" || row.at === null || context.baseline) continue
    if (!isDuplicateMotion(row)) events.push(motion(row, row.at))
  }
  return { events, metadata: [...metadata].map(([key, value]) => ({ key, value })), shouldPollHomescreen }
}
