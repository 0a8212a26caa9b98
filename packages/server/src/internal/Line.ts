import type { Seq } from "@blink-streams/model"
import type { Filter, Subscribe } from "@blink-streams/protocol/ClientMessage"
import type { Grant } from "../Grant.ts"
import type { Shape } from "./Shape.ts"

/** Where frames go. The hub knows no socket library. */
export interface Outlet {
  /** Hands bytes over; what the system does not take at once waits in this process. */
  write(frames: Buffer): void
  /** Bytes that wait. */
  readonly waiting: number
  /** Calls once, when the system has taken all that waited. */
  onceDrained(drained: () => void): void
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
export interface Reader {
  readonly line: Line
  shape: Shape
  subscriptions: ReadonlyArray<Subscribe>
  /** `live`: gets each batch as it is committed. `log`: is served from the log, at its own pace. */
  mode: "live" | "log"
  /** Everything up to here was handed to the outlet; counts in mode `log`. */
  sent: Seq
  /** Events up to here are marked `replayed`. */
  replayedUntil: number
  /** A fiber is serving it. */
  pumping: boolean
}

/** One authenticated peer, as the hub sees it. */
export interface Line {
  readonly grant: Grant
  readonly outlet: Outlet
  readonly capabilities: ReadonlySet<string>
  /** Few; an array takes a third of the room of a set. */
  readers: ReadonlyArray<Reader>
  /** A state was kept back while the peer was behind. */
  missedState: boolean
  /** Since when more than allowed waits for it, and how much did; `null` when it keeps up. */
  stuck: { readonly since: number; waiting: number } | null
  closed: boolean
}

/** Filters of the subscriptions that show a state; `null` when none does. */
export const stateFilters = (line: Line): ReadonlyArray<Filter> | null => {
  if (!line.capabilities.has("state")) return null
  const filters = line.readers.flatMap(({ subscriptions }) =>
    subscriptions.filter(({ snapshot }) => snapshot !== "none").map(({ filter }) => filter ?? {}),
  )
  return filters.length === 0 ? null : filters
}

/** Whether something is still on its way to this peer: of the log, or bytes that it does not take. */
export const isBehind = (line: Line): boolean =>
  line.stuck !== null || line.readers.some(({ mode }) => mode === "log")
