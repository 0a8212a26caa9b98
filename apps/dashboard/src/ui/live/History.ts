import type { ClipId, HomeEvent } from "@blink-streams/model"
import { createSignal, type Accessor } from "solid-js"
import type { Entry, EventEntry } from "./entries.ts"

/** What all events of one recording say together. */
interface ClipFacts {
  readonly clipId: ClipId
  readonly clip?: string | undefined
  readonly thumbnail?: string | undefined
  readonly durationSeconds?: number | undefined
  readonly partial?: boolean | undefined
  readonly deleted: boolean
}

export interface History {
  /** Everything kept, oldest first by place in the log. */
  readonly entries: Accessor<ReadonlyArray<Entry>>
  /** Times of motion and presses of one camera, oldest first; changes only with that camera. */
  readonly activity: (camera: string) => ReadonlyArray<number>
  readonly clip: (event: HomeEvent) => ClipFacts | null
  readonly add: (entries: ReadonlyArray<Entry>) => void
  /** Events from before all others, oldest first. They are kept beyond the limit: somebody asked for them. */
  readonly addEarlier: (entries: ReadonlyArray<EventEntry>) => void
  /** Takes the fresh addresses of events that are kept already. */
  readonly renew: (events: ReadonlyArray<HomeEvent>) => void
}

/** More would make a page that is left open for a month grow; the log itself keeps far more. */
const keptAtFirst = 5_000

type ClipData = Extract<HomeEvent, { readonly data: { readonly clipId?: ClipId } }>["data"]

const clipDataOf = (event: HomeEvent): ClipData | null => ("clipId" in event.data ? event.data : null)
const clipIdOf = (event: HomeEvent): ClipId | undefined => clipDataOf(event)?.clipId

const clipFacts = (known: ClipFacts | undefined, clipId: ClipId, event: HomeEvent): ClipFacts => {
  const told: Partial<ClipFacts> = clipDataOf(event) ?? {}
  return {
    clipId,
    clip: told.clip ?? known?.clip,
    thumbnail: told.thumbnail ?? known?.thumbnail,
    durationSeconds: told.durationSeconds ?? known?.durationSeconds,
    partial: told.partial ?? (event.kind === "clip.updated" ? false : known?.partial),
    deleted: event.kind === "clip.deleted" || (known?.deleted ?? false),
  }
}

const isActivity = (entry: EventEntry) =>
  entry.event.kind === "motion" || entry.event.kind === "doorbell.pressed"

/** What happened, as far as this page keeps it in memory. */
export const createHistory = (): History => {
  let all: ReadonlyArray<Entry> = []
  let most = keptAtFirst
  const [entries, setEntries] = createSignal(all)
  const clips = new Map<ClipId, ClipFacts>()
  const activity = new Map<
    string,
    { readonly times: Accessor<ReadonlyArray<number>>; add(times: Array<number>): void }
  >()

  const activityOf = (camera: string) => {
    const known = activity.get(camera)
    if (known) return known
    const [times, setTimes] = createSignal<ReadonlyArray<number>>([])
    const made = {
      times,
      add: (more: Array<number>) =>
        setTimes((before) => [...before, ...more].sort((a, b) => a - b).slice(-500)),
    }
    activity.set(camera, made)
    return made
  }

  const forgetClips = (gone: ReadonlyArray<Entry>) => {
    for (const entry of gone) {
      const id = entry.type === "event" ? clipIdOf(entry.event) : undefined
      if (id !== undefined) clips.delete(id)
    }
  }

  /** What the entries say of clips and of cameras' activity. */
  const learn = (added: ReadonlyArray<Entry>) => {
    const byCamera = new Map<string, Array<number>>()
    for (const entry of added) {
      if (entry.type === "gap") continue
      const id = clipIdOf(entry.event)
      if (id !== undefined) clips.set(id, clipFacts(clips.get(id), id, entry.event))
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
      learn(added)
      const together = [...all, ...added]
      const excess = Math.max(0, together.length - most)
      forgetClips(together.slice(0, excess))
      all = together.slice(excess)
      setEntries(all)
    },
    addEarlier: (added) => {
      learn(added)
      most += added.length
      all = [...added, ...all]
      setEntries(all)
    },
    renew: (events) => {
      for (const event of events) {
        const id = clipIdOf(event)
        const known = id === undefined ? undefined : clips.get(id)
        if (id !== undefined && known !== undefined) clips.set(id, clipFacts(known, id, event))
      }
      setEntries([...all])
    },
  }
}
