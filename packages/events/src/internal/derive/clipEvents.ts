import {
  type AccountId,
  cameraKey,
  type Clip,
  EventId,
  type BlinkEvent,
  type Timestamp,
  timestampFromMillis,
  timestampToMillis,
} from "@blink-streams/model"
import { Schema } from "effect"
import { normalizeName } from "./normalizeName.ts"
import type { MediaCheckpoint } from "./MediaCheckpoint.ts"
import type { Batch } from "../../EventLog.ts"
import { clipKey, isDuplicate, type DedupState, detectionOf, emittedByLegacyKey } from "./motionDedup.ts"
import type { EventPayload } from "./EventBuilder.ts"

/** What is remembered of a clip. Each turns true once and stays so, whatever order the rows arrive in. */
const ClipFlags = Schema.Struct({
  complete: Schema.Boolean,
  watched: Schema.Boolean,
  deleted: Schema.Boolean,
})
type ClipFlags = typeof ClipFlags.Type
const isClipFlags = Schema.is(ClipFlags)

/** A manifest of a USB stick does not say why; what is recorded there without a word was motion. */
const isMotion = ({ source, storage }: Clip): boolean =>
  source === "pir" || source === "cv_motion" || (storage === "local" && source === "")
const isPress = ({ source }: Clip): boolean => source === "button_press"

const causeOf = (clip: Clip): string => {
  if (isMotion(clip)) return "motion"
  return isPress(clip) ? "doorbell" : clip.source
}

/** Where a clip was made, in words that other lists use as well. */
const clipCameraKey = ({ camera, cameraName }: Clip): string =>
  camera === null ? cameraName : cameraKey(camera)

/**
 * Under what a clip is known, the one that goes into the ids of its events first. A clip of a USB stick is renumbered
 * when the hub restarts: its place and time are its identity. When its camera is renamed, the list has the old name or
 * the new one, and one of the two no longer leads to the camera: so it is known by both.
 */
const clipIdentities = (clip: Clip): readonly [string, ...ReadonlyArray<string>] => {
  const { camera, cameraName, createdAt, networkId } = clip
  if (clip.storage === "cloud") return [clip.id]
  const byName = `local:${networkId}:${normalizeName(cameraName)}:${createdAt}`
  return camera === null ? [byName] : [`local:${networkId}:${cameraKey(camera)}:${createdAt}`, byName]
}

const clipKeys = (clip: Clip): ReadonlyArray<string> => clipIdentities(clip).map(clipKey)

/** Clips of live views and photos have moments as well: their copy on a USB stick does not say what they are. */
const clipDetection = (clip: Clip) => detectionOf(clip.networkId, clipCameraKey(clip), clip.createdAt)

/** What has to be recalled before `tellClips` can judge these clips. */
export const clipMetadataKeys = (clips: ReadonlyArray<Clip>): ReadonlyArray<string> =>
  clips.flatMap((clip) => [...clipKeys(clip), ...clipDetection(clip).keys, emittedByLegacyKey(clip.id)])

/** What a source knows of the time before its first look. */
type Baseline = Pick<MediaCheckpoint, "baselineAt" | "baselineFrom">

export interface ClipEventsContext {
  readonly account: AccountId
  readonly observedAt: Timestamp
  /** `null` on the first look: what is there already is remembered, not told. */
  readonly checkpoint: Baseline | null
}

const mediaPaths = ({ thumbnail, media }: Clip) => ({
  ...(thumbnail === null ? {} : { thumbnail }),
  ...(media === null ? {} : { clip: media }),
})

const durationOf = ({ durationSeconds }: Clip) => (durationSeconds === null ? {} : { durationSeconds })

const clipData = (clip: Clip) => ({
  clipId: clip.id,
  cause: causeOf(clip),
  storage: clip.storage,
  ...durationOf(clip),
  ...(clip.partial ? { partial: true } : {}),
  ...mediaPaths(clip),
})

const hour = 3_600_000
const earlierBy = (timestamp: Timestamp, millis: number): Timestamp =>
  timestampFromMillis(timestampToMillis(timestamp) - millis)

/** Clocks of cameras, of the cloud and of this machine are off by less than this. */
const clockTolerance = hour
/** What was seen longer ago may be forgotten (`Retention.memory`); a stick may still have it, the cloud has not. */
const localClipRetention = 365 * 24 * hour

/**
 * A clip from before our first look that the first look did not list, that is known only by its end, or that is on a
 * stick which came later.
 */
const isBeforeBaseline = (
  { createdAt, deleted, storage }: Clip,
  baseline: Baseline,
  observedAt: Timestamp,
): boolean =>
  (baseline.baselineFrom !== null && createdAt < baseline.baselineFrom) ||
  ((deleted || storage === "local") && createdAt < earlierBy(baseline.baselineAt, clockTolerance)) ||
  (storage === "local" && createdAt < earlierBy(observedAt, localClipRetention))

/**
 * Turns clips that a look showed, in any order and any number of times, into events, oldest first. Pure.
 *
 * A row is news only in what is not remembered of it: a clip that is shown again because it was watched, deleted or
 * purged is no motion. A clip that is gone already when first shown still happened, if it is younger than our first
 * look. Motion and presses are told at once, even while the upload goes on; `clip.updated` follows when it is done.
 */
export const clipEvents = (
  clips: ReadonlyArray<Clip>,
  known: ReadonlyMap<string, unknown>,
  context: ClipEventsContext,
): Required<Pick<Batch, "events" | "metadata">> => {
  const events: Array<BlinkEvent> = []
  const metadata = new Map<string, ClipFlags | DedupState>()
  const getKnown = (key: string): unknown => metadata.get(key) ?? known.get(key)

  const emit = (clip: Clip, payload: EventPayload, occurredAt: Timestamp = clip.createdAt) => {
    events.push({
      ...payload,
      id: EventId.make(`${payload.kind}:${clipIdentities(clip)[0]}`),
      occurredAt,
      observedAt: context.observedAt,
      source: clip.storage === "cloud" ? "media" : "local_storage",
      subject: {
        account: context.account,
        network: clip.networkId,
        ...(clip.camera === null ? {} : { camera: clip.camera.id, kind: clip.camera.kind }),
        name: clip.cameraName,
      },
    })
  }

  const isSuppressed = (clip: Clip): boolean =>
    context.checkpoint === null || isBeforeBaseline(clip, context.checkpoint, context.observedAt)

  const emitNew = (clip: Clip): void => {
    const suppressed = isSuppressed(clip)
    // What is left untold of a stick is left to the clip in the cloud, should that still come.
    if (suppressed && clip.storage === "local") return
    const duplicate =
      getKnown(emittedByLegacyKey(clip.id)) !== undefined ||
      isDuplicate(clipDetection(clip), clip.storage, getKnown, (key, value) => metadata.set(key, value))
    if (suppressed) return
    const { id: clipId, source } = clip
    if (isPress(clip)) emit(clip, { kind: "doorbell.pressed", data: { clipId, ...mediaPaths(clip) } })
    else if (isMotion(clip) && !duplicate) {
      const cause = source === "" ? "unknown" : source
      emit(clip, { kind: "motion", data: { clipId, cause, ...durationOf(clip), ...mediaPaths(clip) } })
    }
    emit(clip, { kind: "clip.added", data: clipData(clip) })
  }

  const emitUpdate = (clip: Clip, before: ClipFlags): void => {
    if (!before.complete && !clip.partial)
      emit(clip, { kind: "clip.updated", data: clipData(clip) }, clip.updatedAt)
  }

  const oldestFirst = [...clips].sort((a, b) =>
    a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt < b.createdAt ? -1 : 1,
  )
  for (const clip of oldestFirst) {
    const keys = clipKeys(clip)
    const before = keys.map(getKnown).find((known) => isClipFlags(known)) ?? null
    const suppressed = before === null && isSuppressed(clip)
    if (before === null) emitNew(clip)
    else emitUpdate(clip, before)
    if (clip.watched && before?.watched !== true && !suppressed)
      emit(clip, { kind: "clip.watched", data: clipData(clip) }, clip.updatedAt)
    if (clip.deleted && before?.deleted !== true && !suppressed)
      emit(clip, { kind: "clip.deleted", data: clipData(clip) }, clip.updatedAt)
    const after = {
      complete: !clip.partial || before?.complete === true,
      watched: clip.watched || before?.watched === true,
      deleted: clip.deleted || before?.deleted === true,
    }
    const same =
      before?.complete === after.complete &&
      before.watched === after.watched &&
      before.deleted === after.deleted
    for (const key of keys) if (!same || getKnown(key) === undefined) metadata.set(key, after)
  }
  return { events, metadata: [...metadata].map(([key, value]) => ({ key, value })) }
}

/** When each camera last saw motion or was rung at, by `cameraKey`. */
export const lastMotionTimes = (clips: ReadonlyArray<Clip>): ReadonlyMap<string, Timestamp> => {
  const times = new Map<string, Timestamp>()
  for (const clip of clips) {
    if (clip.camera === null || !(isMotion(clip) || isPress(clip))) continue
    const key = cameraKey(clip.camera)
    const known = times.get(key)
    if (known === undefined || known < clip.createdAt) times.set(key, clip.createdAt)
  }
  return times
}
