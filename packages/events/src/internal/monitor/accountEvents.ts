import type { AccountId, CursorEvent, EventKind } from "@blink-streams/model"
import { parseCursor } from "@blink-streams/model"
import { Effect, Stream } from "effect"
import type { EventsOptions } from "../../AccountMonitorContract.ts"
import type { EventLogContract } from "../../EventLogContract.ts"
import { CursorExpired, LogError } from "../../LogError.ts"
import { withCursor } from "./withCursor.ts"

/** Emits the events of one account in a log; see `events` of `AccountMonitor`. */
export const accountEvents = <Kind extends EventKind = EventKind>(
  log: EventLogContract,
  account: AccountId,
  { since, kinds, backfilled = since === "beginning" }: EventsOptions<Kind>,
): Stream.Stream<CursorEvent<Kind>, LogError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { oldest, newest } = yield* log.bounds
      const position = since === undefined ? { epoch: log.epoch, seq: newest } : parseCursor(since)
      if (position?.epoch !== log.epoch)
        return yield* new LogError({ operation: "events", reason: new CursorExpired({ oldest }) })
      const requestedKinds = kinds === undefined ? null : new Set<EventKind>(kinds)
      const isRequested = (event: CursorEvent): event is CursorEvent<Kind> =>
        event.subject.account === account &&
        (requestedKinds === null || requestedKinds.has(event.kind)) &&
        (backfilled || event.backfilled !== true)
      return log.follow(position.seq).pipe(
        Stream.map((recorded) => withCursor(recorded, recorded.seq <= newest)),
        Stream.filter(isRequested),
      )
    }),
  )
