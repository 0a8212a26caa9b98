import { createMemo, createSignal, type Accessor } from "solid-js"
import { localDay } from "../../format/dateTime.ts"
import type { LogEntry } from "../logEntries.ts"
import { coarseNow } from "../signals/now.ts"

/** Days of the timeline, newest first, and the selected one. */
export interface Days {
  readonly today: Accessor<ReturnType<typeof localDay>>
  readonly selected: Accessor<string>
  readonly isNewest: Accessor<boolean>
  readonly isOldest: Accessor<boolean>
  /** Selects the day before (1) or after (-1). */
  move(step: 1 | -1): void
}

/** Days with entries, and today. The newest is selected until `move`. */
export const createDays = (
  entries: Accessor<ReadonlyArray<LogEntry>>,
  timeZone: Accessor<string | null>,
): Days => {
  const [moved, setMoved] = createSignal<string | null>(null)
  const today = () => localDay(coarseNow(), timeZone())
  const all = createMemo(
    () => [...new Set([today().day, ...entries().map(({ day }) => day)])].sort().toReversed(),
    [],
    { equals: (a, b) => a.join() === b.join() },
  )
  const selected = () => moved() ?? all()[0]!
  return {
    today,
    selected,
    isNewest: () => all().indexOf(selected()) === 0,
    isOldest: () => all().indexOf(selected()) === all().length - 1,
    move: (step) => {
      const next = all()[all().indexOf(selected()) + step]
      if (next !== undefined) setMoved(next)
    },
  }
}
