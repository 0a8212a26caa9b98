import { type BlinkEvent, Severity, topicOf } from "@blink-streams/model"
import { severityOf } from "@blink-streams/model/presentation"
import type { Filter, Subscribe } from "@blink-streams/protocol"

/** All topics of the protocol. */
export const knownTopics: ReadonlySet<string> = new Set(Object.values(topicOf))

const matchesKind = (patterns: ReadonlyArray<string>, kind: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? kind.startsWith(pattern.slice(0, -1)) : pattern === kind,
  )

const isAtLeast = (kind: BlinkEvent["kind"], minimum: Severity): boolean =>
  Severity.literals.indexOf(severityOf[kind]) >= Severity.literals.indexOf(minimum)

const matchesFilter = (filter: Filter, { kind, subject }: BlinkEvent): boolean =>
  (filter.accounts === undefined || filter.accounts.includes(subject.account)) &&
  (filter.networks === undefined ||
    (subject.network !== undefined && filter.networks.includes(subject.network))) &&
  (filter.cameras === undefined ||
    (subject.camera !== undefined && filter.cameras.includes(subject.camera))) &&
  (filter.kinds === undefined || matchesKind(filter.kinds, kind)) &&
  (filter.minSeverity === undefined || isAtLeast(kind, filter.minSeverity))

/** The part of a subscription that selects events. */
export type Selection = Pick<Subscribe, "topics" | "filter" | "since">

/** True when a subscription includes the events from before its accounts were first monitored. */
export const includesBackfilled = ({ filter, since }: Selection): boolean =>
  filter?.backfilled ?? since === "beginning"

/** True when topics and filter of a subscription match the event. */
export const matchesSubscription = (selection: Selection, event: BlinkEvent): boolean => {
  const { topics, filter = {} } = selection
  return (
    (topics.includes("*") || topics.includes(topicOf[event.kind])) &&
    (event.backfilled !== true || includesBackfilled(selection)) &&
    matchesFilter(filter, event)
  )
}
