import { parseCursor, Seq } from "@blink-streams/model"
import { Filter } from "@blink-streams/protocol"
import { Effect, Schema } from "effect"
import { knownTopics as knownTopics } from "../replay/matchesSubscription.ts"
import type { LogSnapshot } from "../views/snapshotBody.ts"
import { problem } from "./Problem.ts"

const optionalText = Schema.optionalKey(Schema.String)

/** `?topics=motion,arm&kinds=clip.*&networks=1,2&after=…`: the filter of a subscription, and a place. */
export const EventQuery = Schema.Struct({
  topics: optionalText,
  kinds: optionalText,
  accounts: optionalText,
  networks: optionalText,
  cameras: optionalText,
  minSeverity: optionalText,
  after: optionalText,
  limit: optionalText,
})
export type EventQuery = typeof EventQuery.Type

const splitList = (list: string) => list.split(",")
/** What is no number becomes none that a filter takes: an empty word would be 0. */
const parseIds = (list: string) =>
  splitList(list).map((listItem) => (/^\d+$/.test(listItem) ? Number(listItem) : Number.NaN))

const decodeFilter = Schema.decodeUnknownEffect(Filter)

/** The subscription that a query stands for. */
export const toSubscription = Effect.fnUntraced(function* (query: EventQuery) {
  const { kinds, accounts, networks, cameras, minSeverity } = query
  const topics = splitList(query.topics ?? "*")
  if (topics.some((topic) => topic !== "*" && !knownTopics.has(topic)))
    return yield* problem("unsupported", `no such topic; there are: ${[...knownTopics].join(", ")}`)
  const filter = yield* decodeFilter({
    ...(kinds === undefined ? {} : { kinds: splitList(kinds) }),
    ...(accounts === undefined ? {} : { accounts: parseIds(accounts) }),
    ...(networks === undefined ? {} : { networks: parseIds(networks) }),
    ...(cameras === undefined ? {} : { cameras: parseIds(cameras) }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
  }).pipe(Effect.catch(() => problem("malformed", "the filter can't be read")))
  return { topics, filter }
})

/** `epoch:seq`, or `seq` alone of the log that is here now; `null` when it is neither. */
export const parsePosition = (text: string, logSnapshot: LogSnapshot) =>
  /^\d{1,15}$/.test(text) ? { epoch: logSnapshot.epoch, seq: Seq.make(Number(text)) } : parseCursor(text)
