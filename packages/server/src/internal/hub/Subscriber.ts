import type { Seq } from "@blink-streams/model"
import type { Filter, Subscribe } from "@blink-streams/protocol"
import { Context, Layer } from "effect"
import type { Permissions } from "../../Permissions.ts"
import type { SubscriptionGroup } from "../replay/SubscriptionGroup.ts"
import type { FrameSink } from "../socket/FrameSink.ts"

/** Position in the log that some subscriptions of one peer share. */
export interface SubscriptionCursor {
  readonly subscriber: Subscriber
  group: SubscriptionGroup
  subscriptions: ReadonlyArray<Subscribe>
  /** `live`: receives each batch as it is committed. `replay`: reads pages of the log at its own pace. */
  mode: "live" | "replay"
  /** Position of the last event written to the sink. Only maintained in mode `replay`. */
  sentUpTo: Seq
  /** Events up to this position are marked `replayed`. */
  replayedUntil: number
  /** True while a fiber drains the cursor. */
  draining: boolean
}

/** An authenticated peer in the hub. */
export interface Subscriber {
  readonly permissions: Permissions
  readonly sink: FrameSink
  readonly capabilities: ReadonlySet<string>
  /** Only a few, and an array needs a third of the memory of a set. */
  cursors: ReadonlyArray<SubscriptionCursor>
  /** True when a state was skipped while the peer was behind. */
  stateSkipped: boolean
  /** Set while too many bytes are queued: time and queue size of the last progress. `null` when the peer keeps up. */
  backpressured: { readonly since: number; queuedBytes: number } | null
  closed: boolean
}

/** All subscribers of the server. */
export class Subscribers extends Context.Service<Subscribers, Set<Subscriber>>()(
  "@blink-streams/server/Subscribers",
) {
  static readonly layer: Layer.Layer<Subscribers> = Layer.sync(Subscribers, () => new Set())
}

/** Returns the filters of the subscriptions that receive states; `null` when there are none. */
export const stateFilters = (subscriber: Subscriber): ReadonlyArray<Filter> | null => {
  if (!subscriber.capabilities.has("state")) return null
  const filters = subscriber.cursors.flatMap(({ subscriptions }) =>
    subscriptions.filter(({ snapshot }) => snapshot !== "none").map(({ filter }) => filter ?? {}),
  )
  return filters.length === 0 ? null : filters
}

/** True while the peer is backpressured or reads from the log. */
export const isBehind = (subscriber: Subscriber): boolean =>
  subscriber.backpressured !== null || subscriber.cursors.some(({ mode }) => mode === "replay")
