import {
  AccountId,
  type CursorEvent,
  type EventKind,
  type RecordedEvent,
  type Seq,
} from "@blink-streams/model"
import { Effect, Semaphore, Stream } from "effect"
import type { Delivery, ReaderOptions } from "../../AccountMonitorContract.ts"
import type { EventLogContract, LogReader } from "../../EventLogContract.ts"
import type { LogError } from "../../LogError.ts"
import { eventFilter } from "../monitor/eventFilter.ts"
import { withCursor } from "../monitor/withCursor.ts"
import { HandledEvents } from "./HandledEvents.ts"
import { lostEvents } from "./lostEvents.ts"

/** Owner of the readers over all accounts of a log. The cloud has no such id. */
export const allAccounts = AccountId.make(0)

/** Events that one reader may have delivered and not handled. It waits at this limit. */
const maxUnhandled = 1000

/** Everything after `after`. What the log has deleted before it was read is replaced by one `gap`, never left out. */
const recordedOrLost = (
  log: EventLogContract,
  account: AccountId,
  after: Seq,
): Stream.Stream<RecordedEvent, LogError> => {
  let last = after
  return log.follow(after).pipe(
    Stream.map((recorded) => {
      last = recorded.seq
      return recorded
    }),
    Stream.catchReason("LogError", "CursorExpired", () =>
      Stream.unwrap(
        Effect.map(lostEvents(log, account, last), (gap) =>
          Stream.concat(Stream.succeed(gap), recordedOrLost(log, account, gap.seq)),
        ),
      ),
    ),
  )
}

/** Hands out the events of an open reader one by one and moves its position as they are handled. */
const makeDeliver = <Kind extends EventKind>(reader: LogReader, options: ReaderOptions<Kind>) => {
  const events = new HandledEvents(reader.start)
  const slots = Semaphore.makeUnsafe(maxUnhandled)
  const handled = (seq: Seq) =>
    Effect.suspend(() => {
      const before = events.position
      if (!events.handle(seq)) return Effect.void
      const { position } = events
      return Effect.andThen(slots.release(1), moveTo(position, position !== before))
    })
  const moveTo = Effect.fnUntraced(function* (position: Seq, moved: boolean) {
    if (!moved) return
    yield* reader.moveTo(position, "handled")
    if (options.save === "each") yield* reader.save
  })
  return {
    deliver: (seq: Seq, event: Delivery<Kind>["event"]) =>
      Effect.map(slots.take(1), (): Delivery<Kind> => {
        events.deliver(seq)
        return { event, handled: handled(seq) }
      }),
    skip: (seq: Seq) =>
      Effect.suspend(() => {
        events.passOver(seq)
        return Effect.as(reader.moveTo(events.position, "filtered"), null)
      }),
  }
}

const isGap = (event: CursorEvent): event is CursorEvent<"gap"> => event.kind === "gap"

/**
 * Emits the events of a reader of one account, or of all with `null`, from its position on; see `deliveries` of
 * `AccountMonitor`. A `gap` is emitted whatever `kinds` says.
 */
export const readerEvents = <Kind extends EventKind = EventKind>(
  log: EventLogContract,
  account: AccountId | null,
  options: ReaderOptions<Kind>,
): Stream.Stream<Delivery<Kind>, LogError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const owner = account ?? allAccounts
      const reader = yield* log.openReader({ account: owner, name: options.reader, since: options.since })
      const { newest } = yield* log.bounds
      const isRequested = eventFilter(account, options)
      const isOfAccount = eventFilter(account, {})
      const { deliver, skip } = makeDeliver(reader, options)
      return recordedOrLost(log, owner, reader.start).pipe(
        Stream.mapEffect((recorded): Effect.Effect<Delivery<Kind> | null> => {
          const event = withCursor(recorded, recorded.seq <= newest)
          const isDelivered = isRequested(event) || (isGap(event) && isOfAccount(event))
          return isDelivered ? deliver(recorded.seq, event) : skip(recorded.seq)
        }),
        Stream.filter((delivery) => delivery !== null),
      )
    }),
  )
