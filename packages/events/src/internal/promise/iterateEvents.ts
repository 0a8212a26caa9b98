import type { CursorEvent, EventKind } from "@blink-streams/model"
import { Effect, Fiber, Stream } from "effect"
import type {
  AccountMonitorContract,
  Delivery,
  EventsOptions,
  ReaderOptions,
} from "../../AccountMonitorContract.ts"
import type { LogError } from "../../LogError.ts"
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

/**
 * Reads events with or without a reader, until `closed` completes. "Now" is the time of the call: what happens before the
 * first `next` is read from the log.
 */
export const makeIterateEvents = (
  source: Pick<AccountMonitorContract, "events" | "deliveries" | "newestCursor">,
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
    const called = Effect.runFork(source.newestCursor)
    const from = <A>(read: (since: NonNullable<EventsOptions["since"]>) => Stream.Stream<A, LogError>) =>
      Stream.unwrap(Effect.map(Fiber.join(called), (cursor) => read(options.since ?? cursor)))
    return "reader" in options
      ? iterateHandled(
          iterateUntil(
            from((since) => source.deliveries({ ...options, since })),
            closed,
            signal,
          ),
        )
      : iterateUntil(
          from((since) => source.events({ ...options, since })),
          closed,
          signal,
        )
  }
  return events
}
