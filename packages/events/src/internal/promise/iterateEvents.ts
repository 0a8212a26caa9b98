import type { CursorEvent, EventKind } from "@blink-streams/model"
import type { Effect } from "effect"
import type {
  AccountMonitorContract,
  Delivery,
  EventsOptions,
  ReaderOptions,
} from "../../AccountMonitorContract.ts"
import type { CallOptions } from "./CallOptions.ts"
import { iterateHandled } from "./iterateHandled.ts"
import { iterateUntil } from "./iterateUntil.ts"

/** The `events` of the promise entry point. */
export interface IterateEvents {
  <Kind extends EventKind = EventKind>(
    options: ReaderOptions<Kind> & CallOptions,
  ): AsyncIterable<Delivery<Kind>["event"]>
  <Kind extends EventKind = EventKind>(
    options?: EventsOptions<Kind> & CallOptions,
  ): AsyncIterable<CursorEvent<Kind>>
}

/** Reads events with or without a reader, until `closed` completes. */
export const makeIterateEvents = (
  source: Pick<AccountMonitorContract, "events" | "deliveries">,
  closed: Effect.Effect<void>,
): IterateEvents => {
  function events<Kind extends EventKind = EventKind>(
    options: ReaderOptions<Kind> & CallOptions,
  ): AsyncIterable<Delivery<Kind>["event"]>
  function events<Kind extends EventKind = EventKind>(
    options?: EventsOptions<Kind> & CallOptions,
  ): AsyncIterable<CursorEvent<Kind>>
  function events<Kind extends EventKind>({
    signal,
    ...options
  }: (EventsOptions<Kind> | ReaderOptions<Kind>) & CallOptions = {}): AsyncIterable<Delivery<Kind>["event"]> {
    return "reader" in options
      ? iterateHandled(iterateUntil(source.deliveries(options), closed, signal))
      : iterateUntil(source.events(options), closed, signal)
  }
  return events
}
