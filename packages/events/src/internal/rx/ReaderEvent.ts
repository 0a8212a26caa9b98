import type { EventKind } from "@blink-streams/model"
import { toObservable } from "@blink-streams/rx"
import { Context, Effect, Stream } from "effect"
import { map, type Observable } from "rxjs"
import type { Delivery } from "../../AccountMonitorContract.ts"
import type { LogError } from "../../LogError.ts"
import { deepFreeze } from "./deepFreeze.ts"

interface Acknowledged {
  /** Marks the event as handled. The reader's position moves up to the first event that is not. */
  readonly ack: () => void
}

/** An event of a durable reader; a `gap` whatever kinds it reads. */
export type ReaderEvent<Kind extends EventKind = EventKind> = Delivery<Kind>["event"] & Acknowledged

const withAck = <Event>(event: Event, ack: () => void): Event & Acknowledged => deepFreeze({ ...event, ack })

/** The events of a reader as an observable, each with its `ack`. */
export const readerObservable = <Kind extends EventKind>(
  deliveries: Stream.Stream<Delivery<Kind>, LogError>,
): Observable<ReaderEvent<Kind>> =>
  // `retry` subscribes again before the first subscription has closed its reader.
  toObservable(Stream.unwrap(Effect.as(Effect.yieldNow, deliveries)), Context.empty()).pipe(
    map(({ event, handled }) => withAck(event, () => void Effect.runFork(handled))),
  )
