import { parseCursor, Seq } from "@blink-streams/model"
import { Filter } from "@blink-streams/protocol/ClientMessage"
import { Effect, Schema } from "effect"
import { topics as knownTopics } from "../../Subscription.ts"
import type { Cut } from "../snapshotBody.ts"
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

const words = (list: string) => list.split(",")
/** What is no number becomes none that a filter takes: an empty word would be 0. */
const numbers = (list: string) => words(list).map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN))

const decodeFilter = Schema.decodeUnknownEffect(Filter)

/** The subscription that a query stands for. */
export const wantedOf = Effect.fnUntraced(function* (query: EventQuery) {
  const { kinds, accounts, networks, cameras, minSeverity } = query
  const topics = words(query.topics ?? "*")
  if (topics.some((topic) => topic !== "*" && !knownTopics.has(topic)))
    return yield* problem("unsupported", `no such topic; there are: ${[...knownTopics].join(", ")}`)
  const filter = yield* decodeFilter({
    ...(kinds === undefined ? {} : { kinds: words(kinds) }),
    ...(accounts === undefined ? {} : { accounts: numbers(accounts) }),
    ...(networks === undefined ? {} : { networks: numbers(networks) }),
    ...(cameras === undefined ? {} : { cameras: numbers(cameras) }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
  }).pipe(Effect.catch(() => problem("malformed", "the filter can't be read")))
  return { topics, filter }
})

/** `epoch:seq`, or `seq` alone of the log that is here now; `null` when it is neither. */
export const parsePlace = (text: string, cut: Cut) =>
  /^\d{1,15}$/.test(text) ? { epoch: cut.epoch, seq: Seq.make(Number(text)) } : parseCursor(text)
