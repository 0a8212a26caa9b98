import { manifestCameraName } from "@blink-streams/core"
import {
  type AccountId,
  cameraKey,
  type Clip,
  EventId,
  type BlinkEvent,
  type Timestamp,
} from "@blink-streams/model"
import { Schema } from "effect"
import type { Batch } from "../../EventLogContract.ts"
import { type Novelty, noveltyOf, type PollContext } from "./clipNovelty.ts"
import { clipKey, isDuplicate, type DedupState, detectionOf, emittedByLegacyKey } from "./motionDedup.ts"
import type { EventPayload } from "./EventBuilder.ts"

/** Remembered flags of a clip. Each becomes true once and stays true, whatever the order of the rows. */
const ClipFlags = Schema.Struct({
  complete: Schema.Boolean,
  watched: Schema.Boolean,
  deleted: Schema.Boolean,
})
type ClipFlags = typeof ClipFlags.Type
const isClipFlags = Schema.is(ClipFlags)

/** USB storage does not report the source of a clip (`Clip.source`): there, a clip without one counts as motion. */
const isMotion = ({ source, storage }: Clip): boolean =>
  source === null ? storage === "local" : source === "pir" || source === "cv_motion"
const isPress = ({ source }: Clip): boolean => source === "button_press"

const causeOf = (clip: Clip): string => {
  if (isMotion(clip)) return "motion"
  return isPress(clip) ? "doorbell" : (clip.source ?? "unknown")
}

/** Camera of a clip, as a key that other lists use as well. */
const clipCameraKey = ({ camera, cameraName }: Clip): string =>
  camera === null ? cameraName : cameraKey(camera)

/**
 * Identities of a clip; the first one is part of its event ids. A clip on USB storage is renumbered when the sync
 * module restarts: its camera and time identify it. After a rename the manifest may have the old or the new name, and
 * only one of them leads to the camera, so both count.
 */
const clipIdentities = (clip: Clip): readonly [string, ...ReadonlyArray<string>] => {
  const { camera, cameraName, createdAt, networkId } = clip
  if (clip.storage === "cloud") return [clip.id]
  const byName = `local:${networkId}:${manifestCameraName(cameraName)}:${createdAt}`
  return camera === null ? [byName] : [`local:${networkId}:${cameraKey(camera)}:${createdAt}`, byName]
}

const clipKeys = (clip: Clip): ReadonlyArray<string> => clipIdentities(clip).map(clipKey)

/** Clips of live views and photos are detections as well: their copies on USB storage do not show their source. */
const clipDetection = (clip: Clip) => detectionOf(clip.networkId, clipCameraKey(clip), clip.createdAt)

/** Keys of the metadata that `clipEvents` needs for these clips. */
export const clipMetadataKeys = (clips: ReadonlyArray<Clip>): ReadonlyArray<string> =>
  clips.flatMap((clip) => [...clipKeys(clip), ...clipDetection(clip).keys, emittedByLegacyKey(clip.id)])

export interface ClipEventsContext extends PollContext {
  readonly account: AccountId
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

/**
 * Converts listed clips, in any order and any number of times, into events, oldest first. Pure.
 *
 * Only a flag that is not remembered produces an event: a clip that is listed again because it was watched, deleted or
 * purged is no motion. A clip that is deleted when it is first listed still happened if it is younger than the first
 * poll; what was watched or deleted before that is no event. Motion and doorbell presses are emitted at once, even during
 * the upload; `clip.updated` follows after it.
 */
export const clipEvents = (
  clips: ReadonlyArray<Clip>,
  known: ReadonlyMap<string, unknown>,
  context: ClipEventsContext,
): Required<Pick<Batch, "events" | "metadata">> => {
  const events: Array<BlinkEvent> = []
  const metadata = new Map<string, ClipFlags | DedupState>()
  const getKnown = (key: string): unknown => metadata.get(key) ?? known.get(key)

  const emit = (
    clip: Clip,
    payload: EventPayload,
    { novelty, occurredAt = clip.createdAt }: { readonly novelty: Novelty; readonly occurredAt?: Timestamp },
  ) => {
    events.push({
      ...payload,
      id: EventId.make(`${payload.kind}:${clipIdentities(clip)[0]}`),
      occurredAt,
      observedAt: context.observedAt,
      source: clip.storage === "cloud" ? "clips" : "usb_storage",
      subject: {
        account: context.account,
        network: clip.networkId,
        ...(clip.camera === null ? {} : { camera: clip.camera.id, kind: clip.camera.kind }),
        name: clip.cameraName,
      },
      ...(novelty === "history" ? { backfilled: true } : {}),
    })
  }

  const emitAdded = (clip: Clip, novelty: Novelty): void => {
    // A suppressed clip of USB storage is left to its copy in the cloud, should that still come.
    if (novelty === "suppressed" && clip.storage === "local") return
    const duplicate =
      getKnown(emittedByLegacyKey(clip.id)) !== undefined ||
      isDuplicate(clipDetection(clip), clip.storage, getKnown, (key, value) => metadata.set(key, value))
    if (novelty === "suppressed") return
    const { id: clipId, source } = clip
    if (isPress(clip))
      emit(clip, { kind: "doorbell.pressed", data: { clipId, ...mediaPaths(clip) } }, { novelty })
    else if (isMotion(clip) && !duplicate) {
      const cause = source ?? "unknown"
      const data = { clipId, cause, ...durationOf(clip), ...mediaPaths(clip) }
      emit(clip, { kind: "motion", data }, { novelty })
    }
    emit(clip, { kind: "clip.added", data: clipData(clip) }, { novelty })
  }

  const emitChange = (clip: Clip, kind: "clip.updated" | "clip.watched" | "clip.deleted"): void =>
    emit(clip, { kind, data: clipData(clip) }, { novelty: "new", occurredAt: clip.updatedAt })

  const oldestFirst = [...clips].sort((a, b) =>
    a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt < b.createdAt ? -1 : 1,
  )
  for (const clip of oldestFirst) {
    const keys = clipKeys(clip)
    const before = keys.map(getKnown).find((known) => isClipFlags(known)) ?? null
    const novelty = before === null ? noveltyOf(clip, context) : "new"
    if (before === null) emitAdded(clip, novelty)
    else if (!before.complete && !clip.partial) emitChange(clip, "clip.updated")
    if (novelty === "new") {
      if (clip.watched && before?.watched !== true) emitChange(clip, "clip.watched")
      if (clip.deleted && before?.deleted !== true) emitChange(clip, "clip.deleted")
    }
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

/** Time of each camera's last motion or doorbell press, by `cameraKey`. */
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
