import type { BlinkApi } from "@blink-streams/core/BlinkApi"
import { legacy } from "@blink-streams/core/endpoints/catalog"
import { type AccountState, type NetworkId, Timestamps } from "@blink-streams/model"
import { Clock, Effect, Schema, SubscriptionRef } from "effect"
import type { EventLog } from "../EventLog.ts"
import { type EventRow, rowsToRecall, tellRows } from "../eventRows.ts"
import type { SourceRules } from "./source.ts"

export const eventRowsName = "events"

/** Networks whose rows were looked at before: the first look at one tells nothing. */
export const EventRowsCheckpoint = Schema.Struct({ known: Schema.Array(Schema.Int) })
export type EventRowsCheckpoint = typeof EventRowsCheckpoint.Type

interface Seen {
  readonly network: NetworkId | null
  readonly rows: ReadonlyArray<EventRow>
}

/**
 * The seed's list of events, one network a look, in turn: the number of requests does not grow with the home.
 * Today's cloud has withdrawn it, which switches the source off.
 */
export const eventRowsSource = (options: {
  readonly api: BlinkApi["Service"]
  readonly log: EventLog["Service"]
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly checkpoint: EventRowsCheckpoint | null
  readonly lookAtHome: Effect.Effect<void>
  readonly interval: SourceRules<unknown>["interval"]
}): SourceRules<Seen> => {
  let { known } = options.checkpoint ?? { known: [] }
  let turn = 0
  return {
    name: eventRowsName,
    fetch: Effect.gen(function* () {
      const { networks } = yield* SubscriptionRef.get(options.state)
      const network = networks[turn % Math.max(1, networks.length)]?.id ?? null
      turn += 1
      if (network === null) return { network, rows: [] }
      const { event } = yield* options.api.call(legacy.events, { network })
      return { network, rows: event ?? [] }
    }),
    judge: ({ network, rows }, _home, { account }) =>
      Effect.gen(function* () {
        if (network === null) return {}
        const recalled = yield* options.log.recall(account, rowsToRecall(rows, network))
        const observedAt = Timestamps.fromMillis(yield* Clock.currentTimeMillis)
        const baseline = !known.includes(network)
        const told = tellRows(rows, recalled, { account, network, observedAt, baseline })
        if (told.lookAtHome) yield* options.lookAtHome
        if (!baseline) return { events: told.events, memory: told.memory }
        const after = [...known, network]
        return {
          events: told.events,
          memory: told.memory,
          checkpoints: [{ source: eventRowsName, value: { known: after } }],
          whenWritten: () => {
            known = after
          },
        }
      }),
    interval: options.interval,
  }
}
