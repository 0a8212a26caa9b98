import type { EventKind } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol"
import type { ClientEventsOptions } from "../../Client.ts"

const matchesKind = (kind: string, patterns: ReadonlyArray<string>): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? kind.startsWith(pattern.slice(0, -1)) : kind === pattern,
  )

/** Gaps are always included: they say that events of the other kinds may be missing. */
const withGap = (kinds: ReadonlyArray<EventKind>): ReadonlyArray<EventKind> => [...kinds, "gap"]

/** Returns topics and filter of an iteration: those of the connection, narrowed by the options. */
export const subscriptionRequest = (
  { topics, filter = {} }: Pick<Subscribe, "topics" | "filter">,
  { kinds, backfilled }: Pick<ClientEventsOptions, "kinds" | "backfilled">,
  since: string | undefined,
): Pick<Subscribe, "topics" | "filter"> => {
  const patterns = filter.kinds
  const selected = kinds?.filter((kind) => patterns === undefined || matchesKind(kind, patterns))
  // Explicit, because the subscriptions that follow continue at a cursor.
  const includesBackfilled = since === "beginning" ? (backfilled ?? true) : backfilled
  const narrowed = {
    ...filter,
    ...(selected === undefined ? {} : { kinds: withGap(selected) }),
    ...(includesBackfilled === undefined ? {} : { backfilled: includesBackfilled }),
  }
  return { topics, ...(Object.keys(narrowed).length === 0 ? {} : { filter: narrowed }) }
}
