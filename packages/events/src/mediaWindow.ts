import {
  type AccountId,
  cameraKey,
  type Clip,
  EventId,
  type HomeEvent,
  type Timestamp,
  Timestamps,
} from "@blink-streams/model"
import { Schema } from "effect"
import { bareName } from "./internal/bareName.ts"
import type { MediaCheckpoint } from "./MediaCheckpoint.ts"
import type { Batch } from "./EventLog.ts"
import { clipKey, isToldBy, type MomentMemory, momentOf, toldByRowKey } from "./moments.ts"
import type { Fact } from "./Teller.ts"

/** What is remembered of a clip. Each turns true once and stays so, whatever order the rows arrive in. */
const ClipMemory = Schema.Struct({
  complete: Schema.Boolean,
  watched: Schema.Boolean,
  deleted: Schema.Boolean,
})
type ClipMemory = typeof ClipMemory.Type
const isClipMemory = Schema.is(ClipMemory)

/** A manifest of a USB stick does not say why; what is recorded there without a word was motion. */
const isMotion = ({ source, storage }: Clip): boolean =>
  source === "pir" || source === "cv_motion" || (storage === "local" && source === "")
const isPress = ({ source }: Clip): boolean => source === "button_press"

const causeOf = (clip: Clip): string => {
  if (isMotion(clip)) return "motion"
  return isPress(clip) ? "doorbell" : clip.source
}

/** Where a clip was made, in words that other lists use as well. */
const placeOf = ({ camera, cameraName }: Clip): string => (camera === null ? cameraName : cameraKey(camera))

/**
 * Under what a clip is known, the one that goes into the ids of its events first. A clip of a USB stick is renumbered
 * when the hub restarts: its place and time are its identity. When its camera is renamed, the list has the old name or
 * the new one, and one of the two no longer leads to the camera: so it is known by both.
 */
const identitiesOf = (clip: Clip): readonly [string, ...ReadonlyArray<string>] => {
  const { camera, cameraName, createdAt, networkId } = clip
  if (clip.storage === "cloud") return [clip.id]
  const byName = `local:${networkId}:${bareName(cameraName)}:${createdAt}`
  return camera === null ? [byName] : [`local:${networkId}:${cameraKey(camera)}:${createdAt}`, byName]
}

const clipKeys = (clip: Clip): ReadonlyArray<string> => identitiesOf(clip).map(clipKey)

/** Clips of live views and photos have moments as well: their copy on a USB stick does not say what they are. */
const clipMoment = (clip: Clip) => momentOf(clip.networkId, placeOf(clip), clip.createdAt)

/** What has to be recalled before `tellClips` can judge these clips. */
export const keysToRecall = (clips: ReadonlyArray<Clip>): ReadonlyArray<string> =>
  clips.flatMap((clip) => [...clipKeys(clip), ...clipMoment(clip).keys, toldByRowKey(clip.id)])

/** What a source knows of the time before its first look. */
type Beginning = Pick<MediaCheckpoint, "baselineAt" | "knownBefore">

export interface ClipsLook {
  readonly account: AccountId
  readonly observedAt: Timestamp
  /** `null` on the first look: what is there already is remembered, not told. */
  readonly checkpoint: Beginning | null
}

const pictureOf = ({ thumbnail, media }: Clip) => ({
  ...(thumbnail === null ? {} : { thumbnail }),
  ...(media === null ? {} : { clip: media }),
})

const lengthOf = ({ durationSeconds }: Clip) => (durationSeconds === null ? {} : { durationSeconds })

const wordsOf = (clip: Clip) => ({
  clipId: clip.id,
  cause: causeOf(clip),
  storage: clip.storage,
  ...lengthOf(clip),
  ...(clip.partial ? { partial: true } : {}),
  ...pictureOf(clip),
})

const hour = 3_600_000
const earlierBy = (timestamp: Timestamp, millis: number): Timestamp =>
  Timestamps.fromMillis(Timestamps.toMillis(timestamp) - millis)

/** Clocks of cameras, of the cloud and of this machine are off by less than this. */
const clockDoubt = hour
/** What was seen longer ago may be forgotten (`Retention.memory`); a stick may still have it, the cloud has not. */
const stickKnownFor = 365 * 24 * hour

/**
 * A clip from before our first look that the first look did not list, that is known only by its end, or that is on a
 * stick which came later.
 */
const isOld = ({ createdAt, deleted, storage }: Clip, begin: Beginning, observedAt: Timestamp): boolean =>
  (begin.knownBefore !== null && createdAt < begin.knownBefore) ||
  ((deleted || storage === "local") && createdAt < earlierBy(begin.baselineAt, clockDoubt)) ||
  (storage === "local" && createdAt < earlierBy(observedAt, stickKnownFor))

/**
 * Turns clips that a look showed, in any order and any number of times, into events, oldest first. Pure.
 *
 * A row is news only in what is not remembered of it: a clip that is shown again because it was watched, deleted or
 * purged is no motion. A clip that is gone already when first shown still happened, if it is younger than our first
 * look. Motion and presses are told at once, even while the upload goes on; `clip.updated` follows when it is done.
 */
export const tellClips = (
  clips: ReadonlyArray<Clip>,
  recalled: ReadonlyMap<string, unknown>,
  look: ClipsLook,
): Required<Pick<Batch, "events" | "memory">> => {
  const events: Array<HomeEvent> = []
  const memory = new Map<string, ClipMemory | MomentMemory>()
  const recall = (key: string): unknown => memory.get(key) ?? recalled.get(key)

  const tell = (clip: Clip, fact: Fact, occurredAt: Timestamp = clip.createdAt) => {
    events.push({
      ...fact,
      id: EventId.make(`${fact.kind}:${identitiesOf(clip)[0]}`),
      occurredAt,
      observedAt: look.observedAt,
      source: clip.storage === "cloud" ? "media" : "local_storage",
      subject: {
        account: look.account,
        network: clip.networkId,
        ...(clip.camera === null ? {} : { camera: clip.camera.id, kind: clip.camera.kind }),
        name: clip.cameraName,
      },
    })
  }

  const isNoNews = (clip: Clip): boolean =>
    look.checkpoint === null || isOld(clip, look.checkpoint, look.observedAt)

  const first = (clip: Clip): void => {
    const silent = isNoNews(clip)
    // What is left untold of a stick is left to the clip in the cloud, should that still come.
    if (silent && clip.storage === "local") return
    const copy =
      recall(toldByRowKey(clip.id)) !== undefined ||
      isToldBy(clipMoment(clip), clip.storage, recall, (key, value) => memory.set(key, value))
    if (silent) return
    const { id: clipId, source } = clip
    if (isPress(clip)) tell(clip, { kind: "doorbell.pressed", data: { clipId, ...pictureOf(clip) } })
    else if (isMotion(clip) && !copy) {
      const cause = source === "" ? "unknown" : source
      tell(clip, { kind: "motion", data: { clipId, cause, ...lengthOf(clip), ...pictureOf(clip) } })
    }
    tell(clip, { kind: "clip.added", data: wordsOf(clip) })
  }

  const again = (clip: Clip, before: ClipMemory): void => {
    if (!before.complete && !clip.partial)
      tell(clip, { kind: "clip.updated", data: wordsOf(clip) }, clip.updatedAt)
  }

  const oldestFirst = [...clips].sort((a, b) =>
    a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt < b.createdAt ? -1 : 1,
  )
  for (const clip of oldestFirst) {
    const keys = clipKeys(clip)
    const before = keys.map(recall).find((known) => isClipMemory(known)) ?? null
    const silent = before === null && isNoNews(clip)
    if (before === null) first(clip)
    else again(clip, before)
    if (clip.watched && before?.watched !== true && !silent)
      tell(clip, { kind: "clip.watched", data: wordsOf(clip) }, clip.updatedAt)
    if (clip.deleted && before?.deleted !== true && !silent)
      tell(clip, { kind: "clip.deleted", data: wordsOf(clip) }, clip.updatedAt)
    const after = {
      complete: !clip.partial || before?.complete === true,
      watched: clip.watched || before?.watched === true,
      deleted: clip.deleted || before?.deleted === true,
    }
    const same =
      before?.complete === after.complete &&
      before.watched === after.watched &&
      before.deleted === after.deleted
    for (const key of keys) if (!same || recall(key) === undefined) memory.set(key, after)
  }
  return { events, memory: [...memory].map(([key, value]) => ({ key, value })) }
}

/** When each camera last saw motion or was rung at, by `cameraKey`. */
export const lastMoments = (clips: ReadonlyArray<Clip>): ReadonlyMap<string, Timestamp> => {
  const moments = new Map<string, Timestamp>()
  for (const clip of clips) {
    if (clip.camera === null || !(isMotion(clip) || isPress(clip))) continue
    const key = cameraKey(clip.camera)
    const known = moments.get(key)
    if (known === undefined || known < clip.createdAt) moments.set(key, clip.createdAt)
  }
  return moments
}
