import { Filter } from "@blink-streams/protocol"
import { Effect, Schema } from "effect"
import { problem } from "../../errors/Problem.ts"
import { knownTopics } from "../../replay/matchesSubscription.ts"

const optionalText = Schema.optionalKey(Schema.String)

/**
 * Query of `GET /v1/events`: topics and filter of a subscription, and the range of a page: after a cursor (`since`) or up
 * to a cursor (`until`), with at most `limit` events. Lists are separated by commas.
 */
export const EventQuery = Schema.Struct({
  topics: optionalText,
  kinds: optionalText,
  accounts: optionalText,
  networks: optionalText,
  cameras: optionalText,
  minSeverity: optionalText,
  backfilled: Schema.optionalKey(Schema.Literals(["true", "false"])),
  since: optionalText,
  until: optionalText,
  limit: optionalText,
})
export type EventQuery = typeof EventQuery.Type

const splitList = (list: string) => list.split(",")
/** Text that is not a number becomes `NaN`, which the filter rejects. `Number` would read empty text as 0. */
const parseIds = (list: string) =>
  splitList(list).map((listItem) => (/^\d+$/.test(listItem) ? Number(listItem) : Number.NaN))

const decodeFilter = Schema.decodeUnknownEffect(Filter)

/** Converts a query to topics and a filter. Fails with `unsupported` (topic) or `malformed` (filter). */
export const toSubscription = Effect.fnUntraced(function* (query: EventQuery) {
  const { kinds, accounts, networks, cameras, minSeverity, backfilled } = query
  const topics = splitList(query.topics ?? "*")
  if (topics.some((topic) => topic !== "*" && !knownTopics.has(topic)))
    return yield* problem("unsupported", `no such topic; known topics: ${[...knownTopics].join(", ")}`)
  const filter = yield* decodeFilter({
    ...(kinds === undefined ? {} : { kinds: splitList(kinds) }),
    ...(accounts === undefined ? {} : { accounts: parseIds(accounts) }),
    ...(networks === undefined ? {} : { networks: parseIds(networks) }),
    ...(cameras === undefined ? {} : { cameras: parseIds(cameras) }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
    ...(backfilled === undefined ? {} : { backfilled: backfilled === "true" }),
  }).pipe(Effect.catch(() => problem("malformed", "the filter is invalid")))
  return { topics, filter, ...(query.since === undefined ? {} : { since: query.since }) }
})
