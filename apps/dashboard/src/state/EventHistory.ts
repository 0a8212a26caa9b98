import type { ClipId, BlinkEvent } from "@blink-streams/model"
import { createSignal, type Accessor } from "solid-js"
import type { LogEntry, EventEntry } from "./logEntries.ts"
import { isBackfilled, orderBackfilled } from "./orderBackfilled.ts"

/** A clip's details, merged from all events about it. */
interface ClipDetails {
  readonly clipId: ClipId
  readonly clip?: string | undefined
  readonly thumbnail?: string | undefined
  readonly durationSeconds?: number | undefined
  readonly partial?: boolean | undefined
  readonly deleted: boolean
}

/** The events that this page keeps in memory. */
export interface EventHistory {
  /** Events and gaps in the order of the log, oldest first; backfilled events before what occurred later. */
  readonly entries: Accessor<ReadonlyArray<LogEntry>>
  /** Times (ms) of motion and doorbell presses of one camera, oldest first, at most 500. Tracked per camera. */
  readonly activity: (camera: string) => ReadonlyArray<number>
  readonly clip: (event: BlinkEvent) => ClipDetails | null
  readonly add: (entries: ReadonlyArray<LogEntry>) => void
  /** Adds events that precede all others, oldest first. The capacity grows by their number. */
  readonly addEarlier: (entries: ReadonlyArray<EventEntry>) => void
  /** Replaces the media URLs of events that are already kept. */
  readonly refreshUrls: (events: ReadonlyArray<BlinkEvent>) => void
}

/** Bounds the memory of a page that stays open for weeks. */
const defaultCapacity = 5_000

type ClipData = Extract<BlinkEvent, { readonly data: { readonly clipId?: ClipId } }>["data"]

const clipDataOf = (event: BlinkEvent): ClipData | null => ("clipId" in event.data ? event.data : null)
const clipIdOf = (event: BlinkEvent): ClipId | undefined => clipDataOf(event)?.clipId

const mergeClipDetails = (known: ClipDetails | undefined, clipId: ClipId, event: BlinkEvent): ClipDetails => {
  const update: Partial<ClipDetails> = clipDataOf(event) ?? {}
  return {
    clipId,
    clip: update.clip ?? known?.clip,
    thumbnail: update.thumbnail ?? known?.thumbnail,
    durationSeconds: update.durationSeconds ?? known?.durationSeconds,
    partial: update.partial ?? (event.kind === "clip.updated" ? false : known?.partial),
    deleted: event.kind === "clip.deleted" || (known?.deleted ?? false),
  }
}

const isActivity = (entry: EventEntry) =>
  entry.event.kind === "motion" || entry.event.kind === "doorbell.pressed"

/** Creates an empty history with a capacity of 5,000 entries; the oldest are dropped first. */
export const createEventHistory = (): EventHistory => {
  let all: ReadonlyArray<LogEntry> = []
  let capacity = defaultCapacity
  const [entries, setEntries] = createSignal(all)
  const clips = new Map<ClipId, ClipDetails>()
  const activity = new Map<
    string,
    { readonly times: Accessor<ReadonlyArray<number>>; add(times: Array<number>): void }
  >()

  const activityOf = (camera: string) => {
    const known = activity.get(camera)
    if (known) return known
    const [times, setTimes] = createSignal<ReadonlyArray<number>>([])
    const created = {
      times,
      add: (more: Array<number>) =>
        setTimes((previous) => [...previous, ...more].sort((a, b) => a - b).slice(-500)),
    }
    activity.set(camera, created)
    return created
  }

  const dropClips = (removed: ReadonlyArray<LogEntry>) => {
    for (const entry of removed) {
      const id = entry.type === "event" ? clipIdOf(entry.event) : undefined
      if (id !== undefined) clips.delete(id)
    }
  }

  /** Updates `clips` and `activity` from new entries. */
  const index = (added: ReadonlyArray<LogEntry>) => {
    const byCamera = new Map<string, Array<number>>()
    for (const entry of added) {
      if (entry.type === "gap") continue
      const id = clipIdOf(entry.event)
      if (id !== undefined) clips.set(id, mergeClipDetails(clips.get(id), id, entry.event))
      if (entry.camera === null || !isActivity(entry)) continue
      const times = byCamera.get(entry.camera) ?? []
      times.push(entry.at)
      byCamera.set(entry.camera, times)
    }
    for (const [camera, times] of byCamera) activityOf(camera).add(times)
  }

  return {
    entries,
    activity: (camera) => activityOf(camera).times(),
    clip: (event) => {
      entries()
      const id = clipIdOf(event)
      return id === undefined ? null : (clips.get(id) ?? null)
    },
    add: (added) => {
      index(added)
      const appended = [...all, ...added]
      const combined = added.some(isBackfilled) ? orderBackfilled(appended) : appended
      const excess = Math.max(0, combined.length - capacity)
      dropClips(combined.slice(0, excess))
      all = combined.slice(excess)
      setEntries(all)
    },
    addEarlier: (added) => {
      index(added)
      capacity += added.length
      all = orderBackfilled([...added, ...all])
      setEntries(all)
    },
    refreshUrls: (events) => {
      for (const event of events) {
        const id = clipIdOf(event)
        const known = id === undefined ? undefined : clips.get(id)
        if (id !== undefined && known !== undefined) clips.set(id, mergeClipDetails(known, id, event))
      }
      setEntries([...all])
    },
  }
}
