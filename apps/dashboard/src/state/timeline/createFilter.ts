import { createSignal, type Accessor } from "solid-js"
import { type EventGroup, eventGroupOf } from "../../format/eventGroup.ts"
import type { LogEntry } from "../logEntries.ts"

/** Filter of the timeline: groups of event kinds, and one camera. */
export interface TimelineFilter {
  readonly isHidden: (group: EventGroup) => boolean
  readonly toggle: (group: EventGroup) => void
  /** Key of the camera; `null` for all. */
  readonly camera: Accessor<string | null>
  readonly setCamera: (camera: string | null) => void
  /** Gaps always match. */
  readonly matches: (entry: LogEntry) => boolean
}

/** Filter of all cameras without clips and system events. */
export const createFilter = (): TimelineFilter => {
  const [hidden, setHidden] = createSignal<ReadonlySet<EventGroup>>(new Set<EventGroup>(["clips", "system"]))
  const [camera, setCamera] = createSignal<string | null>(null)
  return {
    isHidden: (group) => hidden().has(group),
    toggle: (group) => {
      const next = new Set(hidden())
      if (!next.delete(group)) next.add(group)
      setHidden(next)
    },
    camera,
    setCamera,
    matches: (entry) =>
      entry.type === "gap" ||
      entry.event.kind === "gap" ||
      (!hidden().has(eventGroupOf(entry.event.kind)) && (camera() === null || entry.camera === camera())),
  }
}
