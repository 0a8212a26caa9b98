import type { EventEntry } from "../state/logEntries.ts"

/**
 * Intervals of a day, in minutes, in which a network was armed, from its arm changes of that day (any order). The state
 * before the first change is the `from` of that change. Without a change the state is unknown and the result is empty.
 */
export const armedIntervals = (
  entries: ReadonlyArray<EventEntry>,
  endMinute: number,
): ReadonlyArray<readonly [from: number, to: number]> => {
  const changes = entries
    .flatMap(({ event, minute, at }) => (event.kind === "arm.changed" ? [{ ...event.data, minute, at }] : []))
    .sort((a, b) => a.at - b.at)
  const intervals: Array<readonly [number, number]> = []
  let since = changes[0]?.from === "armed" || changes[0]?.from === "disarming" ? 0 : null
  for (const { to, minute } of changes) {
    const armed = to === "armed" || to === "disarming"
    if (armed) since ??= minute
    else if (since !== null) {
      intervals.push([since, minute])
      since = null
    }
  }
  if (since !== null) intervals.push([since, endMinute])
  return intervals.filter(([from, to]) => to > from)
}
