import type { Seq } from "@blink-streams/model"
import type { Filter, Subscribe } from "@blink-streams/protocol"
import type { Permissions } from "../../Permissions.ts"
import type { SubscriptionGroup } from "./SubscriptionGroup.ts"

/** Where frames go. The hub knows no socket library. */
export interface FrameSink {
  /** Hands bytes over; what the system does not take at once waits in this process. */
  write(frames: Buffer): void
  /** Bytes that wait. */
  readonly queuedBytes: number
  /** Calls once, when the system has taken all that waited. */
  onceDrained(onDrained: () => void): void
  /** Writes between the two calls leave together. */
  cork(): void
  uncork(): void
  /** Takes no more messages from the peer until `resume`. */
  pause(): void
  resume(): void
  /** Asks for a sign of life; two that went unanswered close with 4408. */
  ping(): void
  close(code: number, reason: string): void
  /** Without a word. */
  destroy(): void
}

/** Some subscriptions of one peer that are at the same place of the log. */
export interface SubscriptionCursor {
  readonly subscriber: Subscriber
  group: SubscriptionGroup
  subscriptions: ReadonlyArray<Subscribe>
  /** `live`: gets each batch as it is committed. `log`: is served from the log, at its own pace. */
  mode: "live" | "log"
  /** Everything up to here was handed to the outlet; counts in mode `log`. */
  sentUpTo: Seq
  /** Events up to here are marked `replayed`. */
  replayedUntil: number
  /** A fiber is serving it. */
  draining: boolean
}

/** One authenticated peer, as the hub sees it. */
export interface Subscriber {
  readonly permissions: Permissions
  readonly sink: FrameSink
  readonly capabilities: ReadonlySet<string>
  /** Few; an array takes a third of the room of a set. */
  cursors: ReadonlyArray<SubscriptionCursor>
  /** A state was kept back while the peer was behind. */
  stateSkipped: boolean
  /** Since when more than allowed waits for it, and how much did; `null` when it keeps up. */
  backpressured: { readonly since: number; queuedBytes: number } | null
  closed: boolean
}

/** Filters of the subscriptions that show a state; `null` when none does. */
export const stateFilters = (subscriber: Subscriber): ReadonlyArray<Filter> | null => {
  if (!subscriber.capabilities.has("state")) return null
  const filters = subscriber.cursors.flatMap(({ subscriptions }) =>
    subscriptions.filter(({ snapshot }) => snapshot !== "none").map(({ filter }) => filter ?? {}),
  )
  return filters.length === 0 ? null : filters
}

/** Whether something is still on its way to this peer: of the log, or bytes that it does not take. */
export const isBehind = (subscriber: Subscriber): boolean =>
  subscriber.backpressured !== null || subscriber.cursors.some(({ mode }) => mode === "log")
