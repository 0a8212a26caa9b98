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

/** True when topics and filter of a subscription match the event. */
export const matchesSubscription = (
  { topics, filter = {} }: Pick<Subscribe, "topics" | "filter">,
  event: BlinkEvent,
): boolean => (topics.includes("*") || topics.includes(topicOf[event.kind])) && matchesFilter(filter, event)
