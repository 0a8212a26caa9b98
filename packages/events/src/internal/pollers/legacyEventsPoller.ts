import type { BlinkApi, LegacyEvent } from "@blink-streams/core"
import { type AccountState, type NetworkId, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Schema, SubscriptionRef } from "effect"
import type { EventLogContract } from "../../EventLogContract.ts"
import { legacyMetadataKeys, legacyEvents } from "../derive/legacyEvents.ts"
import type { PollerOptions } from "./poller.ts"

export const legacyEventsSourceName = "legacy_events"

/** Networks that were polled before: the first poll of one produces no events. */
export const LegacyEventsCheckpoint = Schema.Struct({ known: Schema.Array(Schema.Int) })
export type LegacyEventsCheckpoint = typeof LegacyEventsCheckpoint.Type

interface LegacyEventsPage {
  readonly network: NetworkId | null
  readonly rows: ReadonlyArray<LegacyEvent>
}

/**
 * Polls the event list of the legacy API, one network per poll in turn, so that the number of requests does not grow
 * with the number of networks. The current cloud has withdrawn the list, which switches this poller off.
 */
export const legacyEventsPoller = (options: {
  readonly api: BlinkApi["Service"]
  readonly log: EventLogContract
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly checkpoint: LegacyEventsCheckpoint | null
  readonly pollHomescreen: Effect.Effect<void>
  readonly interval: PollerOptions<unknown>["interval"]
}): PollerOptions<LegacyEventsPage> => {
  let { known } = options.checkpoint ?? { known: [] }
  let nextIndex = 0
  return {
    name: legacyEventsSourceName,
    fetch: Effect.gen(function* () {
      const { networks } = yield* SubscriptionRef.get(options.state)
      const network = networks[nextIndex % Math.max(1, networks.length)]?.id ?? null
      nextIndex += 1
      if (network === null) return { network, rows: [] }
      return { network, rows: yield* options.api.legacyEvents(network) }
    }),
    reduce: ({ network, rows }, _diffState, { account }) =>
      Effect.gen(function* () {
        if (network === null) return {}
        const knownMetadata = yield* options.log.getMetadata(account, legacyMetadataKeys(rows, network))
        const observedAt = timestampFromMillis(yield* Clock.currentTimeMillis)
        const baseline = !known.includes(network)
        const derived = legacyEvents(rows, knownMetadata, { account, network, observedAt, baseline })
        if (derived.shouldPollHomescreen) yield* options.pollHomescreen
        if (!baseline) return { events: derived.events, metadata: derived.metadata }
        const after = [...known, network]
        return {
          events: derived.events,
          metadata: derived.metadata,
          checkpoints: [{ source: legacyEventsSourceName, value: { known: after } }],
          onCommitted: () => {
            known = after
          },
        }
      }),
    interval: options.interval,
  }
}
